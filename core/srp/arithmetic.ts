import type { SrpGroup } from "./group.ts";

/** The other side sent numbers that an honest one never sends: the handshake must end here. */
export class SrpAborted extends Error {
  override name = "SrpAborted";
}

export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toHex() || "0"}`);
}

/** Big endian, padded with zeros on the left to `length` bytes. */
export function toBytes(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(number.toString(16).padStart(length * 2, "0"));
}

export async function hash(
  { hash }: SrpGroup,
  ...parts: Uint8Array[]
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest(hash, whole));
}

/** Bits of the exponent taken at once: a table of 2^4 powers saves a quarter of the multiplications. */
const WINDOW = 4n;
const TABLE = 1 << Number(WINDOW);

/** `base` to the power of `exponent`, modulo `modulus`. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent === 0n) return 1n % modulus;
  const powers = [1n, base % modulus];
  while (powers.length < TABLE) powers.push(powers.at(-1)! * powers[1]! % modulus);
  const digits = exponent.toString(16);
  let result = powers[Number.parseInt(digits[0]!, 16)]!;
  for (let i = 1; i < digits.length; i++) {
    for (let squares = 0n; squares < WINDOW; squares++) result = result * result % modulus;
    const digit = Number.parseInt(digits[i]!, 16);
    if (digit > 0) result = result * powers[digit]! % modulus;
  }
  return result;
}

/** k = H(N | PAD(g)). */
export async function multiplier(group: SrpGroup): Promise<bigint> {
  const { prime, generator, bytes } = group;
  return toNumber(await hash(group, toBytes(prime, bytes), toBytes(generator, bytes)));
}

/** u = H(PAD(A) | PAD(B)). @throws {SrpAborted} if it is zero */
export async function scrambler(group: SrpGroup, a: bigint, b: bigint): Promise<bigint> {
  const u = toNumber(await hash(group, toBytes(a, group.bytes), toBytes(b, group.bytes)));
  if (u === 0n) throw new SrpAborted("Cannot go on as u is zero");
  return u;
}

/** v = g^x. */
export function verifierOf({ prime, generator }: SrpGroup, x: bigint): bigint {
  return power(generator, x, prime);
}

/** A = g^a. */
export function clientPublic({ prime, generator }: SrpGroup, a: bigint): bigint {
  return power(generator, a, prime);
}

/** B = k*v + g^b. */
export function serverPublic(group: SrpGroup, k: bigint, v: bigint, b: bigint): bigint {
  const { prime, generator } = group;
  return (k * v + power(generator, b, prime)) % prime;
}

/** S as the client has it. @throws {SrpAborted} on a B that is zero modulo N */
export async function clientSecret(
  group: SrpGroup,
  { a, publicA, publicB, x }: { a: bigint; publicA: bigint; publicB: bigint; x: bigint },
): Promise<bigint> {
  const { prime, generator } = group;
  if (publicB % prime === 0n || publicB >= prime) {
    throw new SrpAborted("Cannot go on as B must be between zero and N");
  }
  const [k, u] = [await multiplier(group), await scrambler(group, publicA, publicB)];
  const base = (publicB - k * power(generator, x, prime) % prime + prime) % prime;
  return power(base, a + u * x, prime);
}

/** S as the server has it. @throws {SrpAborted} on an A that is zero modulo N */
export async function serverSecret(
  group: SrpGroup,
  { b, publicA, publicB, v }: { b: bigint; publicA: bigint; publicB: bigint; v: bigint },
): Promise<bigint> {
  const { prime } = group;
  if (publicA % prime === 0n || publicA >= prime) {
    throw new SrpAborted("Cannot go on as A must be between zero and N");
  }
  const u = await scrambler(group, publicA, publicB);
  return power(publicA * power(v, u, prime) % prime, b, prime);
}

/** K = H(PAD(S)). */
export function sessionKey(group: SrpGroup, secret: bigint): Promise<Uint8Array<ArrayBuffer>> {
  return hash(group, toBytes(secret, group.bytes));
}

export interface ProofInput {
  /** I, as both sides write it. */
  identity: string;
  salt: Uint8Array;
  publicA: bigint;
  publicB: bigint;
  key: Uint8Array;
}

/** M1 = H(H(N) xor H(g) | H(I) | s | PAD(A) | PAD(B) | K), after RFC 2945. */
export async function clientProof(
  group: SrpGroup,
  { identity, salt, publicA, publicB, key }: ProofInput,
): Promise<Uint8Array<ArrayBuffer>> {
  const { prime, generator, bytes } = group;
  const ofPrime = await hash(group, toBytes(prime, bytes));
  const ofGenerator = await hash(group, toBytes(generator, 1));
  const ofIdentity = await hash(group, new TextEncoder().encode(identity));
  return hash(
    group,
    ofPrime.map((byte, i) => byte ^ ofGenerator[i]!),
    ofIdentity,
    salt,
    toBytes(publicA, bytes),
    toBytes(publicB, bytes),
    key,
  );
}

/** M2 = H(PAD(A) | M1 | K). */
export function serverProof(
  group: SrpGroup,
  publicA: bigint,
  proof: Uint8Array,
  key: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return hash(group, toBytes(publicA, group.bytes), proof, key);
}

/** In a time that does not tell where two proofs differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

/** A secret exponent: 256 bits, as RFC 5054 asks at least. */
export function randomExponent(): bigint {
  return toNumber(crypto.getRandomValues(new Uint8Array(32))) | 1n << 255n;
}
