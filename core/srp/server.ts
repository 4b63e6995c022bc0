import {
  clientProof,
  isSame,
  multiplier,
  randomExponent,
  serverProof,
  serverPublic,
  serverSecret,
  sessionKey,
  SrpAborted,
  toBytes,
  toNumber,
} from "./arithmetic.ts";
import { GROUP_2048, type SrpGroup } from "./group.ts";

/** What the server keeps between the two steps; text, so that any cache can hold it. Secret. */
export interface ServerState {
  readonly identity: string;
  /** Lower-case hex, all of them. */
  readonly salt: string;
  readonly verifier: string;
  readonly b: string;
  readonly A: string;
  readonly B: string;
}

/**
 * First step: a fresh B for a client's A.
 *
 * @throws {SrpAborted} on an A that is zero modulo N, or no number below N
 */
export async function startServer(
  { identity, salt, verifier, A }: Pick<ServerState, "identity" | "salt" | "verifier" | "A">,
  group: SrpGroup = GROUP_2048,
): Promise<ServerState> {
  const publicA = numberOf(A, group);
  if (publicA === 0n) throw new SrpAborted("Cannot go on as A must be between zero and N");
  const b = randomExponent();
  const v = toNumber(Uint8Array.fromHex(verifier));
  const publicB = serverPublic(group, await multiplier(group), v, b);
  return {
    identity,
    salt,
    verifier,
    A,
    b: toBytes(b, 32).toHex(),
    B: toBytes(publicB, group.bytes).toHex(),
  };
}

/** Second step: the server's proof M2, hex, or `undefined` when the client's M1 is wrong. */
export async function finishServer(
  { identity, salt, verifier, b, A, B }: ServerState,
  proof: string,
  group: SrpGroup = GROUP_2048,
): Promise<string | undefined> {
  const [publicA, publicB] = [numberOf(A, group), numberOf(B, group)];
  const secret = await serverSecret(group, {
    b: toNumber(Uint8Array.fromHex(b)),
    publicA,
    publicB,
    v: toNumber(Uint8Array.fromHex(verifier)),
  });
  const key = await sessionKey(group, secret);
  const expected = await clientProof(group, {
    ...{ identity, publicA, publicB, key },
    salt: Uint8Array.fromHex(salt),
  });
  if (!isSame(expected, Uint8Array.fromHex(proof))) return undefined;
  return (await serverProof(group, publicA, expected, key)).toHex();
}

/** A number below N from hex of at most the group's length. */
function numberOf(hex: string, { prime, bytes }: SrpGroup): bigint {
  if (!/^[0-9a-f]+$/.test(hex) || hex.length > bytes * 2 || hex.length % 2 !== 0) {
    throw new SrpAborted("Cannot go on as this is no number of the group");
  }
  const number = toNumber(Uint8Array.fromHex(hex));
  if (number >= prime) throw new SrpAborted("Cannot go on as this is no number of the group");
  return number;
}
