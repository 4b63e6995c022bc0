/**
 * `deno task seed:scale`: a fleet with a past, for `bench:api` and for a look at pages at that size.
 * `tod serve --roles=web,api --data-dir=data/scale` shows it. Options: --devices=10000 --days=30 --five-minute-days=2 --raw-devices=500 --interfaces=2
 * --dir=data/scale
 */
import { parseArgs } from "node:util";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { plantFleet } from "@/tests/support/plant_fleet.ts";
import { openScaleDatabase, SCALE_DIR } from "./support/scale_database.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    devices: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    "five-minute-days": { type: "string", default: "2" },
    "raw-devices": { type: "string", default: "500" },
    interfaces: { type: "string", default: "2" },
    dir: { type: "string", default: SCALE_DIR },
  },
});

await using scale = await openScaleDatabase(values.dir);
const began = Date.now();
const tenantId = await ensureDefaultTenant(scale.db);
const [planted] = await scale.db.tenant(tenantId, (sql) => sql`select from devices limit 1`);
if (planted) {
  console.error(`${values.dir} holds a fleet already: remove it to plant another`);
  Deno.exit(1);
}
await plantFleet(scale.db, {
  tenantId,
  devices: Number(values.devices),
  days: Number(values.days),
  fiveMinuteDays: Number(values["five-minute-days"]),
  rawDevices: Number(values["raw-devices"]),
  interfaces: Number(values.interfaces),
  now: Date.now(),
  onStep: (what) =>
    console.log(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${what}`),
});
await scale.analyze();
console.log(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  planted in ${values.dir}`);
