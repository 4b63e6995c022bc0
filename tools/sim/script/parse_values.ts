import type { Reader } from "./reader.ts";
import type { Node, Statement } from "./syntax.ts";

const LEVELS: readonly (readonly string[])[] = [
  ["or", "||"],
  ["and", "&&"],
  ["<=", ">=", "!=", "=", "<", ">", "~", "in"],
  [",", "."],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Reads values: words, strings, variables, lists, what is in brackets. */
export abstract class ValueParser {
  constructor(readonly reader: Reader) {}

  /** Statements up to `end` (not taken), or to the end of the text. */
  abstract body(end: "" | "}" | "]"): Statement[];

  /** Whether something follows before the statement ends. */
  protected hasArgument(): boolean {
    const { reader } = this;
    reader.blanks();
    return !reader.isAtEnd && !"\n;}])".includes(reader.next);
  }

  /** A value as an argument has it: a word up to a blank, a string, or something in brackets. */
  protected value(): Node {
    const { reader } = this;
    reader.broken();
    switch (reader.next) {
      case '"':
        return this.string();
      case "[":
        return this.call();
      case "(":
        return this.parenthesis();
      case "$":
        reader.at++;
        return this.variable();
      case "{":
        return this.list();
    }
    return { kind: "text", value: reader.word(), isQuoted: false };
  }

  protected string(): Node {
    const { reader } = this;
    reader.at++;
    const parts = reader.string((): Node =>
      reader.next === "[" ? this.call() : reader.next === "(" ? this.parenthesis() : this.variable()
    );
    if (parts.length === 1) return { kind: "text", value: parts[0] as string, isQuoted: true };
    return {
      kind: "join",
      parts: parts.map((part) =>
        typeof part === "string" ? { kind: "text", value: part, isQuoted: true } : part
      ),
    };
  }

  protected variable(): Node {
    const { reader } = this;
    if (reader.next === '"') {
      const name = this.string();
      if (name.kind !== "text") throw reader.fail("syntax error");
      return { kind: "variable", name: name.value };
    }
    const match = /^[A-Za-z0-9]+/.exec(reader.text.slice(reader.at, reader.at + 60));
    if (!match) throw reader.fail("syntax error");
    reader.at += match[0].length;
    return { kind: "variable", name: match[0] };
  }

  protected call(): Node {
    this.reader.at++;
    const body = this.body("]");
    if (this.reader.next !== "]") throw this.reader.fail("expected closing bracket");
    this.reader.at++;
    return { kind: "call", body };
  }

  protected list(): Node {
    const { reader } = this;
    reader.at++;
    const items: Node[] = [];
    for (;;) {
      reader.gap();
      if (reader.next === "}") break;
      if (reader.isAtEnd) throw reader.fail("expected closing brace");
      items.push(this.value());
    }
    reader.at++;
    return { kind: "list", items };
  }

  protected parenthesis(): Node {
    const { reader } = this;
    reader.at++;
    reader.space();
    if (reader.next === ")") {
      reader.at++;
      return { kind: "list", items: [] };
    }
    const node = this.operation(0);
    reader.space();
    if (reader.next !== ")") throw reader.fail("expected closing parenthesis");
    reader.at++;
    return node;
  }

  protected operation(level: number): Node {
    const { reader } = this;
    const ops = LEVELS[level];
    if (!ops) return this.atom();
    let left = this.operation(level + 1);
    for (;;) {
      reader.space();
      const op = ops.find((sign) => reader.startsWith(sign) && this.isWhole(sign));
      if (!op) return left;
      reader.at += op.length;
      reader.space();
      left = { kind: "binary", op, left, right: this.operation(level + 1) };
    }
  }

  /** Operators that are words stand apart. */
  protected isWhole(sign: string): boolean {
    return !/^[a-z]/.test(sign) ||
      !/[\w-]/.test(this.reader.text[this.reader.at + sign.length] ?? "");
  }

  protected atom(): Node {
    const { reader } = this;
    reader.space();
    if (reader.next === "!") {
      reader.at++;
      return { kind: "not", of: this.atom() };
    }
    if (reader.startsWith("not") && this.isWhole("not")) {
      reader.at += 3;
      return { kind: "not", of: this.atom() };
    }
    if ('"[($'.includes(reader.next)) return this.value();
    if (reader.next === "{") return this.list();
    const match = /^-?[A-Za-z0-9*][A-Za-z0-9_:/*@-]*(?:\.[A-Za-z0-9_:/*-]+)*/
      .exec(reader.text.slice(reader.at, reader.at + 200));
    if (!match) throw reader.fail("syntax error");
    reader.at += match[0].length;
    return { kind: "text", value: match[0], isQuoted: false };
  }
}
