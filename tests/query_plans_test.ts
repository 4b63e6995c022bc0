import { equal, ok } from "node:assert/strict";
import { openAuth } from "@/core/auth/open_auth.ts";
import type { TenantId } from "@/core/scope.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openTestDb } from "./support/databases.ts";
import { makeUser, signIn } from "./support/identity.ts";
import { lookups } from "./support/lookups.ts";
import { nodesOf, type PlanNode, tapPlans } from "./support/plan_tap.ts";
import { openTestPlatform } from "./support/platform.ts";
import { plantFleet } from "./support/plant_fleet.ts";

/** From so many rows on a table must not be read from end to end. */
const BIG_ROWS = 3_000;
/** So many tenants that one's share never makes reading everybody's rows the cheaper way. */
const TENANTS = 8;
const DEVICES = 600;

/** What is wrong with one step of a plan, if anything. */
function troubleOf(node: PlanNode, big: ReadonlySet<string>): string | undefined {
  const table = node["Relation Name"];
  if (!table || !big.has(table)) return;
  if (node["Node Type"] === "Seq Scan") return `reads all of ${table}`;
  const removed = (node["Rows Removed by Filter"] ?? 0) * node["Actual Loops"];
  // A tenant's routers are looked through for words and live figures; their past never is.
  if (removed > DEVICES) return `throws ${removed} rows of ${table} away`;
}

Deno.test({
  name:
    "no page reads a big table from end to end, or much of it for little: the plans it really has",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openTestDb();
    const { admin, db } = test;
    const now = Date.now();
    const tenants = await admin<{ id: TenantId }[]>`
      insert into tenants (name, slug)
      select 'Tenant ' || n, 'tenant-' || n from generate_series(1, ${TENANTS}) n returning id`;
    for (const [index, { id: tenantId }] of tenants.entries()) {
      await plantFleet(db, {
        ...{ tenantId, devices: DEVICES, days: 1, fiveMinuteDays: 0.125, interfaces: 1, now },
        rawDevices: index === 0 ? 5 : 0,
      });
    }
    await admin`vacuum analyze`;
    const big = new Set(
      (await admin<{ name: string }[]>`
        select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples >= ${BIG_ROWS}`)
        .map(({ name }) => name),
    );
    for (
      const name of ["devices", "device_latest", "device_state", "events", "device_status_changes"]
    ) {
      ok(big.has(name), `${name} is big`);
    }

    const tap = tapPlans(db);
    await using platform = await openTestPlatform(tap);
    await using http = createHttpApp(platform);
    const { id: tenantId } = tenants[0]!;
    const auth = openAuth(platform);
    const { result } = await signIn(auth, await makeUser(auth, tenantId, "super_admin"));
    if (result.next !== "done") throw new Error("asked for a second factor");
    const headers = { cookie: `tod_session=${result.tokens.access}` };
    const ids = await db.tenant(tenantId, (sql) =>
      sql<{ id: string; isRaw: boolean }[]>`
        select id, exists (select from health_samples h where h.device_id = d.id) as "isRaw"
        from devices d`);
    const raw = ids.filter(({ isRaw }) => isRaw).map(({ id }) => id);

    const wrong = new Set<string>();
    let plans = 0;
    for (const { label, path } of lookups(ids.map(({ id }) => id), raw)) {
      tap.take();
      const address = path();
      const answer = await http.app.request(`http://localhost:8080${address}`, { headers });
      equal(answer.status, 200, `${address}: ${await answer.text()}`);
      const seen = tap.take();
      ok(seen.length > 0, `${label}: no query was seen`);
      for (const { text, plan } of seen) {
        plans += 1;
        for (const node of nodesOf(plan)) {
          const trouble = troubleOf(node, big);
          if (trouble) {
            wrong.add(`${label}: ${trouble}:\n${text.replace(/\s+/g, " ").slice(0, 400)}`);
          }
        }
      }
    }
    console.log(`${plans} plans`);
    equal(wrong.size, 0, [...wrong].join("\n\n"));
  },
});
