import {
  clientProof,
  clientPublic,
  clientSecret,
  isSame,
  randomExponent,
  serverProof,
  sessionKey,
  SrpAborted,
  toBytes,
  toNumber,
  verifierOf,
} from "./arithmetic.ts";
import { GROUP_2048, type SrpGroup } from "./group.ts";

/** What goes to the server at enrolment instead of a password, hex. */
export function makeVerifier(x: Uint8Array, group: SrpGroup = GROUP_2048): string {
  return toBytes(verifierOf(group, toNumber(x)), group.bytes).toHex();
}

export interface ClientStart {
  readonly a: bigint;
  /** For the server, hex. Does not depend on the password. */
  readonly A: string;
}

export function startClient(group: SrpGroup = GROUP_2048): ClientStart {
  const a = randomExponent();
  return { a, A: toBytes(clientPublic(group, a), group.bytes).toHex() };
}

export interface ClientProof {
  /** For the server, hex. */
  readonly M1: string;
  /** Whether the server's answer proves that it has the verifier. */
  isServer(M2: string): boolean;
}

/**
 * The proof that one knows x.
 *
 * @throws {SrpAborted} on a B or u that no honest server sends
 */
export async function finishClient(
  { a, A }: ClientStart,
  { identity, salt, B, x }: { identity: string; salt: string; B: string; x: Uint8Array },
  group: SrpGroup = GROUP_2048,
): Promise<ClientProof> {
  if (!/^[0-9a-f]+$/.test(B)) throw new SrpAborted("Cannot go on as B is no number");
  const publicA = toNumber(Uint8Array.fromHex(A));
  const publicB = toNumber(Uint8Array.fromHex(B));
  const secret = await clientSecret(group, { a, publicA, publicB, x: toNumber(x) });
  const key = await sessionKey(group, secret);
  const proof = await clientProof(group, {
    ...{ identity, publicA, publicB, key },
    salt: Uint8Array.fromHex(salt),
  });
  const answer = await serverProof(group, publicA, proof, key);
  return {
    M1: proof.toHex(),
    isServer: (M2) => /^([0-9a-f]{2})+$/.test(M2) && isSame(answer, Uint8Array.fromHex(M2)),
  };
}
