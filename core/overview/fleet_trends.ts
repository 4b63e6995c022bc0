import { fleetAvailability } from "@/core/availability/fleet_availability.ts";
import { shareOf } from "@/core/contract/availability.ts";
import { parseDeviceQuery } from "@/core/contract/device_query.ts";
import type { FleetTrends } from "@/core/contract/overview.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type FleetPoint, readFleetHistory } from "./fleet_history.ts";

const SLOTS = 48;
const POINTS = 288;
const STEP_SECONDS = 300;

/** Availability and traffic of the fleet, or of what a query of it fits, up to now. */
export async function fleetTrends(
  scope: Scope,
  { clock }: { clock: Clock },
  { q = "", hours }: { q?: string | undefined; hours: number },
): Promise<FleetTrends> {
  demand(scope, "fleet:read");
  const { tenantId } = scope;
  const toMs = clock.now();
  const fromMs = toMs - hours * 3_600_000;
  const place = placeOf(q);
  return await scope.db.tenant(tenantId, async (sql) => {
    const { condition } = await compileQuery(sql, q);
    const set = sql`from ${deviceSources(sql)} where d.tenant_id = ${tenantId} and ${condition}`;
    const [now] = await sql<{ online: number; offline: number }[]>`
      select (count(*) filter (where l.status = 'online'))::int as online,
        (count(*) filter (where l.status = 'offline'))::int as offline ${set}`;
    const availability = await fleetAvailability(sql, {
      ...{ tenantId, fromMs, toMs, slots: SLOTS, ...now! },
      of: q.trim() === "" ? undefined : sql`select d.id ${set}` as never,
    });
    const stepSeconds = Math.max(STEP_SECONDS, hours * 3_600 / POINTS);
    const span = {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      stepSeconds,
    };
    const points = place === undefined
      ? undefined
      : await readFleetHistory(sql, tenantId, span, place.site);
    const sums = availability.reduce((all, slot) => ({
      onlineSeconds: all.onlineSeconds + slot.onlineSeconds,
      offlineSeconds: all.offlineSeconds + slot.offlineSeconds,
    }), { onlineSeconds: 0, offlineSeconds: 0 });
    return {
      hours,
      share: shareOf(sums),
      availability,
      traffic: points ? columns(points, stepSeconds) : null,
    };
  });
}

/** What history is kept of: everything, or one site; `undefined` for any other query. */
function placeOf(q: string): { site: string | undefined } | undefined {
  const { words, filters } = parseDeviceQuery(q);
  if (words.length === 0 && filters.length === 0) return { site: undefined };
  const [only] = filters;
  const isSite = words.length === 0 && filters.length === 1 && only!.field === "site" &&
    !only!.isNegated;
  return isSite ? { site: only!.value } : undefined;
}

/** With a gap where nothing was noted. */
function columns(points: readonly FleetPoint[], stepSeconds: number): FleetTrends["traffic"] {
  const traffic: NonNullable<FleetTrends["traffic"]> = {
    ...{ times: [], rxBps: [], txBps: [], wirelessClients: [] },
  };
  let last = -Infinity;
  const add = (time: number, point?: FleetPoint) => {
    traffic.times.push(time);
    traffic.rxBps.push(point?.rxBps ?? null);
    traffic.txBps.push(point?.txBps ?? null);
    traffic.wirelessClients.push(point?.wirelessClients ?? null);
  };
  for (const point of points) {
    if (Number.isFinite(last) && point.time - last > 2 * stepSeconds) add(last + stepSeconds);
    add(point.time, point);
    last = point.time;
  }
  return traffic;
}
