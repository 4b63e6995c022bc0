import { sizeOfLength, writeLength } from "./length.ts";

const utf8 = new TextEncoder();

/**
 * One sentence as it goes to the socket: every word with its length, then the empty word, in one
 * array, so that one write carries it whole. Text is sent as UTF-8; bytes go as they are.
 *
 * @throws {TypeError} on an empty word, which would end the sentence early
 */
export function encodeSentence(
  words: readonly (string | Uint8Array)[],
): Uint8Array<ArrayBuffer> {
  const encoded = words.map((word) => typeof word === "string" ? utf8.encode(word) : word);
  let total = 1;
  for (const word of encoded) {
    if (word.length === 0) throw new TypeError("Cannot send an empty word: it ends the sentence");
    total += sizeOfLength(word.length) + word.length;
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const word of encoded) {
    at = writeLength(out, at, word.length);
    out.set(word, at);
    at += word.length;
  }
  return out;
}
