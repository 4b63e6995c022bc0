import { recordAudit } from "@/core/audit/record.ts";
import { NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { macOrNothing } from "./get_client.ts";

/**
 * Removes everything that is kept of a MAC address: the client, where it was, and its rows in the last
 * readings of routers. If it is still connected, it comes back within a quarter of an hour, as somebody
 * new. The audit entry names the maker's half of the address only: it would keep what is erased.
 *
 * @throws {NotFound} where the tenant never saw it
 */
export async function eraseClient(
  scope: Scope,
  { kms, clock }: { kms: Kms; clock: Clock },
  macAddress: string,
): Promise<void> {
  demand(scope, "clients:erase");
  const mac = macOrNothing(macAddress);
  const { tenantId } = scope;
  await scope.db.tenant(tenantId, async (sql) => {
    const devices = await sql<{ id: string; sightings: number }[]>`
      select device_id as id, count(*)::int as sightings from client_sightings
      where tenant_id = ${tenantId} and mac = ${mac}::text::macaddr group by device_id`;
    const erased = await sql`
      delete from clients where tenant_id = ${tenantId} and mac = ${mac}::text::macaddr`;
    if (erased.count === 0) {
      throw new NotFound("Cannot find this client: no router of yours has told of it");
    }
    await sql`
      update device_state s set data = jsonb_set(s.data, '{clients}', coalesce((
        select jsonb_agg(one) from jsonb_array_elements(s.data -> 'clients') one
        where upper(one ->> 'macAddress') is distinct from ${mac}), '[]'))
      where s.device_id = any(${devices.map(({ id }) => id)}::uuid[])
        and s.section in ('clients', 'wireless')`;
    const masked = `${mac.slice(0, 8)}:··:··:··`;
    await recordAudit(sql, kms, tenantId, {
      ...{ at: new Date(clock.now()), actor: scope.actor, action: "client.erased", outcome: "ok" },
      target: { kind: "client", id: masked, label: masked },
      details: {
        routers: devices.length,
        sightings: devices.reduce((sum, { sightings }) => sum + sightings, 0),
      },
      ...{ requestId: scope.requestId, ip: scope.ip },
    });
  });
}
