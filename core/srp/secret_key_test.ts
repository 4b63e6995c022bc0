import { deepEqual, equal, match, notDeepEqual, throws } from "node:assert/strict";
import { formatSecretKey, InvalidSecretKey, makeSecretKey, parseSecretKey } from "./secret_key.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FIXED = Uint8Array.fromHex("00112233445566778899aabbccddeeff");
const FIXED_TEXT = "A3-008J4C-T4ANK7-F24SN-AXWSQ-FEZZV";

/** Places of the 27 symbols in the text: neither dashes nor the version. */
const PLACES = Array.from(FIXED_TEXT, (symbol, at) => symbol === "-" || at < 2 ? -1 : at)
  .filter((at) => at >= 0);

const withSymbol = (text: string, at: number, symbol: string) =>
  text.slice(0, at) + symbol + text.slice(at + 1);

Deno.test("a key written is the key read, and has the form people were told", () => {
  equal(formatSecretKey(FIXED), FIXED_TEXT);
  deepEqual(parseSecretKey(FIXED_TEXT), FIXED);
  for (let i = 0; i < 500; i++) {
    const key = makeSecretKey();
    const text = formatSecretKey(key);
    match(text, /^A3(-[0-9A-HJKMNP-TV-Z]{6}){2}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
    deepEqual(parseSecretKey(text), key);
  }
  for (const byte of [0x00, 0xff]) {
    const key = new Uint8Array(16).fill(byte);
    deepEqual(parseSecretKey(formatSecretKey(key)), key);
  }
  notDeepEqual(makeSecretKey(), makeSecretKey());
  throws(() => formatSecretKey(new Uint8Array(15)), RangeError);
});

for (
  const [typed, why] of [
    [FIXED_TEXT.toLowerCase(), "lower case"],
    [FIXED_TEXT.replaceAll("-", ""), "no dashes"],
    [FIXED_TEXT.slice(3), "no version"],
    [FIXED_TEXT.replaceAll("-", " – "), "other dashes and spaces"],
    [`\t${FIXED_TEXT.replaceAll("-", "\u2011")}\u00a0\r\n`, "non-breaking hyphens, spaces around"],
    [FIXED_TEXT.replaceAll("-", "\u200b-\u00ad"), "zero-width spaces and soft hyphens"],
    [FIXED_TEXT.replaceAll("0", "O"), "O for 0"],
    [FIXED_TEXT.replaceAll("0", "o").replaceAll("V", "u"), "small o for 0, u for V"],
    [Array.from(FIXED_TEXT, fullWidth).join(""), "full-width letters"],
  ] as const
) {
  Deno.test(`parseSecretKey() accepts ${why}`, () => deepEqual(parseSecretKey(typed), FIXED));
}

function fullWidth(symbol: string): string {
  return symbol === "-" ? symbol : String.fromCodePoint(symbol.codePointAt(0)! + 0xfee0);
}

Deno.test("parseSecretKey() accepts I and L for 1", () => {
  const key = Uint8Array.fromHex("08421084210842108421084210842108");
  const text = formatSecretKey(key);
  match(text, /1/);
  deepEqual(parseSecretKey(`A3${text.slice(2).replaceAll("1", "I")}`), key);
  deepEqual(parseSecretKey(`A3${text.slice(2).replaceAll("1", "l")}`), key);
});

for (
  const [typed, why] of [
    ["", /27 characters/],
    ["A3", /27 characters.*2/],
    [FIXED_TEXT.slice(0, -1), /these are 28/],
    [`${FIXED_TEXT}0`, /these are 30/],
    [withSymbol(FIXED_TEXT, 5, "Ж"), /no “Ж”/],
    [withSymbol(FIXED_TEXT, 5, "_"), /no “_”/],
    ["0".repeat(27), /typing error/],
    ["Z".repeat(27), /typing error/],
    [withSymbol(FIXED_TEXT, 33, FIXED_TEXT[33] === "E" ? "F" : "E"), /typing error/],
    ["x".repeat(100_000), /27 characters/],
  ] as const
) {
  Deno.test(`parseSecretKey() refuses "${typed.slice(0, 40)}" (${typed.length})`, () => {
    throws(() => parseSecretKey(typed), (error) => {
      return error instanceof InvalidSecretKey && why.test(error.message);
    });
  });
}

Deno.test("every wrong character, and every exchange of two, is caught", () => {
  let errors = 0;
  for (let round = 0; round < 12; round++) {
    const text = formatSecretKey(makeSecretKey());
    for (const [index, at] of PLACES.entries()) {
      for (const symbol of ALPHABET) {
        if (symbol === text[at]) continue;
        throws(() => parseSecretKey(withSymbol(text, at, symbol)), InvalidSecretKey);
        errors++;
      }
      for (const other of PLACES.slice(index + 1)) {
        if (text[at] === text[other]) continue;
        const swapped = withSymbol(withSymbol(text, at, text[other]!), other, text[at]!);
        throws(() => parseSecretKey(swapped), InvalidSecretKey);
        errors++;
      }
    }
  }
  equal(errors > 14_000, true, String(errors));
});

Deno.test("of arbitrary errors about one in 128 passes, as seven bits of check must let", () => {
  let passed = 0;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const symbols = crypto.getRandomValues(new Uint8Array(27));
    const text = Array.from(symbols, (byte) => ALPHABET[byte & 31]).join("");
    try {
      parseSecretKey(text);
      passed++;
    } catch (error) {
      equal(error instanceof InvalidSecretKey, true);
    }
  }
  const share = passed / rounds;
  equal(share > 1 / 256 && share < 1 / 64, true, `${passed} of ${rounds}`);
});
