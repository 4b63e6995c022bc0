import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { recordingLog } from "@/tests/support/log.ts";
import { runAuditJobs } from "./jobs.ts";

Deno.test("audit job: says each chain's head, and raises when one is broken", async () => {
  await using test = await openAuditTest();
  const { acme, globex, admin, platform } = test;
  await writeEntries(test, acme, 5);
  await writeEntries(test, globex, 3);
  const clock = new FakeClock();
  const log = recordingLog();
  const registry = new Registry();
  const rested = Promise.withResolvers<void>();
  let rests = rested;
  const resting = Object.assign(Object.create(clock) as FakeClock, {
    now: () => clock.now(),
    sleep: (ms: number, signal?: AbortSignal) => {
      const slept = clock.sleep(ms, signal);
      rests.resolve();
      return slept;
    },
  });
  const stop = new AbortController();
  const running = runAuditJobs({ ...platform, clock: resting, log, registry }, stop.signal);
  await rested.promise;
  const heads = log.lines.filter(({ message }) => message === "the audit chain is whole");
  deepEqual(heads.map(({ fields }) => fields["seq"]).sort(), ["3", "5"]);
  ok(heads.every(({ fields }) => /^[0-9a-f]{64}$/.test(String(fields["head"]))));

  await admin.begin(async (owner) => {
    await owner`set local session_replication_role = replica`;
    await owner`update audit_log set action = 'x.y' where tenant_id = ${acme} and seq = 2`;
  });
  rests = Promise.withResolvers<void>();
  await clock.advance(3_600_000);
  await rests.promise;
  const [line] = log.lines.filter(({ level }) => level === "error");
  deepEqual([line!.fields["tenant"], line!.fields["brokenAt"]], [acme, "2"]);
  const metrics = await registry.metrics();
  ok(metrics.includes("tod_audit_broken_chains 1"), metrics);
  stop.abort();
  await running;
  equal(log.lines.filter(({ level }) => level === "error").length, 1);
});
