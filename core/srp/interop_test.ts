import { equal, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import { SRPClientSession, SRPParameters, SRPRoutines, SRPServerSession } from "tssrp6a";
import { finishClient, makeVerifier, startClient } from "./client.ts";
import { GROUP_2048 } from "./group.ts";
import { finishServer, startServer } from "./server.ts";

const IDENTITY = "6f1ed002-ab55-4f0a-9e62-6f04d31bd9f5";
const LENGTH = 256;

const sha = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
};
const padded = (number: bigint) =>
  Uint8Array.fromHex(number.toString(16).padStart(LENGTH * 2, "0"));
const numberOf = (bytes: Uint8Array) => BigInt(`0x${bytes.toHex()}`);
const hexOf = (number: bigint, length: number) => number.toString(16).padStart(length * 2, "0");

/**
 * tssrp6a's own arithmetic: its k, u, v, A, B and S. It has evidence of its own kind, H(A | B | S), so
 * RFC 2945's is written here once more; and our x comes from two secrets, so it is handed in.
 */
class Rfc2945Routines extends SRPRoutines {
  constructor(readonly x: Uint8Array) {
    super(new SRPParameters(SRPParameters.PrimeGroup[2048], SRPParameters.H.SHA256));
  }

  override computeXStep2(): Promise<bigint> {
    return Promise.resolve(numberOf(this.x));
  }

  override computeClientEvidence(
    identity: string,
    salt: bigint,
    A: bigint,
    B: bigint,
    S: bigint,
  ): Promise<bigint> {
    const { N, g } = this.parameters.primeGroup;
    const ofGenerator = sha(Uint8Array.of(Number(g)));
    return Promise.resolve(numberOf(sha(
      sha(padded(N)).map((byte, i) => byte ^ ofGenerator[i]!),
      sha(new TextEncoder().encode(identity)),
      Uint8Array.fromHex(hexOf(salt, 32)),
      padded(A),
      padded(B),
      sha(padded(S)),
    )));
  }

  override computeServerEvidence(A: bigint, M1: bigint, S: bigint): Promise<bigint> {
    const proof = Uint8Array.fromHex(hexOf(M1, 32));
    return Promise.resolve(numberOf(sha(padded(A), proof, sha(padded(S)))));
  }
}

const random = () => crypto.getRandomValues(new Uint8Array(32));
const ROUNDS = 12;

Deno.test("tssrp6a and we have the same group, and the same verifier for the same x", () => {
  const x = random();
  const routines = new Rfc2945Routines(x);
  equal(routines.parameters.primeGroup.N, GROUP_2048.prime);
  equal(routines.parameters.primeGroup.g, GROUP_2048.generator);
  equal(hexOf(routines.computeVerifier(numberOf(x)), LENGTH), makeVerifier(x));
});

Deno.test("tssrp6a's client signs in at our server, which proves itself to it", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [x, salt] = [random(), random()];
    // Leading zeros are where padded and plain numbers part.
    if (round === 0) salt.fill(0, 0, 2);
    // tssrp6a's client makes A only after it knows B; our server wants A first. With A first unknown
    // it is started with a client of its own state: A does not depend on B.
    const routines = new Rfc2945Routines(x);
    const a = routines.generatePrivateValue();
    routines.generatePrivateValue = () => a;
    const state = await startServer({
      ...{ identity: IDENTITY, salt: salt.toHex(), verifier: makeVerifier(x) },
      A: hexOf(routines.computeClientPublicValue(a), LENGTH),
    });
    const step1 = await new SRPClientSession(routines).step1(IDENTITY, "-");
    const step2 = await step1.step2(numberOf(salt), BigInt(`0x${state.B}`));
    const M2 = await finishServer(state, hexOf(step2.M1, 32));
    await step2.step3(BigInt(`0x${M2}`));
    await rejects(step2.step3(BigInt(`0x${M2}`) ^ 1n), /server/i);
    const other = await startServer({ ...state, A: state.A });
    equal(await finishServer(other, hexOf(step2.M1, 32)), undefined, "a replay at another B");
  }
});

Deno.test("our client signs in at tssrp6a's server, and knows it by its proof", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [x, salt] = [random(), random()];
    const verifier = BigInt(`0x${makeVerifier(x)}`);
    const server = await new SRPServerSession(new Rfc2945Routines(x))
      .step1(IDENTITY, numberOf(salt), verifier);
    const client = startClient();
    const given = { identity: IDENTITY, salt: salt.toHex(), B: hexOf(server.B, LENGTH), x };
    const proof = await finishClient(client, given);
    const [A, M1] = [BigInt(`0x${client.A}`), BigInt(`0x${proof.M1}`)];
    const M2 = await server.step2(A, M1);
    equal(proof.isServer(hexOf(M2, 32)), true);
    equal(proof.isServer(hexOf(M2 ^ 1n, 32)), false);
    const wrong = await finishClient(client, { ...given, x: random() });
    await rejects(server.step2(A, BigInt(`0x${wrong.M1}`)), /credentials|client/i);
  }
});
