import { rejects } from "node:assert/strict";
import { ITERATIONS, type SrpChallenge } from "@/core/contract/auth.ts";
import { startClient } from "@/core/srp/client.ts";
import { makeSecretKey } from "@/core/srp/secret_key.ts";
import { answerChallenge } from "./secrets.ts";

const start = startClient();
const SOUND: SrpChallenge = {
  handshake: "h",
  identity: crypto.randomUUID(),
  group: "2048",
  B: "02".repeat(256),
  srpSalt: "01".repeat(32),
  pbkdf2Salt: "02".repeat(32),
  hkdfSalt: "03".repeat(32),
  iterations: ITERATIONS,
};
const answer = (challenge: unknown) =>
  answerChallenge(
    start,
    challenge as SrpChallenge,
    { password: "twelve chars", secretKey: makeSecretKey() },
    () => {},
  );

for (
  const [change, why] of [
    [{ iterations: 1 }, "one iteration"],
    [{ iterations: 599_999 }, "fewer iterations than the least"],
    [{ iterations: 1e12 }, "iterations that would hold the browser for days"],
    [{ iterations: "650000" }, "iterations that are no number"],
    [{ group: "1024" }, "a small group"],
    [{ pbkdf2Salt: "" }, "no salt"],
    [{ hkdfSalt: "03" }, "a short salt"],
    [{ srpSalt: "zz".repeat(32) }, "a salt that is no hex"],
    [{ B: "02" }, "a short B"],
    [{ identity: null }, "no identity"],
  ] as const
) {
  Deno.test(`a challenge with ${why} is not answered`, async () => {
    await rejects(answer({ ...SOUND, ...change }), /less protection than it should/);
  });
}

Deno.test("a sound challenge is refused by nothing but the lack of a browser", async () => {
  await rejects(answer(SOUND), /HTTPS/);
});
