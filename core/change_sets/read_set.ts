import { nameOf } from "@/core/actor_name.ts";
import { recordAudit } from "@/core/audit/record.ts";
import type {
  ChangeSet,
  ChangeSetComment,
  ChangeSetDevice,
  PendingChange,
} from "@/core/contract/change_sets.ts";
import type { PushState } from "@/core/contract/pushes.ts";
import { itemLabel } from "@/core/contract/editor/item_label.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { valuesAfter } from "./check_command.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { maskChange } from "./mask_change.ts";
import type { StoredChange } from "./merge_change.ts";
import {
  type ChangeRow,
  headColumns,
  type HeadRow,
  openChanges,
  personOf,
  readChanges,
  toHead,
} from "./rows.ts";
import { needsReview } from "./review_rule.ts";

type ReadDeps = Pick<ChangeSetDeps, "kms" | "clock">;

/** A change set with all that waits in it, secrets hidden. @throws {NotFound} */
export async function readChangeSet(scope: Scope, deps: ReadDeps, id: string): Promise<ChangeSet> {
  demand(scope, "configs:read");
  return await readSet(scope, deps, id, (change) => ({ ...change, ...maskChange(change) }));
}

/** With its secrets. Who, when and why is written down before it is given away. */
export async function revealChangeSet(
  scope: Scope,
  deps: ReadDeps,
  id: string,
  reason: string,
): Promise<ChangeSet> {
  demand(scope, "configs:reveal");
  const set = await readSet(scope, deps, id, (change) => change);
  const at = new Date(deps.clock.now());
  await scope.db.tenant(scope.tenantId, async (sql) => {
    for (const { id: deviceId } of set.routers) {
      await noteSecretRead(sql, scope.tenantId, {
        ...{ actor: scope.actor, purpose: "config.reveal", secret: "device.config", deviceId, at },
        requestId: scope.requestId,
      });
    }
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "change_set.revealed", outcome: "ok" },
      details: { reason },
      target: { kind: "change_set", id, label: set.name },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
  return set;
}

type Opened = ChangeRow & StoredChange;

async function readSet(
  scope: Scope,
  { kms }: ReadDeps,
  id: string,
  shown: (change: Opened) => Opened,
): Promise<ChangeSet> {
  const { row, rows, ...rest } = await scope.db.tenant(scope.tenantId, async (sql) => {
    const [row] = await sql<(HeadRow & { writerNames: string[] })[]>`
      select ${headColumns(sql)}, array(
        select coalesce(${nameOf(sql, sql`s.tenant_id`, sql`w.actor`)}, w.actor)
        from unnest(s.writers) as w (actor)) as "writerNames"
      from change_sets s where s.id = ${id}`;
    if (!row) throw new NotFound("Cannot find this change set");
    const person = await personOf(sql, scope.actor);
    return {
      row,
      rows: await readChanges(sql, id),
      routers: await readRouters(sql, id),
      comments: await readComments(sql, id),
      needsReview: await needsReview(sql, scope.tenantId),
      isOwn: row.writers.includes(person),
    };
  });
  // Not inside the transaction: a key management service may be slow.
  const changes = await openChanges(kms, scope.tenantId, rows);
  const { writerNames, ...head } = row;
  return {
    ...toHead(head),
    ...rest,
    writers: writerNames,
    pending: changes.map((change) => toPending(shown(change))),
  };
}

function toPending(change: Opened): PendingChange {
  const { id, deviceId, command, base, place, actor, actorName, madeAt } = change;
  const schema = menuSchema(command.menu);
  const known = command.action === "set" && base ? base : valuesAfter({ command, base });
  const where = "target" in command && command.target.by === "where" ? command.target.where : {};
  return {
    ...{ id, deviceId, command, base: base && { ...base }, actor, actorName },
    label: itemLabel(schema, { ...where, ...known }),
    place: place ?? null,
    madeAt: madeAt.toISOString(),
  };
}

async function readRouters(sql: Sql, id: string): Promise<ChangeSetDevice[]> {
  const rows = await sql<
    (Omit<ChangeSetDevice, "push"> & {
      pushId: string | null;
      state: PushState | null;
      problem: string | null;
      at: Date | null;
    })[]
  >`
    with parts as (
      select device_id, count(*)::int as changes, min(seq) as first from change_set_changes
      where change_set_id = ${id} group by device_id)
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name, l.version,
      parts.changes, p.push_id as "pushId", u.state, p.problem, p.at
    from parts
    join devices d on d.id = parts.device_id
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join change_set_pushes p on p.tenant_id = d.tenant_id and p.device_id = d.id
      and p.change_set_id = ${id}
    left join pushes u on u.tenant_id = p.tenant_id and u.id = p.push_id
    order by parts.first`;
  return rows.map(({ pushId, state, problem, at, ...router }) => ({
    ...router,
    push: at && { id: pushId, state, problem, at: at.toISOString() },
  }));
}

async function readComments(sql: Sql, id: string): Promise<ChangeSetComment[]> {
  const rows = await sql<(Omit<ChangeSetComment, "at"> & { at: Date })[]>`
    select m.id, m.at, m.actor, ${
    nameOf(sql, sql`m.tenant_id`, sql`m.actor`)
  } as "actorName", m.text
    from change_set_comments m where m.change_set_id = ${id} order by m.at, m.id`;
  return rows.map(({ at, ...comment }) => ({ ...comment, at: at.toISOString() }));
}
