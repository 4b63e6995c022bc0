import type { ItemState, OutputGroup } from "@/core/contract/bulk_jobs.ts";
import { STATE_WORDS } from "@/core/contract/bulk_jobs.ts";
import { csvLine } from "@/core/csv.ts";
import { NotFound } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { openOutput } from "./job_spec.ts";
import { demandJob, readItems } from "./read_jobs.ts";

/** Different answers that one page shows. */
const MAX_GROUPS = 50;
const NAMED = 8;
/** Of an answer in the list of groups; the whole is a click away. */
const SHOWN = 4_000;
const PAGE = 200;

/** Routers by what they printed, the most common answer first. */
export async function listOutputGroups(
  scope: Scope,
  { kms }: { kms: Kms },
  id: string,
): Promise<{ items: OutputGroup[]; isCut: boolean }> {
  demand(scope, "configs:read");
  const { db, tenantId } = scope;
  const rows = await db.tenant(tenantId, async (sql) => {
    await demandJob(sql, id);
    return await sql<
      (Omit<OutputGroup, "output"> & { ciphertext: Uint8Array; states: ItemState[] })[]
    >`
      with groups as (
        select o.group_digest, min(o.id::text)::uuid as output_id, count(*)::int as routers,
          array_agg(distinct i.state) as states,
          (array_agg(jsonb_build_object('deviceId', i.device_id, 'deviceName', i.device_name)
            order by i.position))[1:${NAMED}] as names
        from bulk_job_items i
        join bulk_outputs o on o.tenant_id = i.tenant_id and o.id = i.output_id
        where i.job_id = ${id}
        group by o.group_digest
        order by count(*) desc, 2 limit ${MAX_GROUPS + 1}
      )
      select g.output_id as "outputId", g.routers, g.states, to_jsonb(g.names) as names, o.ciphertext,
        o.is_cut as "isCut"
      from groups g join bulk_outputs o on o.id = g.output_id
      order by g.routers desc, g.output_id`;
  });
  const items: OutputGroup[] = [];
  for (const { ciphertext, ...group } of rows.slice(0, MAX_GROUPS)) {
    const output = await openOutput(kms, tenantId, group.outputId, ciphertext);
    const isCut = group.isCut || output.length > SHOWN;
    items.push({ ...group, output: output.slice(0, SHOWN), isCut });
  }
  return { items, isCut: rows.length > MAX_GROUPS };
}

/** All that one router printed. */
export async function readOutput(
  scope: Scope,
  { kms }: { kms: Kms },
  id: string,
  outputId: string,
): Promise<{ output: string; isCut: boolean }> {
  demand(scope, "configs:read");
  const { db, tenantId } = scope;
  const [row] = await db.tenant(
    tenantId,
    (sql) =>
      sql<{ ciphertext: Uint8Array; isCut: boolean }[]>`
      select ciphertext, is_cut as "isCut" from bulk_outputs
      where job_id = ${id} and id = ${outputId}`,
  );
  if (!row) throw new NotFound("Cannot find this output");
  return {
    output: await openOutput(kms, tenantId, outputId, row.ciphertext),
    isCut: row.isCut,
  };
}

/** Every router of a job as CSV, with what it printed. */
export async function exportJob(
  scope: Scope,
  { kms }: { kms: Kms },
  id: string,
): Promise<AsyncGenerator<string>> {
  demand(scope, "configs:read");
  await scope.db.tenant(scope.tenantId, (sql) => demandJob(sql, id));
  return lines(scope, kms, id);
}

async function* lines({ db, tenantId }: Scope, kms: Kms, id: string): AsyncGenerator<string> {
  yield csvLine(
    ["router", "wave", "state", "tries", "started_at", "ended_at", "reason", "output"],
  );
  const known = new Map<string, string>();
  let after: number | null = 0;
  while (after !== null) {
    const from: number = after;
    // Few at a time: all of a large job would not fit.
    if (known.size > PAGE) known.clear();
    const page = await db.tenant(tenantId, async (sql) => {
      const { items, nextAfter } = await readItems(sql, id, { after: from, limit: PAGE });
      const wanted = items.flatMap(({ outputId }) =>
        outputId !== null && !known.has(outputId) ? [outputId] : []
      );
      const outputs = await sql<{ id: string; ciphertext: Uint8Array }[]>`
        select id, ciphertext from bulk_outputs where id = any(${wanted}::uuid[])`;
      return { items, nextAfter, outputs };
    });
    for (const { id, ciphertext } of page.outputs) {
      known.set(id, await openOutput(kms, tenantId, id, ciphertext));
    }
    yield page.items.map((item) =>
      csvLine([
        ...[item.deviceName, item.wave, STATE_WORDS[item.state], item.tries, item.startedAt],
        ...[item.endedAt, item.reason, item.outputId && (known.get(item.outputId) ?? "")],
      ])
    ).join("");
    after = page.nextAfter;
  }
}
