/**
 * `deno run -A bench/clients.ts [--clients=500000]`: how long each search over many clients takes at the
 * server, and what each page of the list costs. On the embedded database, in a directory of its own.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listClients } from "@/core/clients/list_clients.ts";
import { getClient, listSightings } from "@/core/clients/get_client.ts";
import { readConfig } from "@/core/config.ts";
import { openPlatform } from "@/core/platform.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { FILTERS } from "@/tests/support/client_searches.ts";
import { silentLog } from "@/tests/support/log.ts";
import { plantClients } from "@/tests/support/plant_clients.ts";
import { machine } from "./support/machine.ts";

const { values } = parseArgs({ options: { clients: { type: "string", default: "500000" } } });
const clients = Number(values.clients);
const ROUTERS = 10_000;
const RUNS = 9;

const directory = await Deno.makeTempDir({ prefix: "tod-bench-", dir: "/tmp" });
await Deno.chmod(directory, 0o755);
const config = readConfig({ env: {}, args: [`--data-dir=${join(directory, "data")}`] });
{
  await using platform = await openPlatform(config, silentLog);
  const { db } = platform;
  const tenantId = await ensureDefaultTenant(db);
  await db.tenant(tenantId, (sql) =>
    sql`
      insert into devices (tenant_id, name, address, port, tls_mode)
      select ${tenantId}::uuid, (array['core ', 'edge ', 'ap '])[1 + n % 3] || n, 'r' || n || '.test',
        8729, 'pinned' from generate_series(1, ${ROUTERS}) n`);
  const nowMs = Date.now();
  console.log(`planting ${clients} clients …`);
  const began = performance.now();
  await plantClients(db, tenantId, { clients, now: nowMs });
  await db.tenant(
    tenantId,
    (sql) => sql`analyze clients, client_words, client_sightings`.catch(() => {}),
  );
  console.log(`planted in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  const scope = { db, tenantId, actor: "system:bench", permissions: new Set(PERMISSIONS) };
  const [first] = (await listClients(scope, { limit: 1, nowMs })).items;
  const asked: [string, () => Promise<unknown>][] = [
    ...FILTERS.map(([q]) =>
      [q || "(all)", () => listClients(scope, { q, limit: 50, nowMs })] as const
    ),
    ...(["name", "ip", "mac"] as const).map((sort) =>
      [`by ${sort}`, () => listClients(scope, { sort, limit: 50, nowMs })] as const
    ),
    [first!.macAddress, () => listClients(scope, { q: first!.macAddress, limit: 50, nowMs })],
    ["nothing-like-it", () => listClients(scope, { q: "nothing-like-it", limit: 50, nowMs })],
    ["client page", () => getClient(scope, first!.macAddress, { nowMs })],
    ["its history", () => listSightings(scope, first!.macAddress, { limit: 50, nowMs })],
  ].map(([name, ask]) => [name, ask] as [string, () => Promise<unknown>]);
  console.log(machine());
  for (const [name, ask] of asked) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    const cold = times[0]!;
    times.sort((a, b) => a - b);
    const ms = (value: number) => `${value.toFixed(0).padStart(5)} ms`;
    console.log(
      `${ms(times[RUNS >> 1]!)} median ${ms(times.at(-1)!)} worst ${ms(cold)} first  ${name}`,
    );
  }
  const sizes = await db.tenant(tenantId, (sql) =>
    sql<{ name: string; mb: number }[]>`
      select relname as name, (pg_total_relation_size(oid) / 1048576)::int as mb from pg_class
      where relname in ('clients', 'client_words', 'client_sightings')`);
  console.log(sizes.map(({ name, mb }) => `${name} ${mb} MiB`).join(", "));
}
await Deno.remove(directory, { recursive: true });
