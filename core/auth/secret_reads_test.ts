import { deepEqual } from "node:assert/strict";
import { openAuditTest } from "@/tests/support/audit.ts";
import { makeUser, signIn } from "@/tests/support/identity.ts";
import { openAuth } from "./open_auth.ts";

Deno.test("auth: decrypting the installation's own secrets is told in the transparency log", async () => {
  await using test = await openAuditTest();
  const auth = openAuth(test.platform);
  await signIn(auth, await makeUser(auth, test.acme));
  const reads = await test.admin`
    select actor, purpose, secret, count::integer as count from secret_reads order by purpose`;
  deepEqual(reads.map((row) => ({ ...row })), [
    { actor: "system:auth", purpose: "login.decoy", secret: "auth.decoy", count: 1 },
    { actor: "system:auth", purpose: "session.sign", secret: "auth.signing_key", count: 1 },
  ]);
});
