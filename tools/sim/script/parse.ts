import { WhereParser } from "./parse_where.ts";
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

class Parser extends WhereParser {
  constructor(reader: Reader, readonly commands: Commands, private menu: string) {
    super(reader);
  }

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
      return { kind: "value", value: this.value() };
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
    while (this.hasArgument()) {
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
    return this.value();
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
      if (this.hasArgument()) {
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
      if (this.hasArgument()) where = this.where();
    } else {
      args = this.#args(menu, verb, () => {
        where = this.where();
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
    while (this.hasArgument()) {
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
        args.push({ name, value: this.value() });
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
      args.push({ name: undefined, value: this.value() });
    }
    return args;
  }
}

/** Arguments without a value outside of print. */
const FLAGS = new Set([
  ...["as-string", "as-value", "verbose", "dry-run", "terse", "compact", "show-sensitive"],
  ...["hide-sensitive", "once", "count-only", "detail"],
]);
