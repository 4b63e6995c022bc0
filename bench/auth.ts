/**
 * `deno task bench:auth`: what signing in costs, on this machine. The browser's part (derivation and
 * SRP), the server's two steps by group, and how late the event loop runs under many sign-ins at once:
 * the arithmetic alone, then the whole server with its database. Options: --logins=100 --rounds=20
 */
import { getDiffieHellman } from "node:crypto";
import { parseArgs } from "node:util";
import { Turns } from "@/core/auth/turns.ts";
import { ITERATIONS } from "@/core/contract/password_kdf.ts";
import { finishClient, makeVerifier, startClient } from "@/core/srp/client.ts";
import { GROUP_2048, type SrpGroup } from "@/core/srp/group.ts";
import { makeSecretKey } from "@/core/srp/secret_key.ts";
import { finishServer, startServer } from "@/core/srp/server.ts";
import { deriveX } from "@/core/srp/two_secret.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { openAuthSite } from "@/tests/support/auth_site.ts";
import { makeUser } from "@/tests/support/identity.ts";
import { EventLoopLag, quantile } from "./support/event_loop_lag.ts";
import { machine } from "./support/machine.ts";
import type { SignInFigures, SignInJob } from "./support/sign_in_clients.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    logins: { type: "string", default: "100" },
    rounds: { type: "string", default: "20" },
  },
});
const logins = Number(values.logins);
const rounds = Number(values.rounds);

const IDENTITY = "6f1ed002-ab55-4f0a-9e62-6f04d31bd9f5";
/** RFC 5054's next larger group, with the prime of RFC 3526: what it would cost instead. */
const GROUP_3072: SrpGroup = {
  ...GROUP_2048,
  prime: BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`),
  generator: 5n,
  bytes: 384,
};
const random = () => crypto.getRandomValues(new Uint8Array(32));

/** Median and p99 of the time of `work`, in ms. */
async function timed(work: () => unknown, times = rounds): Promise<{ p50: number; p99: number }> {
  await work(); // compiled before it counts
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

const print = (label: string, { p50, p99 }: { p50: number; p99: number }) =>
  console.log(`${label.padEnd(46)}${p50.toFixed(1).padStart(9)}${p99.toFixed(1).padStart(9)}`);

/** Everything of one sign-in that does not depend on which step is measured. */
async function prepare(group: SrpGroup) {
  const [x, salt] = [random(), random().toHex()];
  const verifier = makeVerifier(x, group);
  const client = startClient(group);
  const begun = { identity: IDENTITY, salt, verifier, A: client.A };
  const state = await startServer(begun, group);
  const given = { identity: IDENTITY, salt, B: state.B, x };
  const { M1 } = await finishClient(client, given, group);
  return { x, client, begun, state, given, M1 };
}

async function printSteps(group: SrpGroup): Promise<void> {
  const { x, client, begun, state, given, M1 } = await prepare(group);
  const name = `${group.bytes * 8} bit`;
  print(`${name}: client, A`, await timed(() => startClient(group)));
  print(`${name}: client, proof`, await timed(() => finishClient(client, given, group)));
  print(`${name}: client, verifier (enrolment)`, await timed(() => makeVerifier(x, group)));
  print(`${name}: server, first step`, await timed(() => startServer(begun, group)));
  print(`${name}: server, second step`, await timed(() => finishServer(state, M1, group)));
}

/** Both steps of `logins` sign-ins that come at the same moment. */
async function lagOf(run: (work: () => Promise<unknown>) => Promise<unknown>) {
  const { begun, state, M1 } = await prepare(GROUP_2048);
  const lag = new EventLoopLag();
  const began = performance.now();
  await Promise.all(Array.from({ length: logins }, async () => {
    await run(() => startServer(begun));
    await run(() => finishServer(state, M1));
  }));
  const seconds = (performance.now() - began) / 1_000;
  return { ...lag.stop(), perSecond: logins / seconds };
}

console.log(machine());
console.log(`${"".padEnd(46)}${"p50 ms".padStart(9)}${"p99 ms".padStart(9)}`);
const secrets = {
  ...{ password: "correct horse battery staple", secretKey: makeSecretKey(), identity: IDENTITY },
  ...{ pbkdf2Salt: random(), hkdfSalt: random(), iterations: ITERATIONS },
};
print(`2SKD, PBKDF2 ${ITERATIONS.toLocaleString("en")}`, await timed(() => deriveX(secrets), 10));
await printSteps(GROUP_2048);
await printSteps(GROUP_3072);

console.log(`\n${logins} sign-ins at once, event-loop lag in ms`);
const turns = new Turns();
for (
  const [label, run] of [
    ["in turns, as the server does", (work: () => Promise<unknown>) => turns.run(work)],
    ["all at once, for comparison", (work: () => Promise<unknown>) => work()],
  ] as const
) {
  const { p50, p99, max, perSecond } = await lagOf(run);
  console.log(
    `${label.padEnd(34)}p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)}; ` +
      `${perSecond.toFixed(0)} sign-ins/s`,
  );
}

console.log(`\n${logins} sign-ins at once over HTTP: API, database, sessions, audit`);
await using site = await openAuthSite();
const tenantId = await ensureDefaultTenant(site.deps.db);
const users: SignInJob["users"] = [];
for (let i = 0; i < logins; i++) {
  const { email, x } = await makeUser(site.deps, tenantId);
  users.push({ email, x });
}
const clients = new Worker(new URL("./support/sign_in_clients.ts", import.meta.url), {
  type: "module",
});
const lag = new EventLoopLag();
const job: SignInJob = { url: site.url, users };
clients.postMessage(job);
const { took, seconds, failed } = await new Promise<SignInFigures>((resolve) => {
  clients.onmessage = ({ data }: MessageEvent<SignInFigures>) => resolve(data);
});
const { p50, p99, max } = lag.stop();
clients.terminate();
console.log(
  `event-loop lag p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms`,
);
console.log(
  `${took.length} signed in within ${seconds.toFixed(2)} s, each p50 ${
    quantile(took, 0.5).toFixed(0)
  }, p99 ${quantile(took, 0.99).toFixed(0)} ms; ${failed.length} failed`,
);
if (failed.length > 0) throw new Error(failed[0]);
