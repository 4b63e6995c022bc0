import { ValueParser } from "./parse_values.ts";
import type { Node } from "./syntax.ts";

const COMPARE = ["!=", "<=", ">=", "=", "<", ">", "~"] as const;
/** Reads the conditions behind `find` and `where`. */
export abstract class WhereParser extends ValueParser {
  protected where(): Node {
    const { reader } = this;
    const from = reader.at;
    if (reader.name() !== "where" || reader.next === "=") reader.at = from;
    return this.either();
  }

  protected either(): Node {
    let left = this.both();
    while (this.takes("or", "||")) {
      left = { kind: "binary", op: "or", left, right: this.both() };
    }
    return left;
  }

  protected both(): Node {
    let left = this.condition();
    for (;;) {
      // Conditions beside each other must all hold.
      const isTold = this.takes("and", "&&");
      if (!isTold && (!this.hasArgument() || this.isAhead("or", "||"))) return left;
      left = { kind: "binary", op: "and", left, right: this.condition() };
    }
  }

  protected isAhead(...signs: string[]): boolean {
    this.reader.blanks();
    return signs.some((sign) => this.reader.startsWith(sign) && this.isWhole(sign));
  }

  protected takes(...signs: string[]): boolean {
    if (!this.isAhead(...signs)) return false;
    this.reader.at += signs.find((sign) => this.reader.startsWith(sign))!.length;
    return true;
  }

  protected condition(): Node {
    const { reader } = this;
    reader.blanks();
    if (reader.next === "!") {
      reader.at++;
      return { kind: "not", of: this.condition() };
    }
    if (this.takes("not")) return { kind: "not", of: this.condition() };
    if (reader.next === "(") {
      reader.at++;
      const inner = this.either();
      reader.blanks();
      if (!reader.startsWith(")")) throw reader.fail("expected closing parenthesis");
      reader.at++;
      return inner;
    }
    if (reader.next === "[" || reader.next === "$") {
      const left = this.value();
      return this.compared(left);
    }
    const name = reader.name();
    if (!name) throw reader.fail("syntax error");
    return this.compared({ kind: "property", name });
  }

  protected compared(left: Node): Node {
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
    const right = this.value();
    return { kind: "binary", op, left, right };
  }
}
