import { SyntaxTrap } from "./syntax.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  _: " ",
  '"': '"',
  "\\": "\\",
  $: "$",
  "?": "?",
};
const WORD_ENDS = new Set([...' \t\r\n;"[]{}()$']);

/** Reads a script character by character. */
export class Reader {
  at = 0;
  constructor(readonly text: string) {}

  get next(): string {
    return this.text[this.at] ?? "";
  }
  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }
  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  get line(): number {
    let line = 1;
    for (let i = 0; i < this.at && i < this.text.length; i++) if (this.text[i] === "\n") line++;
    return line;
  }

  /** The error to throw. */
  fail(message: string, at = this.at): SyntaxTrap {
    const before = this.text.slice(0, at);
    const line = before.split("\n").length;
    return new SyntaxTrap(message, line, at - before.lastIndexOf("\n"));
  }

  /** A backslash at the end of a line, and the blanks the next one begins with. */
  #continuation(): number {
    const match = /^\\\r?\n[ \t]*/.exec(this.text.slice(this.at, this.at + 200));
    return match ? match[0].length : 0;
  }

  /** Goes on to the next line where this one is broken. */
  broken(): void {
    this.at += this.#continuation();
  }

  blanks(): boolean {
    const from = this.at;
    for (;;) {
      if (this.next === " " || this.next === "\t" || this.next === "\r") this.at++;
      else if (this.next === "\\" && this.#continuation() > 0) this.at += this.#continuation();
      else return this.at > from;
    }
  }

  /** Blanks, ends of lines, semicolons and comments between statements. */
  gap(): void {
    for (;;) {
      this.blanks();
      if (this.next === "\n" || this.next === ";") this.at++;
      else if (!this.startsWith("#")) return;
      else while (!this.isAtEnd && !this.startsWith("\n")) this.at++;
    }
  }

  /** Blanks and ends of lines, inside brackets. */
  space(): void {
    while (this.blanks() || this.next === "\n") if (this.next === "\n") this.at++;
  }

  /** Characters up to a blank or a bracket; `stops` end it too. */
  word(stops = ""): string {
    let word = "";
    for (;;) {
      const char = this.next;
      if (char === "\\") {
        const skipped = this.#continuation();
        if (skipped === 0) throw this.fail("syntax error");
        this.at += skipped;
        continue;
      }
      if (char === "" || WORD_ENDS.has(char) || stops.includes(char)) return word;
      word += char;
      this.at++;
    }
  }

  /** A name as arguments and properties have it. */
  name(): string {
    const match = /^[A-Za-z0-9._-]+/.exec(this.text.slice(this.at, this.at + 100));
    if (!match) return "";
    this.at += match[0].length;
    return match[0];
  }

  /**
   * A string behind its opening quote, up to and with the closing one.
   *
   * @param embedded reads what stands behind a `$`
   */
  string<T>(embedded: () => T): (string | T)[] {
    const parts: (string | T)[] = [];
    const from = this.at;
    let text = "";
    for (;;) {
      const char = this.next;
      if (char === "") throw this.fail("expected closing quote", from);
      if (char === '"') break;
      if (char === "$") {
        this.at++;
        parts.push(text, embedded());
        text = "";
        continue;
      }
      if (char !== "\\") {
        text += char;
        this.at++;
        continue;
      }
      const skipped = this.#continuation();
      if (skipped > 0) {
        this.at += skipped;
        continue;
      }
      text += this.#escape();
    }
    this.at++;
    parts.push(text);
    return parts;
  }

  #escape(): string {
    const hex = /^[0-9A-F]{2}/.exec(this.text.slice(this.at + 1, this.at + 3));
    if (hex) {
      this.at += 3;
      return String.fromCharCode(parseInt(hex[0], 16));
    }
    const char = ESCAPES[this.text[this.at + 1] ?? ""];
    if (char === undefined) throw this.fail("syntax error");
    this.at += 2;
    return char;
  }
}
