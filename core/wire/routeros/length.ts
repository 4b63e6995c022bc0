import { ProtocolError } from "./errors.ts";

/**
 * The length before every word of the RouterOS API: 1 to 5 bytes, big endian, whose leading
 * one-bits tell how many bytes follow. Source: MikroTik help, "API", "API words".
 *
 * | length               | bytes | first byte |
 * | -------------------- | ----- | ---------- |
 * | below 0x80           | 1     | 0xxxxxxx   |
 * | below 0x4000         | 2     | 10xxxxxx   |
 * | below 0x200000       | 3     | 110xxxxx   |
 * | below 0x10000000     | 4     | 1110xxxx   |
 * | below 0x100000000    | 5     | 11110000   |
 */

/** Bytes of the length header that starts with `lead`. Throws {@linkcode ProtocolError} on 0xF1–0xFF. */
export function headerSize(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc0) return 2;
  if (lead < 0xe0) return 3;
  if (lead < 0xf0) return 4;
  if (lead === 0xf0) return 5;
  throw new ProtocolError(
    `Cannot read a word: its length must start with 0x00 to 0xf0: current value is 0x${
      lead.toString(16)
    }${lead >= 0xf8 ? " (a reserved control byte)" : ""}`,
  );
}

/** Reads the length at `at`, whose `size` bytes are all there. Longer forms than needed are fine. */
export function readLength(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at]!;
  if (size === 1) return lead;
  // Not shifts: the four- and five-byte forms pass bit 31, where shifts turn negative.
  let length = size === 5 ? 0 : lead & (0xff >> size);
  for (let i = 1; i < size; i++) length = length * 256 + bytes[at + i]!;
  return length;
}

/** Bytes of the shortest header for `length`. */
export function sizeOfLength(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x4000) return 2;
  if (length < 0x200000) return 3;
  if (length < 0x10000000) return 4;
  return 5;
}

/** Writes the shortest header for `length` at `at`; returns the position after it. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  const size = sizeOfLength(length);
  const mark = size === 1 ? 0 : (0xff00 >> (size - 1)) & 0xff;
  let rest = length;
  for (let i = size - 1; i > 0; i--) {
    bytes[at + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[at] = size === 5 ? 0xf0 : mark | rest;
  return at + size;
}
