import { equal, notEqual, rejects, throws } from "node:assert/strict";
import {
  clientPublic,
  clientSecret,
  hash,
  multiplier,
  power,
  scrambler,
  serverPublic,
  serverSecret,
  SrpAborted,
  toBytes,
  toNumber,
  verifierOf,
} from "./arithmetic.ts";
import { finishClient, makeVerifier, startClient } from "./client.ts";
import { GROUP_1024_SHA1, GROUP_2048 } from "./group.ts";
import { finishServer, startServer } from "./server.ts";

const hex = (text: string) => BigInt(`0x${text.replaceAll(/\s/g, "")}`);

/** RFC 5054, Appendix B. */
const RFC = {
  salt: "BEB25379 D1A8581E B5A72767 3A2441EE",
  k: "7556AA04 5AEF2CDD 07ABAF0F 665C3E81 8913186F",
  x: "94B7555A ABE9127C C58CCF49 93DB6CF8 4D16C124",
  v: `7E273DE8 696FFC4F 4E337D05 B4B375BE B0DDE156 9E8FA00A 9886D812 9BADA1F1
    822223CA 1A605B53 0E379BA4 729FDC59 F105B478 7E5186F5 C671085A 1447B52A
    48CF1970 B4FB6F84 00BBF4CE BFBB1681 52E08AB5 EA53D15C 1AFF87B2 B9DA6E04
    E058AD51 CC72BFC9 033B564E 26480D78 E955A5E2 9E7AB245 DB2BE315 E2099AFB`,
  a: "60975527 035CF2AD 1989806F 0407210B C81EDC04 E2762A56 AFD529DD DA2D4393",
  b: "E487CB59 D31AC550 471E81F0 0F6928E0 1DDA08E9 74A004F4 9E61F5D1 05284D20",
  A: `61D5E490 F6F1B795 47B0704C 436F523D D0E560F0 C64115BB 72557EC4 4352E890
    3211C046 92272D8B 2D1A5358 A2CF1B6E 0BFCF99F 921530EC 8E393561 79EAE45E
    42BA92AE ACED8251 71E1E8B9 AF6D9C03 E1327F44 BE087EF0 6530E69F 66615261
    EEF54073 CA11CF58 58F0EDFD FE15EFEA B349EF5D 76988A36 72FAC47B 0769447B`,
  B: `BD0C6151 2C692C0C B6D041FA 01BB152D 4916A1E7 7AF46AE1 05393011 BAF38964
    DC46A067 0DD125B9 5A981652 236F99D9 B681CBF8 7837EC99 6C6DA044 53728610
    D0C6DDB5 8B318885 D7D82C7F 8DEB75CE 7BD4FBAA 37089E6F 9C6059F3 88838E7A
    00030B33 1EB76840 910440B1 B27AAEAE EB4012B7 D7665238 A8E3FB00 4B117B58`,
  u: "CE38B959 3487DA98 554ED47D 70A7AE5F 462EF019",
  S: `B0DC82BA BCF30674 AE450C02 87745E79 90A3381F 63B387AA F271A10D 233861E3
    59B48220 F7C4693C 9AE12B0A 6F67809F 0876E2D0 13800D6C 41BB59B6 D5979B5C
    00A172B4 A2A5903A 0BDCAF8A 709585EB 2AFAFA8F 3499B200 210DCC1F 10EB3394
    3CD67FC8 8A2F39A4 BE5BEC4E C0A3212D C346D7E4 74B29EDE 8A469FFE CA686E5A`,
};

Deno.test("RFC 5054 Appendix B: every number, by the arithmetic the product uses", async () => {
  const group = GROUP_1024_SHA1;
  const [a, b] = [hex(RFC.a), hex(RFC.b)];
  const inner = await hash(group, new TextEncoder().encode("alice:password123"));
  const x = toNumber(await hash(group, toBytes(hex(RFC.salt), 16), inner));
  equal(x, hex(RFC.x));
  const k = await multiplier(group);
  equal(k, hex(RFC.k));
  const v = verifierOf(group, x);
  equal(v, hex(RFC.v));
  const publicA = clientPublic(group, a);
  equal(publicA, hex(RFC.A));
  const publicB = serverPublic(group, k, v, b);
  equal(publicB, hex(RFC.B));
  equal(await scrambler(group, publicA, publicB), hex(RFC.u));
  equal(await clientSecret(group, { a, publicA, publicB, x }), hex(RFC.S));
  equal(await serverSecret(group, { b, publicA, publicB, v }), hex(RFC.S));
});

Deno.test("power() agrees with plain repeated multiplication", () => {
  const naive = (base: bigint, exponent: bigint, modulus: bigint) => {
    let result = 1n % modulus;
    for (; exponent > 0n; exponent--) result = result * base % modulus;
    return result;
  };
  for (const modulus of [1n, 2n, 97n, 65_537n]) {
    for (let base = 0n; base < 20n; base++) {
      for (let exponent = 0n; exponent < 70n; exponent++) {
        equal(power(base, exponent, modulus), naive(base, exponent, modulus));
      }
    }
  }
});

const X = new Uint8Array(32).fill(7);
const SALT = "00".repeat(16);
const identity = "ann@example.net";

async function handshake(x: Uint8Array, verifier = makeVerifier(X), serverIdentity = identity) {
  const client = startClient();
  const state = await startServer({
    ...{ identity: serverIdentity, salt: SALT, verifier, A: client.A },
  });
  const proof = await finishClient(client, { identity, salt: SALT, B: state.B, x });
  return { state, proof, M2: await finishServer(state, proof.M1) };
}

Deno.test("both sides prove that they know the secret, and B is fresh every time", async () => {
  const [one, two] = [await handshake(X), await handshake(X)];
  equal(one.proof.isServer(one.M2!), true);
  notEqual(one.state.B, two.state.B);
  equal(await finishServer(two.state, one.proof.M1), undefined, "an old proof opens nothing");
});

Deno.test("a wrong x, identity or verifier proves nothing", async () => {
  equal((await handshake(new Uint8Array(32).fill(8))).M2, undefined);
  equal((await handshake(X, makeVerifier(new Uint8Array(32).fill(9)))).M2, undefined);
  equal((await handshake(X, makeVerifier(X), "ben@example.net")).M2, undefined);
  const { proof } = await handshake(X);
  equal(proof.isServer("00".repeat(32)), false);
  equal(proof.isServer("no hex"), false);
});

Deno.test("numbers that no honest side sends end the handshake", async () => {
  const verifier = makeVerifier(X);
  const prime = GROUP_2048.prime.toString(16);
  const double = (GROUP_2048.prime * 2n).toString(16).padStart(514, "0");
  for (const A of ["00", "00".repeat(256), prime, double, "", "xyz", "abc", "01".repeat(257)]) {
    await rejects(startServer({ identity, salt: SALT, verifier, A }), SrpAborted, A.slice(0, 20));
  }
  for (const B of ["00", prime, double, "-1", ""]) {
    await rejects(finishClient(startClient(), { identity, salt: SALT, B, x: X }), SrpAborted);
  }
});

Deno.test("u of zero ends the handshake", async () => {
  const digest = crypto.subtle.digest;
  crypto.subtle.digest = () => Promise.resolve(new ArrayBuffer(32));
  try {
    await rejects(scrambler(GROUP_2048, 2n, 3n), SrpAborted);
  } finally {
    crypto.subtle.digest = digest;
  }
  throws(() => toBytes(-1n, 4));
});
