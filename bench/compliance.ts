/**
 * `deno task bench:compliance [routers]`: so many routers with configurations of some 120 lines are held
 * against the starter library, then once more with nothing new. Prints time, CPU and what was stored.
 */
import process from "node:process";
import { takeDueChecks } from "@/core/config_checks/due.ts";
import { checkBatch, CheckMemory } from "@/core/compliance/check_batch.ts";
import { noteCounts } from "@/core/compliance/counts.ts";
import { ensureLibrary } from "@/core/compliance/library_sync.ts";
import { complianceOverview } from "@/core/compliance/overview.ts";
import { routerScores } from "@/core/compliance/router_scores.ts";
import { listRules } from "@/core/compliance/rules.ts";
import { digestOf, sealContent } from "@/core/configs/content.ts";
import { LinkFailed } from "@/core/router_link/link.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";

const ROUTERS = Number(Deno.args[0] ?? 10_000);
const CONTENTS = 100;

function configuration(n: number): string {
  const lists = Array.from(
    { length: 60 },
    (_, i) => `add address=192.0.2.${i} comment="customer ${n} ${i}" list=customers`,
  ).join("\n");
  const rules = Array.from(
    { length: 30 },
    (_, i) =>
      `add action=accept chain=forward comment="rule ${i}" dst-port=${1_000 + i} protocol=tcp`,
  ).join("\n");
  return `# 2026-11-25 12:00:00 by RouterOS 7.20.1
/ip firewall address-list
${lists}
/ip firewall filter
add action=accept chain=input connection-state=established,related
${rules}
${n % 2 ? "add action=drop chain=input" : ""}
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1
/ip service
set telnet disabled=${n % 3 ? "yes" : "no"}
set winbox address=192.0.2.0/24
/ip dns
set allow-remote-requests=yes servers=192.0.2.53
/system identity
set name=router-${n}
/ppp secret
add name=branch password=secret${n} service=l2tp
`;
}

await using test = await openTestDb();
await using platform = await openTestPlatform(test.db);
const { acme, db, admin } = test;
const scope = scopeOf(db, acme);
const link = { open: () => Promise.reject(new LinkFailed("unreachable", "bench")) };
await db.tenant(acme, async (sql) => {
  await sql`
    insert into devices (tenant_id, address, port, tls_mode, name)
    select ${acme}, 'r' || n || '.example', 8729, 'pinned', 'router ' || n
    from generate_series(1, ${ROUTERS}::int) n`;
});
const devices = await admin<{ id: string }[]>`select id from devices where tenant_id = ${acme}`;
// Each router has a content of its own in the table; texts repeat, as sealing is not what is measured.
const texts = Array.from({ length: CONTENTS }, (_, n) => configuration(n));
const digests = texts.map((text) => digestOf(parseExport(text)));
for (let at = 0; at < devices.length; at += 500) {
  const rows = await Promise.all(
    devices.slice(at, at + 500).map(async ({ id }, i) => {
      const n = (at + i) % CONTENTS;
      const contentId = crypto.randomUUID();
      return {
        ...{ tenant_id: acme, id: contentId, device_id: id, digest: digests[n]! },
        ciphertext: await sealContent(platform.kms, acme, contentId, texts[n]!),
        text_bytes: texts[n]!.length,
      };
    }),
  );
  await db.tenant(acme, async (sql) => {
    await sql`insert into config_contents ${sql(rows)}`;
    await sql`
      insert into config_versions (tenant_id, device_id, content_id, taken_at, seen_at, trigger, actor)
      select tenant_id, device_id, id, now(), now(), 'scheduled', 'bench' from config_contents
      where id = any(${rows.map(({ id }) => id)}::uuid[])`;
  });
}
await ensureLibrary(db, acme);
const memory = new CheckMemory(platform.kms);
const rules = (await listRules(scope)).length;

async function run(name: string): Promise<void> {
  const [began, before] = [performance.now(), cpuMs()];
  let [checked, worst] = [0, 0];
  const beat = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 10);
    last = now;
  }, 10);
  let last = performance.now();
  while (true) {
    const due = await takeDueChecks(db, 50, 300);
    if (due.length === 0) break;
    checked += await checkBatch({ ...platform, link }, memory, acme, due);
  }
  clearInterval(beat);
  const took = performance.now() - began;
  console.log(
    `${name}: ${checked} routers × ${rules} rules in ${(took / 1_000).toFixed(1)} s, ` +
      `${(took / checked).toFixed(2)} ms a router, CPU ${
        ((cpuMs() - before) / checked).toFixed(2)
      } ms, event loop held at most ${worst.toFixed(0)} ms`,
  );
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

await run("first look");
await admin`update config_checks set due_at = now()`;
await run("nothing new");
const timed = async (name: string, work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  console.log(`${name}: ${(performance.now() - began).toFixed(0)} ms`);
};
await timed("counting rules", () => noteCounts(db, acme));
await timed("overview", () => complianceOverview(scope, platform));
await timed("rules with counts", () => listRules(scope));
await timed("worst routers", () => routerScores(scope, { filter: "failing", limit: 50 }));
const [size] = await admin<{ rows: number; bytes: string }[]>`
  select count(*)::int as rows, pg_size_pretty(pg_total_relation_size('compliance_results')) as bytes
  from compliance_results`;
console.log(`results: ${size!.rows} rows, ${size!.bytes}`);
