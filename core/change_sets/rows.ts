import { nameOf } from "@/core/actor_name.ts";
import type { ChangeSetHead, ChangeSetStatus } from "@/core/contract/change_sets.ts";
import { Conflict, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { StoredChange } from "./merge_change.ts";
import { openChange } from "./seal.ts";

export type HeadRow =
  & Omit<ChangeSetHead, "createdAt" | "updatedAt" | "reviewAskedAt" | "reviewedAt">
  & {
    createdAt: Date;
    updatedAt: Date;
    reviewAskedAt: Date | null;
    reviewedAt: Date | null;
    writers: string[];
  };

/** What a list or a page says of a change set, its counts among it. */
export function headColumns(sql: Sql) {
  return sql`
    s.id, s.name, s.status, s.revision, s.created_by as "createdBy",
    ${nameOf(sql, sql`s.tenant_id`, sql`s.created_by`)} as "createdByName",
    s.created_at as "createdAt", s.updated_at as "updatedAt",
    s.review_asked_at as "reviewAskedAt", s.reviewed_by as "reviewedBy",
    ${nameOf(sql, sql`s.tenant_id`, sql`s.reviewed_by`)} as "reviewedByName",
    s.reviewed_at as "reviewedAt", s.writers,
    (select count(*)::int from change_set_changes c
      where c.tenant_id = s.tenant_id and c.change_set_id = s.id) as changes,
    (select count(distinct c.device_id)::int from change_set_changes c
      where c.tenant_id = s.tenant_id and c.change_set_id = s.id) as devices`;
}

export function toHead(row: HeadRow): ChangeSetHead {
  const { createdAt, updatedAt, reviewAskedAt, reviewedAt, writers: _, ...rest } = row;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    reviewAskedAt: reviewAskedAt?.toISOString() ?? null,
    reviewedAt: reviewedAt?.toISOString() ?? null,
  };
}

export interface LockedSet {
  id: string;
  name: string;
  status: ChangeSetStatus;
  revision: number;
  writers: string[];
  reviewedBy: string | null;
}

/** The row, which nobody else changes until the transaction ends. @throws {NotFound} */
export async function lockSet(sql: Sql, id: string): Promise<LockedSet> {
  const [row] = await sql<LockedSet[]>`
    select id, name, status, revision, writers, reviewed_by as "reviewedBy" from change_sets
    where id = ${id} for update`;
  if (!row) throw new NotFound("Cannot find this change set");
  return row;
}

/** @throws {Conflict} once it was pushed or discarded */
export function demandOpen({ status }: Pick<LockedSet, "status">): void {
  if (status === "draft" || status === "reviewed") return;
  throw new Conflict(`Cannot change this change set as it was ${status}: begin a new one`);
}

/** The person behind an actor: a key stands for whoever made it. */
export async function personOf(sql: Sql, actor: string): Promise<string> {
  const [, key] = /^key:([0-9a-f-]{36})$/.exec(actor) ?? [];
  if (key === undefined) return actor;
  const [row] = await sql<{ user_id: string }[]>`select user_id from api_keys where id = ${key}`;
  return row ? `user:${row.user_id}` : actor;
}

export interface ChangeRow {
  id: string;
  deviceId: string;
  sealed: Uint8Array;
  actor: string;
  actorName: string | null;
  madeAt: Date;
}

/** Of a whole set, of a router in it, or of one menu there; in the order they are carried out. */
export async function readChanges(
  sql: Sql,
  setId: string,
  only: { deviceId?: string; menu?: string } = {},
): Promise<ChangeRow[]> {
  const device = only.deviceId === undefined ? sql`` : sql`and c.device_id = ${only.deviceId}`;
  const menu = only.menu === undefined ? sql`` : sql`and c.menu = ${only.menu}`;
  return await sql<ChangeRow[]>`
    select c.id, c.device_id as "deviceId", c.sealed, c.actor,
      ${nameOf(sql, sql`c.tenant_id`, sql`c.actor`)} as "actorName", c.made_at as "madeAt"
    from change_set_changes c
    where c.change_set_id = ${setId} ${device} ${menu} order by c.seq`;
}

/** With what they hold, in clear. */
export async function openChanges<Row extends Pick<ChangeRow, "id" | "sealed">>(
  kms: Kms,
  tenantId: TenantId,
  rows: readonly Row[],
): Promise<(Row & StoredChange)[]> {
  return await Promise.all(
    rows.map(async (row) => ({ ...row, ...await openChange(kms, tenantId, row.id, row.sealed) })),
  );
}
