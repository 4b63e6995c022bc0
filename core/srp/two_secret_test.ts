import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import { hkdfSync, pbkdf2Sync } from "node:crypto";
import { deriveX, normalisePassword, type TwoSecrets } from "./two_secret.ts";

const bytes = (from: number, length = 32) => Uint8Array.from({ length }, (_, i) => from + i);

const GIVEN: TwoSecrets = {
  password: "correct horse battery staple",
  secretKey: Uint8Array.fromHex("00112233445566778899aabbccddeeff"),
  identity: "6f1ed002-ab55-4f0a-9e62-6f04d31bd9f5",
  pbkdf2Salt: bytes(0),
  hkdfSalt: bytes(32),
  iterations: 1_000,
};
const xOf = async (changes: Partial<TwoSecrets> = {}) =>
  (await deriveX({ ...GIVEN, ...changes })).toHex();

/** Worked out apart with Python's hashlib, unicodedata and an HKDF of a few lines. */
for (
  const [changes, x] of [
    [
      { iterations: 650_000 },
      "5ed90bc4ad6926fc1f1c1c06fa391f175648cac936451a8e45a70e8ea45555e2",
    ],
    [
      { password: " Čaffè ﬁve Ⅸ " },
      "7276c608e4ec3ea0680c63d7b26a532b16127e5942435fd0d67dfa24f2ee8211",
    ],
    [
      {
        password: "пароль 🔑 密码",
        secretKey: new Uint8Array(16),
        pbkdf2Salt: bytes(32),
        hkdfSalt: bytes(0),
      },
      "d5d731256d9b7466bc671fa26fe04e0613c1fde1f145b3c3ff4b3497f5416ae0",
    ],
  ] as const
) {
  Deno.test(`deriveX() makes ${x.slice(0, 8)}…`, async () => equal(await xOf(changes), x));
}

Deno.test("deriveX() is PBKDF2 XOR HKDF, as another implementation has them", async () => {
  const { password, secretKey, identity, pbkdf2Salt, hkdfSalt, iterations } = GIVEN;
  const slow = pbkdf2Sync(password, pbkdf2Salt, iterations, 32, "sha256");
  const fast = new Uint8Array(hkdfSync("sha256", secretKey, hkdfSalt, identity, 32));
  deepEqual(await deriveX(GIVEN), Uint8Array.from(slow, (byte, i) => byte ^ fast[i]!));
});

Deno.test("each of the six parts changes x", async () => {
  const seen = new Set([await xOf()]);
  for (
    const change of [
      { password: "correct horse battery stapler" },
      { secretKey: Uint8Array.fromHex("00112233445566778899aabbccddeefe") },
      { identity: "6f1ed002-ab55-4f0a-9e62-6f04d31bd9f6" },
      { pbkdf2Salt: bytes(1) },
      { hkdfSalt: bytes(33) },
      { iterations: 1_001 },
    ]
  ) seen.add(await xOf(change));
  equal(seen.size, 7);
});

for (
  const [one, other, why] of [
    ["caf\u00e9", "cafe\u0301", "é composed and decomposed"],
    ["\uac00", "\u1100\u1161", "a Korean syllable and its letters"],
    ["\ufb01ve", "five", "a ligature"],
    ["pass word", "\u00a0pass\u3000word\n", "spaces of other kinds and around"],
  ] as const
) {
  Deno.test(`a password is the same by ${why}`, async () => {
    notEqual(one, other);
    equal(normalisePassword(one), normalisePassword(other));
    equal(await xOf({ password: one }), await xOf({ password: other }));
  });
}

Deno.test("case and accents matter, and nothing is derived from nothing", async () => {
  const plain = await xOf({ password: "cafe" });
  notEqual(plain, await xOf({ password: "café" }));
  notEqual(plain, await xOf({ password: "Cafe" }));
  for (const password of ["", "  ", "\u00a0\n"]) await rejects(xOf({ password }), RangeError);
  await rejects(xOf({ secretKey: new Uint8Array(15) }), RangeError);
});
