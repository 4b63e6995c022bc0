import type { Buffer } from "node:buffer";
import { headerSize, readLength } from "./length.ts";
import { emptyRow, isIndexLike, keepRaw, type Row, setAttribute } from "./row.ts";
import { latin1, type TextReader } from "./text.ts";

/** One sentence from the router. */
export interface Reply {
  /** First word: `!re`, `!done`, `!trap`, `!fatal`, `!empty` or what a later RouterOS adds. */
  readonly kind: string;
  readonly tag: string | undefined;
  readonly row: Row;
  /** Words that are neither `=name=value` nor `.name=value`: the reason of a `!fatal`. */
  readonly bare: readonly string[];
}

/** A name seen before, its bytes as they stand on the wire, and the name that came after it last. */
interface KnownName {
  readonly text: string;
  readonly wire: Uint8Array;
  next: KnownName | undefined;
  /** The value it had last: most columns repeat it, and a string not made is not collected. */
  value: string;
  /** Its last byte, which tells most that differ without a closer look. */
  lastByte: number;
  /** Number of the last sentence it stood in: tells doubles without asking the row. */
  seenIn: number;
}

/**
 * Names repeat row after row in the same order, so each is guessed from the one before it and only
 * compared, not read. The table is shared by all sessions and bounded, since a peer chooses names.
 */
const known = new Map<string, KnownName>();
const MAX_KNOWN_NAMES = 4096;
const MAX_KNOWN_LENGTH = 64;
const FIRST: KnownName = {
  text: "",
  wire: new Uint8Array(0),
  next: undefined,
  value: "",
  lastByte: 0,
  seenIn: 0,
};
/** Longer values are not remembered: the table would hold them for ever. */
const MAX_KNOWN_VALUE = 32;
let sentences = 0;
let lastTag = "";

const EQUALS = 0x3d;
const DOT = 0x2e;
const NONE: readonly string[] = [];
const ROW_KIND = Uint8Array.of(0x21, 0x72, 0x65);
const TAG_NAME = new TextEncoder().encode(".tag=");

function know(text: string): KnownName | undefined {
  const found = known.get(text);
  if (found) return found;
  if (
    text.length > MAX_KNOWN_LENGTH || known.size >= MAX_KNOWN_NAMES || isIndexLike(text)
  ) return undefined;
  const wire = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) wire[i] = text.charCodeAt(i);
  wire[text.length] = EQUALS;
  const name: KnownName = { text, wire, next: undefined, value: "", lastByte: EQUALS, seenIn: 0 };
  known.set(text, name);
  return name;
}

function startsWith(bytes: Buffer, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}

/** Where the name that starts at `from` ends (its `=`, or `end` when the word has none). */
function endOfName(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== EQUALS) at++;
  return at;
}

/** Reads the sentence in `bytes[start..end)`. Never throws: what is not an attribute is `bare`. */
export function readReply(
  bytes: Buffer,
  start: number,
  end: number,
  ascii: boolean,
  text: TextReader,
): Reply {
  // One conversion for the sentence; the words are cut out of it. Not one for the whole chunk:
  // a kept value would then hold 64 KiB alive.
  const whole = ascii ? latin1(bytes, start, end) : "";
  const cut = (from: number, to: number) =>
    ascii ? whole.substring(from - start, to - start) : text.read(bytes, from, to);
  const row = emptyRow();
  const sentence = ++sentences;
  let kind = "";
  let tag: string | undefined;
  let bare: string[] | undefined;
  let last: KnownName | undefined = FIRST;
  /** False as soon as the row alone cannot tell what was sent, and in which order. */
  let simple = true;
  for (let at = start, first = true; at < end; first = false) {
    const lead = bytes[at]!;
    const size = lead < 0x80 ? 1 : headerSize(lead);
    const from = at + size;
    const to = from + (size === 1 ? lead : readLength(bytes, at, size));
    at = to;
    if (first) {
      kind = startsWith(bytes, from, ROW_KIND) && to === from + 3 ? "!re" : cut(from, to);
    } else if (bytes[from] === EQUALS) {
      let entry: KnownName | undefined = last?.next;
      let name: string;
      let equals: number;
      if (entry && startsWith(bytes, from + 1, entry.wire) && from + entry.wire.length < to) {
        name = entry.text;
        equals = from + entry.wire.length;
      } else {
        equals = endOfName(bytes, from + 1, to);
        name = cut(from + 1, equals);
        entry = ascii ? know(name) : undefined;
        if (entry) name = entry.text;
        if (last) last.next = entry;
      }
      const valueFrom = Math.min(equals + 1, to);
      let value: string;
      if (!ascii) value = text.read(bytes, valueFrom, to);
      else if (
        entry && entry.lastByte === bytes[to - 1] && entry.value.length === to - valueFrom &&
        whole.startsWith(entry.value, valueFrom - start)
      ) value = entry.value;
      else {
        value = whole.substring(valueFrom - start, to - start);
        if (entry && value.length <= MAX_KNOWN_VALUE) {
          entry.value = value;
          entry.lastByte = bytes[to - 1]!;
        }
      }
      if (simple && entry && entry.seenIn !== sentence) row[name] = value;
      else simple = setAttribute(row, name, value);
      if (!ascii && text.usedFallback) {
        keepRaw(row, name, Uint8Array.prototype.slice.call(bytes, valueFrom, to));
      }
      if (entry) entry.seenIn = sentence;
      last = entry;
    } else if (ascii && startsWith(bytes, from, TAG_NAME)) {
      const length = to - from - TAG_NAME.length;
      if (length !== lastTag.length || !whole.startsWith(lastTag, to - length - start)) {
        lastTag = whole.substring(to - length - start, to - start);
      }
      tag = lastTag;
    } else if (bytes[from] === DOT) {
      const equals = endOfName(bytes, from, to);
      const name = cut(from, equals);
      const value = cut(Math.min(equals + 1, to), to);
      if (name === ".tag") tag = value;
      else simple = setAttribute(row, name, value);
    } else {
      (bare ??= []).push(cut(from, to));
    }
  }
  return { kind, tag, row, bare: bare ?? NONE };
}
