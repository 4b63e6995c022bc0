import { deepEqual, equal, ok } from "node:assert/strict";
import { redact, redactText } from "./redact.ts";

const SECRET = "hunter2-" + "x".repeat(24);

for (
  const key of [
    ...["password", "newPassword", "passwordHash", "passphrase", "pass", "token", "refresh_token"],
    ...["clientSecret", "apiKey", "api_key", "privateKey", "private-key", "Cookie", "set-cookie"],
    ...["Authorization", "srpVerifier", "verifier", "clientProof", "m1", "preshared-key"],
    ...["wpa2-pre-shared-key", "wireless_psk", "totpSecret", "otp", "recoveryCodes", "jwt"],
    ...["wrappedKey", "ciphertext", "credential", "sessionKey", "passcode"],
  ]
) {
  Deno.test(`redact cuts ${key} out, however deep`, () => {
    const inside = { [key]: SECRET, list: [{ [key]: [SECRET] }], map: new Map([[key, SECRET]]) };
    for (const value of [inside, { a: { b: { c: inside } } }, [inside], new Map([["x", inside]])]) {
      const text = JSON.stringify(redact(value));
      ok(!text.includes("hunter2"), text);
    }
    ok(!JSON.stringify(redact({ name: key, value: SECRET })).includes("hunter2"));
  });
}

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----";
for (
  const text of [
    PEM,
    "Bearer hunter2hunter2",
    "GET /?password=hunter2&x=1",
    "password: hunter2",
    '{"secret":"hunter2"}',
    "Cookie: session=hunter2; other=hunter2",
    "postgres://tod:hunter2@db/tod",
    "eyJhbGciOiJI.eyJzdWIi-hunter2.sig",
    "mktp_hunter2hunter2",
    "A3-HUNTER-22222-33333-44444",
    `v=${"ab12".repeat(128)}`,
  ]
) {
  Deno.test(`redact cuts the secret out of ${JSON.stringify(text.slice(0, 30))}`, () => {
    const clean = redactText(text);
    ok(!/hunter2/i.test(clean) && !clean.includes("ab12ab12"), clean);
    ok(clean.includes("[redacted"), clean);
  });
}

Deno.test("redact keeps what is no secret", () => {
  const value = {
    name: "core-1",
    address: "192.0.2.1",
    keyId: "k1",
    changed: ["site", "login"],
    passed: true,
    fingerprint: "ab".repeat(32),
    monkey: "x",
    bypass: null,
  };
  deepEqual(redact(value), value);
  equal(redactText("the device was added by user:1"), "the device was added by user:1");
});
