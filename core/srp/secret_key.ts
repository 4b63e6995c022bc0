/** Digits and letters without I, L, O and U, which are read or typed as others. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERSION = "A3";
const GROUPS = [6, 6, 5, 5, 5] as const;
const SYMBOLS = 27;
const KEY_BYTES = 16;
const CHECK_BITS = 7n;
/**
 * x^7 + x^3 + 1 over 135 bits (128 of the key, 7 of the check). It has no factor, so that it divides
 * neither a change within one symbol nor the exchange of two: all of those are caught.
 */
const POLYNOMIAL = 0b1000_1001n;
/** Added to the check, so that a row of zeros is no key. */
const MASK = 0b101_1010n;

const LOOK_ALIKES: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1", U: "V" };

/** What was typed is no Secret Key; the message says what to look at. */
export class InvalidSecretKey extends Error {
  override name = "InvalidSecretKey";
}

/** A new Secret Key: 128 random bits. */
export function makeSecretKey(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/** As people see it: `A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX`. The last symbols carry a check. */
export function formatSecretKey(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) {
    throw new RangeError(
      `Cannot write a Secret Key as it must be ${KEY_BYTES} bytes: current value is ${key.length}`,
    );
  }
  const number = BigInt(`0x${key.toHex()}`) << CHECK_BITS;
  let rest = number | (remainder(number) ^ MASK);
  let symbols = "";
  for (let i = 0; i < SYMBOLS; i++) {
    symbols = ALPHABET[Number(rest & 31n)] + symbols;
    rest >>= 5n;
  }
  let at = 0;
  return [VERSION, ...GROUPS.map((length) => symbols.slice(at, at += length))].join("-");
}

/**
 * Reads a Secret Key as people type it: any case, any spaces and dashes or none, with or without `A3`,
 * O for 0, I and L for 1, U for V.
 *
 * @throws {InvalidSecretKey} on a wrong length, a foreign character, or a check that does not fit
 */
export function parseSecretKey(text: string): Uint8Array<ArrayBuffer> {
  // Every dash of Unicode, and what word processors put in: spaces of no width.
  const typed = text.normalize("NFKC").toUpperCase().replaceAll(/[\s\p{Pd}\p{Cf}−]/gu, "");
  const hasVersion = typed.length === SYMBOLS + VERSION.length && typed.startsWith(VERSION);
  const symbols = hasVersion ? typed.slice(VERSION.length) : typed;
  const foreign = /[^0-9A-Z]/u.exec(symbols);
  if (foreign) {
    throw new InvalidSecretKey(`A Secret Key has letters and digits only, no “${foreign[0]}”.`);
  }
  if (symbols.length !== SYMBOLS) {
    throw new InvalidSecretKey(
      `A Secret Key has ${SYMBOLS} characters after A3: these are ${symbols.length}.`,
    );
  }
  let number = 0n;
  for (const symbol of symbols) {
    number = number << 5n | BigInt(ALPHABET.indexOf(LOOK_ALIKES[symbol] ?? symbol));
  }
  if (remainder(number ^ MASK) !== 0n) {
    throw new InvalidSecretKey(
      "This Secret Key has a typing error: compare it with your Emergency Kit.",
    );
  }
  return Uint8Array.fromHex((number >> CHECK_BITS).toString(16).padStart(KEY_BYTES * 2, "0"));
}

/** What is left of a polynomial over GF(2), given by its bits, after division by ours. */
function remainder(polynomial: bigint): bigint {
  let rest = polynomial;
  for (let bit = BigInt(SYMBOLS * 5 - 1); bit >= CHECK_BITS; bit--) {
    if (rest >> bit & 1n) rest ^= POLYNOMIAL << (bit - CHECK_BITS);
  }
  return rest;
}
