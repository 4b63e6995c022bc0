import { Reader } from "./reader.ts";
import type { Argument, Commands, Node, Statement } from "./syntax.ts";

/** Global commands and the names of their arguments, those known by place first. */
const GLOBALS: Readonly<Record<string, readonly string[]>> = {
  put: ["message"],
  log: ["topics", "message"],
  error: ["message"],
  return: ["value"],
  delay: ["delay-time"],
  local: ["name", "value", "do"],
  global: ["name", "value", "do"],
  set: ["name", "value", "do"],
  if: ["condition", "do", "else"],
  do: ["command", "while", "on-error"],
  while: ["condition", "do"],
  for: ["counter", "from", "to", "step", "do"],
  foreach: ["counter", "in", "do"],
  onerror: ["counter", "in", "do"],
  len: ["value"],
  tostr: ["value"],
  tonum: ["value"],
  tobool: ["value"],
  toarray: ["value"],
  typeof: ["value"],
  pick: ["value", "begin", "end"],
  find: ["in", "key", "from"],
  parse: ["script"],
  nothing: [],
};
const CODE = new Set(["do", "else", "on-error", "command"]);
const COMPARE = ["!=", "<=", ">=", "=", "<", ">", "~"] as const;
const LEVELS: readonly (readonly string[])[] = [
  ["or", "||"],
  ["and", "&&"],
  ["<=", ">=", "!=", "=", "<", ">", "~", "in"],
  [",", "."],
  ["+", "-"],
  ["*", "/", "%"],
];

/**
 * Takes a script apart. Unknown commands, arguments and signs are errors, before anything runs.
 *
 * @throws {SyntaxTrap}
 */
export function parse(text: string, commands: Commands, menu = ""): Statement[] {
  const parser = new Parser(new Reader(text), commands, menu);
  const body = parser.body("");
  if (!parser.reader.isAtEnd) throw parser.reader.fail("expected end of command");
  return body;
}

class Parser {
  constructor(readonly reader: Reader, readonly commands: Commands, private menu: string) {}

  /** Statements up to `end` (not taken), or to the end of the text. */
  body(end: "" | "}" | "]"): Statement[] {
    const { reader } = this;
    const statements: Statement[] = [];
    const menu = this.menu;
    for (;;) {
      reader.gap();
      if (reader.isAtEnd || end !== "" && reader.next === end) break;
      const statement = this.#statement();
      if (statement) statements.push(statement);
      reader.blanks();
      if (reader.isAtEnd || reader.next === "\n" || reader.next === ";") continue;
      if (end !== "" && reader.next === end) continue;
      throw reader.fail("expected end of command");
    }
    // A path on a line of its own holds to the end of what it stands in.
    if (end !== "") this.menu = menu;
    return statements;
  }

  #statement(): Statement | undefined {
    const { reader } = this;
    if (reader.next === "{") return { kind: "block", body: this.#block() };
    if (reader.next === ":") return this.#global();
    if (reader.next === "[" || reader.next === "$" || reader.next === "(") {
      return { kind: "value", value: this.#value() };
    }
    return this.#command();
  }

  /** `{ … }` as code. */
  #block(): Statement[] {
    this.reader.at++;
    const body = this.body("}");
    if (this.reader.next !== "}") throw this.reader.fail("expected closing brace");
    this.reader.at++;
    return body;
  }

  #global(): Statement {
    const { reader } = this;
    const { line, at } = reader;
    reader.at++;
    const name = reader.name();
    const names = Object.hasOwn(GLOBALS, name) ? GLOBALS[name]! : undefined;
    if (!names) {
      // `:execute`, `:resolve`: commands of the root are global too.
      if (!this.commands.argumentsOf("", name)) throw reader.fail(`bad command name ${name}`, at);
      return {
        kind: "command",
        menu: "",
        verb: name,
        line,
        where: undefined,
        args: this.#args("", name),
      };
    }
    const args: Argument[] = [];
    let place = 0;
    while (this.#hasArgument()) {
      const from = reader.at;
      const given = reader.name();
      if (given && reader.next === "=" && names.includes(given)) {
        reader.at++;
        args.push({ name: given, value: this.#argumentOf(given) });
        continue;
      }
      reader.at = from;
      const named = names[place++];
      if (named === undefined) throw reader.fail("expected end of command");
      args.push({ name: named, value: this.#argumentOf(named) });
    }
    return { kind: "global", name, args, line };
  }

  #argumentOf(name: string): Node {
    if (CODE.has(name) && this.reader.next === "{") return { kind: "code", body: this.#block() };
    if (name === "in" || name === "condition" || name === "while") this.reader.blanks();
    return this.#value();
  }

  #hasArgument(): boolean {
    const { reader } = this;
    reader.blanks();
    return !reader.isAtEnd && !"\n;}])".includes(reader.next);
  }

  /** A path, then a verb and its arguments; or a path alone, for what follows. */
  #command(): Statement | undefined {
    const { reader } = this;
    const { line, at } = reader;
    let path = reader.next === "/" ? "" : this.menu;
    for (;;) {
      const from = reader.at;
      const word = reader.word("=");
      if (word === "") throw reader.fail("syntax error", from);
      const parts = word.split("/").filter(Boolean);
      for (const [i, part] of parts.entries()) {
        if (part === "..") {
          path = path.slice(0, Math.max(0, path.lastIndexOf("/")));
        } else if (this.commands.isPath(`${path}/${part}`)) {
          path += `/${part}`;
        } else if (i === parts.length - 1 && this.commands.argumentsOf(path, part)) {
          return this.#verb(path, part, line);
        } else throw reader.fail(`bad command name ${part}`, at);
      }
      if (this.#hasArgument()) {
        if (reader.next !== "{") continue;
        const outer = this.menu;
        this.menu = path;
        const body = this.#block();
        this.menu = outer;
        return { kind: "block", body };
      }
      this.menu = path;
      return undefined;
    }
  }

  #verb(menu: string, verb: string, line: number): Statement {
    const outer = this.menu;
    // Inside the arguments, `[find …]` is of this menu.
    this.menu = menu;
    const { reader } = this;
    let where: Node | undefined;
    let args: Argument[] = [];
    if (verb === "find") {
      if (this.#hasArgument()) where = this.#where();
    } else {
      args = this.#args(menu, verb, () => {
        where = this.#where();
      });
    }
    this.menu = outer;
    if (reader.next === "=") throw reader.fail("syntax error");
    return { kind: "command", menu, verb, args, where, line };
  }

  #args(menu: string, verb: string, onWhere?: () => void): Argument[] {
    const { reader } = this;
    const names = this.commands.argumentsOf(menu, verb)!;
    let places = this.commands.placesOf(menu, verb).length;
    const args: Argument[] = [];
    while (this.#hasArgument()) {
      const from = reader.at;
      const isUnset = reader.next === "!";
      if (isUnset) reader.at++;
      const name = reader.name();
      if (name === "where" && onWhere && verb === "print" && reader.next !== "=") {
        onWhere();
        break;
      }
      if (name && reader.next === "=") {
        if (!names.has(name)) throw reader.fail("expected end of command", from);
        reader.at++;
        args.push({ name, value: this.#value() });
        continue;
      }
      if (isUnset) {
        if (!names.has(name)) throw reader.fail("expected end of command", from);
        args.push({ name, value: undefined, isUnset });
        continue;
      }
      const isFlag = names.has(name) && (reader.isAtEnd || /[\s;}\]]/.test(reader.next));
      if (isFlag && (verb === "print" || verb === "export" || FLAGS.has(name))) {
        args.push({ name, value: undefined });
        continue;
      }
      reader.at = from;
      if (places-- === 0) throw reader.fail("expected end of command");
      args.push({ name: undefined, value: this.#value() });
    }
    return args;
  }

  // --- values

  /** A value as an argument has it: a word up to a blank, a string, or something in brackets. */
  #value(): Node {
    const { reader } = this;
    reader.broken();
    switch (reader.next) {
      case '"':
        return this.#string();
      case "[":
        return this.#call();
      case "(":
        return this.#parenthesis();
      case "$":
        reader.at++;
        return this.#variable();
      case "{":
        return this.#list();
    }
    return { kind: "text", value: reader.word(), isQuoted: false };
  }

  #string(): Node {
    const { reader } = this;
    reader.at++;
    const parts = reader.string((): Node =>
      reader.next === "["
        ? this.#call()
        : reader.next === "("
        ? this.#parenthesis()
        : this.#variable()
    );
    if (parts.length === 1) return { kind: "text", value: parts[0] as string, isQuoted: true };
    return {
      kind: "join",
      parts: parts.map((part) =>
        typeof part === "string" ? { kind: "text", value: part, isQuoted: true } : part
      ),
    };
  }

  #variable(): Node {
    const { reader } = this;
    if (reader.next === '"') {
      const name = this.#string();
      if (name.kind !== "text") throw reader.fail("syntax error");
      return { kind: "variable", name: name.value };
    }
    const match = /^[A-Za-z0-9]+/.exec(reader.text.slice(reader.at, reader.at + 60));
    if (!match) throw reader.fail("syntax error");
    reader.at += match[0].length;
    return { kind: "variable", name: match[0] };
  }

  #call(): Node {
    this.reader.at++;
    const body = this.body("]");
    if (this.reader.next !== "]") throw this.reader.fail("expected closing bracket");
    this.reader.at++;
    return { kind: "call", body };
  }

  #list(): Node {
    const { reader } = this;
    reader.at++;
    const items: Node[] = [];
    for (;;) {
      reader.gap();
      if (reader.next === "}") break;
      if (reader.isAtEnd) throw reader.fail("expected closing brace");
      items.push(this.#value());
    }
    reader.at++;
    return { kind: "list", items };
  }

  #parenthesis(): Node {
    const { reader } = this;
    reader.at++;
    reader.space();
    if (reader.next === ")") {
      reader.at++;
      return { kind: "list", items: [] };
    }
    const node = this.#operation(0);
    reader.space();
    if (reader.next !== ")") throw reader.fail("expected closing parenthesis");
    reader.at++;
    return node;
  }

  #operation(level: number): Node {
    const { reader } = this;
    const ops = LEVELS[level];
    if (!ops) return this.#atom();
    let left = this.#operation(level + 1);
    for (;;) {
      reader.space();
      const op = ops.find((sign) => reader.startsWith(sign) && this.#isWhole(sign));
      if (!op) return left;
      reader.at += op.length;
      reader.space();
      left = { kind: "binary", op, left, right: this.#operation(level + 1) };
    }
  }

  /** Operators that are words stand apart. */
  #isWhole(sign: string): boolean {
    return !/^[a-z]/.test(sign) ||
      !/[\w-]/.test(this.reader.text[this.reader.at + sign.length] ?? "");
  }

  #atom(): Node {
    const { reader } = this;
    reader.space();
    if (reader.next === "!") {
      reader.at++;
      return { kind: "not", of: this.#atom() };
    }
    if (reader.startsWith("not") && this.#isWhole("not")) {
      reader.at += 3;
      return { kind: "not", of: this.#atom() };
    }
    if ('"[($'.includes(reader.next)) return this.#value();
    if (reader.next === "{") return this.#list();
    const match = /^-?[A-Za-z0-9*][A-Za-z0-9_:/*@-]*(?:\.[A-Za-z0-9_:/*-]+)*/
      .exec(reader.text.slice(reader.at, reader.at + 200));
    if (!match) throw reader.fail("syntax error");
    reader.at += match[0].length;
    return { kind: "text", value: match[0], isQuoted: false };
  }

  // --- where

  #where(): Node {
    const { reader } = this;
    const from = reader.at;
    if (reader.name() !== "where" || reader.next === "=") reader.at = from;
    return this.#either();
  }

  #either(): Node {
    let left = this.#both();
    while (this.#takes("or", "||")) {
      left = { kind: "binary", op: "or", left, right: this.#both() };
    }
    return left;
  }

  #both(): Node {
    let left = this.#condition();
    for (;;) {
      // Conditions beside each other must all hold.
      const isTold = this.#takes("and", "&&");
      if (!isTold && (!this.#hasArgument() || this.#isAhead("or", "||"))) return left;
      left = { kind: "binary", op: "and", left, right: this.#condition() };
    }
  }

  #isAhead(...signs: string[]): boolean {
    this.reader.blanks();
    return signs.some((sign) => this.reader.startsWith(sign) && this.#isWhole(sign));
  }

  #takes(...signs: string[]): boolean {
    if (!this.#isAhead(...signs)) return false;
    this.reader.at += signs.find((sign) => this.reader.startsWith(sign))!.length;
    return true;
  }

  #condition(): Node {
    const { reader } = this;
    reader.blanks();
    if (reader.next === "!") {
      reader.at++;
      return { kind: "not", of: this.#condition() };
    }
    if (this.#takes("not")) return { kind: "not", of: this.#condition() };
    if (reader.next === "(") {
      reader.at++;
      const inner = this.#either();
      reader.blanks();
      if (!reader.startsWith(")")) throw reader.fail("expected closing parenthesis");
      reader.at++;
      return inner;
    }
    if (reader.next === "[" || reader.next === "$") {
      const left = this.#value();
      return this.#compared(left);
    }
    const name = reader.name();
    if (!name) throw reader.fail("syntax error");
    return this.#compared({ kind: "property", name });
  }

  #compared(left: Node): Node {
    const { reader } = this;
    const from = reader.at;
    reader.blanks();
    const op = COMPARE.find((sign) => reader.startsWith(sign));
    if (!op) {
      reader.at = from;
      return left;
    }
    reader.at += op.length;
    reader.blanks();
    const right = this.#value();
    return { kind: "binary", op, left, right };
  }
}

/** Arguments without a value outside of print. */
const FLAGS = new Set([
  ...["as-string", "as-value", "verbose", "dry-run", "terse", "compact", "show-sensitive"],
  ...["hide-sensitive", "once", "count-only", "detail"],
]);
