/**
 * Values of an export as strings. RouterOS keeps bytes, not characters, and writes those that are no
 * printable ASCII as `\D0\9F`. Bytes that are UTF-8 become characters; each other byte B becomes the lone
 * surrogate U+DC00 + B (as Python's `surrogateescape`), so that nothing is lost on the way back.
 */
const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true });
const LONE = 0xdc00;

/** Escapes of the RouterOS scripting language that stand for one character. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
  _: 0x20,
  '"': 0x22,
  "$": 0x24,
  "?": 0x3f,
  "\\": 0x5c,
};
const NAMES = new Map(
  Object.entries(ESCAPES).filter(([name]) => name !== "_" && name !== "?")
    .map(([name, byte]) => [byte, name]),
);

/** What stands between the quotes, without its escapes. Unknown escapes stay as they are written. */
export function unescapeText(written: string): string {
  if (!written.includes("\\")) return written;
  const bytes: number[] = [];
  for (let at = 0; at < written.length;) {
    const next = written.indexOf("\\", at);
    if (next !== at) {
      const plain = written.slice(at, next === -1 ? written.length : next);
      for (const byte of bytesOf(plain)) bytes.push(byte);
      at += plain.length;
      continue;
    }
    const name = written[at + 1];
    const hex = /^[0-9A-F]{2}/.exec(written.slice(at + 1, at + 3))?.[0];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      at += 3;
    } else if (name !== undefined && name in ESCAPES) {
      bytes.push(ESCAPES[name]!);
      at += 2;
    } else {
      bytes.push(0x5c);
      at += 1;
    }
  }
  return textOf(Uint8Array.from(bytes));
}

/** The reverse of {@linkcode unescapeText}: printable ASCII alone, as RouterOS writes it. */
export function escapeText(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value.replaceAll(/["$\\]/g, "\\$&");
  let written = "";
  for (const byte of bytesOf(value)) {
    const name = NAMES.get(byte);
    written += name !== undefined
      ? `\\${name}`
      : byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return written;
}

/** The bytes that a value stands for. */
export function bytesOf(value: string): number[] {
  if (!/[\udc80-\udcff]/.test(value)) return [...encoder.encode(value)];
  const bytes: number[] = [];
  for (const char of value) {
    const code = char.codePointAt(0)!;
    if (code >= LONE + 0x80 && code <= LONE + 0xff) bytes.push(code - LONE);
    else for (const byte of encoder.encode(char)) bytes.push(byte);
  }
  return bytes;
}

/** The value that bytes stand for. */
export function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return mixed(bytes);
  }
}

/** Characters where there are some, lone surrogates for the bytes between. */
function mixed(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    try {
      text += strict.decode(bytes.subarray(at, at + size));
      at += size;
    } catch {
      text += String.fromCharCode(LONE + lead);
      at += 1;
    }
  }
  return text;
}
