import type { SrpChallenge, Verifier } from "@/core/contract/auth.ts";
import {
  GROUP_BYTES,
  ITERATIONS,
  MAX_ITERATIONS,
  MIN_ITERATIONS,
  SALT_BYTES,
  SRP_GROUP,
} from "@/core/contract/password_kdf.ts";
import {
  type ClientProof,
  type ClientStart,
  finishClient,
  makeVerifier,
} from "@/core/srp/client.ts";
import { deriveInWorker, type OnEstimate } from "./derive.ts";

/** What only the person has. Neither leaves the browser. */
export interface OwnSecrets {
  password: string;
  secretKey: Uint8Array<ArrayBuffer>;
}

const isHex = (text: unknown, bytes: number): text is string =>
  typeof text === "string" && text.length === bytes * 2 && /^[0-9a-f]+$/.test(text);

/**
 * The answer to a challenge.
 *
 * @throws {Error} on a challenge that would weaken the derivation: the server may be another's
 */
export async function answerChallenge(
  start: ClientStart,
  challenge: SrpChallenge,
  { password, secretKey }: OwnSecrets,
  onEstimate: OnEstimate,
): Promise<ClientProof> {
  const { identity, srpSalt, pbkdf2Salt, hkdfSalt, iterations, B, group } = challenge;
  const isSound = group === SRP_GROUP && isHex(B, GROUP_BYTES) && typeof identity === "string" &&
    [srpSalt, pbkdf2Salt, hkdfSalt].every((salt) => isHex(salt, SALT_BYTES)) &&
    Number.isInteger(iterations) && iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS;
  if (!isSound) {
    throw new Error(
      "This server asks for less protection than it should, so nothing was sent: tell who runs it.",
    );
  }
  const x = await deriveInWorker({
    ...{ password, secretKey, identity, iterations },
    pbkdf2Salt: Uint8Array.fromHex(pbkdf2Salt),
    hkdfSalt: Uint8Array.fromHex(hkdfSalt),
  }, onEstimate);
  return await finishClient(start, { identity, salt: srpSalt, B, x });
}

/** What the server may know of new secrets: fresh salts and the verifier. */
export async function makeEnrolment(
  identity: string,
  { password, secretKey }: OwnSecrets,
  onEstimate: OnEstimate,
): Promise<Verifier> {
  const [srpSalt, pbkdf2Salt, hkdfSalt] = [randomSalt(), randomSalt(), randomSalt()];
  const iterations = ITERATIONS;
  const x = await deriveInWorker({
    ...{ password, secretKey, identity, pbkdf2Salt, hkdfSalt, iterations },
  }, onEstimate);
  return {
    group: SRP_GROUP,
    verifier: makeVerifier(x),
    srpSalt: srpSalt.toHex(),
    pbkdf2Salt: pbkdf2Salt.toHex(),
    hkdfSalt: hkdfSalt.toHex(),
    iterations,
  };
}

const randomSalt = () => crypto.getRandomValues(new Uint8Array(SALT_BYTES));
