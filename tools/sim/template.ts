import { Buffer } from "node:buffer";
import type { Live, Row } from "./live.ts";
import { encodeWord, lengthPrefix } from "./wire.ts";

/** Where a router puts `.tag` in a reply: clients must find it anywhere behind the first word. */
export type TagPlace = "first" | "second" | "last";

interface Slot {
  /** Offset in the fixed bytes before which the slot's word goes. */
  readonly at: number;
  /** `=name=` of a live value; empty for the tag. */
  readonly prefix: string;
  readonly live: Live | undefined;
}

let scratch = new Uint8Array(1 << 16);

/**
 * An answer encoded once: fixed bytes, and slots for the values that move and for the tag. Filling
 * it costs a copy and a few digits, which is what lets one process be thousands of routers.
 */
export class Template {
  readonly #fixed: Uint8Array;
  readonly #slots: readonly Slot[];

  constructor(sentences: Iterable<readonly (string | [string, Live])[]>, place: TagPlace) {
    let text = "";
    const slots: Slot[] = [];
    for (const words of sentences) {
      const tagAt = place === "first" ? 1 : place === "second" ? 2 : words.length;
      words.forEach((word, i) => {
        if (i === tagAt) slots.push({ at: text.length, prefix: "", live: undefined });
        if (typeof word === "string") text += encodeWord(word);
        else slots.push({ at: text.length, prefix: word[0], live: word[1] });
      });
      if (tagAt >= words.length) slots.push({ at: text.length, prefix: "", live: undefined });
      text += "\0";
    }
    this.#fixed = Buffer.from(text, "latin1");
    this.#slots = slots;
  }

  fill(tag: string | undefined, now: number): Uint8Array {
    const tagWord = tag === undefined ? "" : encodeWord(`.tag=${tag}`);
    let from = 0;
    let to = 0;
    for (const { at, prefix, live } of this.#slots) {
      to = copy(this.#fixed, from, at, to);
      from = at;
      if (live === undefined) to = write(tagWord, to);
      else {
        const value = live(now);
        to = write(lengthPrefix(prefix.length + value.length), to);
        to = write(prefix, to);
        to = write(value, to);
      }
    }
    to = copy(this.#fixed, from, this.#fixed.length, to);
    return scratch.slice(0, to);
  }
}

function room(needed: number): void {
  if (needed <= scratch.length) return;
  const larger = new Uint8Array(Math.max(needed, scratch.length * 2));
  larger.set(scratch);
  scratch = larger;
}

function copy(source: Uint8Array, from: number, end: number, to: number): number {
  const length = end - from;
  room(to + length);
  if (length > 48) scratch.set(source.subarray(from, end), to);
  else for (let i = 0; i < length; i++) scratch[to + i] = source[from + i]!;
  return to + length;
}

function write(text: string, to: number): number {
  room(to + text.length);
  for (let i = 0; i < text.length; i++) scratch[to + i] = text.charCodeAt(i);
  return to + text.length;
}

/** `!re` and the row's words; hidden (`$`) properties stay inside. */
export function rowWords(row: Row): (string | [string, Live])[] {
  const words: (string | [string, Live])[] = ["!re"];
  for (const name in row) {
    if (name.startsWith("$")) continue;
    const value = row[name]!;
    words.push(typeof value === "string" ? `=${name}=${value}` : [`=${name}=`, value]);
  }
  return words;
}
