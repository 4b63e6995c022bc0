import { unescapeText } from "@/core/wire/routeros/export/value_text.ts";

/**
 * Where a value stands in a RouterOS script, which decides how it is written:
 * - `quoted`: between quotes; `remark`: in a comment;
 * - `whole`: all of an attribute's value; `part`: beside other text of one;
 * - `item`: the item that a command is about;
 * - `nested`: in a script that the router keeps and runs later; `nested_quoted`: there, between quotes;
 * - `nowhere`: where it would be a menu, a command or an attribute's name.
 */
export type Spot =
  | ("quoted" | "remark" | "whole" | "part" | "item")
  | ("nested" | "nested_quoted" | "nowhere");

const BREAKS = new Set([" ", "\t", "\r", "\n", ";", "[", "]", "(", ")", "{", "}"]);
const ENDS_COMMAND = new Set(["\n", ";", "[", "]", "(", ")", "{", "}"]);
/** Commands whose first word without `=` is an item. */
const OF_ITEMS = new Set(["set", "remove", "unset", "move", "enable", "disable", "reset"]);
/** Attributes whose value is run: `on-event`, `source`, `lease-script`. */
const OF_SCRIPTS = /^[\w.-]*\b(?:source|on-[\w-]+|(?:[\w-]+-)?script|on-event)=/;
const OF_VALUES = /^[a-zA-Z.][\w.-]*=/;

/** Follows a script as it is read, as far as quotes, comments and words go. */
export class ScriptScanner {
  #isQuoted = false;
  #isRemark = false;
  /** The last character was a backslash that takes the next one's meaning. */
  #isEscaped = false;
  /** Of `{` and `(`: what stands within is code, or an expression. */
  #depth = 0;
  /** The word so far; a value counts as one character that is no break. */
  #word = "";
  /** Words of this command before it. */
  #words: string[] = [];

  /** What a section's end must find as its beginning did. */
  get state(): string {
    return `${this.#isQuoted} ${this.#isRemark} ${this.#isEscaped} ${this.#depth}`;
  }

  read(text: string): void {
    for (const char of text) this.#take(char);
  }

  /** Where a value that comes now would stand; `next` is the character behind it. */
  spotFor(next: string | undefined): Spot {
    if (this.#isRemark) return "remark";
    if (this.#isEscaped || this.#depth > 0) return "nowhere";
    if (OF_SCRIPTS.test(this.#word)) return this.#nestedSpot();
    if (this.#isQuoted) return "quoted";
    const isEnd = next === undefined || BREAKS.has(next);
    if (OF_VALUES.test(this.#word)) return isEnd && this.#word.endsWith("=") ? "whole" : "part";
    const isItem = this.#word === "" && isEnd && OF_ITEMS.has(this.#words.at(-1) ?? "");
    return isItem ? "item" : "nowhere";
  }

  /** A value was written here. */
  passValue(): void {
    if (!this.#isRemark) this.#word += "v";
  }

  /** The script within is read as the router will read it when it runs. */
  #nestedSpot(): Spot {
    if (!this.#isQuoted) return this.#word.endsWith("=") ? "nested" : "nowhere";
    const inner = new ScriptScanner();
    inner.read(unescapeText(this.#word.slice(this.#word.indexOf('"') + 1)));
    const spot = inner.spotFor(undefined);
    if (spot === "quoted") return "nested_quoted";
    return inner.#isEscaped || spot === "nested_quoted" ? "nowhere" : "nested";
  }

  #take(char: string): void {
    if (this.#isRemark) {
      if (char === "\n") this.#endCommand();
    } else if (this.#isEscaped) {
      this.#isEscaped = false;
      // A line that goes on below: the word may have ended, the command has not.
      if (char === "\n" && !this.#isQuoted) this.#endWord();
      else if (char === "\r") this.#isEscaped = true;
      else this.#word += `\\${char}`;
    } else if (char === "\\") {
      this.#isEscaped = true;
    } else if (this.#isQuoted) {
      this.#isQuoted = char !== '"';
      this.#word += char;
    } else if (char === '"') {
      this.#isQuoted = true;
      this.#word += char;
    } else if (char === "#" && this.#word === "" && this.#words.length === 0) {
      this.#isRemark = true;
    } else if (BREAKS.has(char)) {
      if (char === "{" || char === "(") this.#depth += 1;
      else if (char === "}" || char === ")") this.#depth = Math.max(0, this.#depth - 1);
      if (ENDS_COMMAND.has(char)) this.#endCommand();
      else this.#endWord();
    } else {
      this.#word += char;
    }
  }

  #endWord(): void {
    if (this.#word !== "") this.#words.push(this.#word);
    this.#word = "";
  }

  #endCommand(): void {
    this.#word = "";
    this.#words = [];
    this.#isRemark = false;
  }
}
