import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ExportAnswer, type ExportFailure } from "@/core/contract/config_export.ts";
import type { BackupOutcome } from "@/core/contract/configs.ts";
import { recordEvents } from "@/core/events/events.ts";
import { messageOf, NotFound } from "@/core/errors.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { nextDue } from "./schedule.ts";
import { type ConfigDeps, storeExport } from "./store_version.ts";

export interface BackupDeps extends ConfigDeps {
  rpc: Rpc;
  /** Hour of the day, UTC, from which nightly backups are taken. */
  backupHour: number;
}

export interface BackupOrder {
  tenantId: TenantId;
  deviceId: string;
  trigger: "manual" | "scheduled" | "change" | "operation";
  actor: string;
}

/** Longer than a router may be silent, shorter than a lease. */
const EXPORT_MS = 150_000;
const MAX_BYTES = 16 * 2 ** 20;
const decompress = promisify(gunzip);

interface Target {
  region: string;
  name: string;
  hostKey: string | null;
}

/**
 * Reads a device's configuration through a poller of its region, keeps it, and notes how it went.
 *
 * @throws {NotFound} if the tenant has no such device
 */
export async function backUp(
  deps: BackupDeps,
  order: BackupOrder,
  /** Runs in the transaction that notes how it went, last. */
  alongside: (sql: Sql, outcome: BackupOutcome) => Promise<void> = () => Promise.resolve(),
): Promise<BackupOutcome> {
  const { tenantId, deviceId } = order;
  const target = await deps.db.tenant(tenantId, (sql) => readTarget(sql, deviceId));
  if (!target) throw new NotFound("Cannot find this device");
  const answer = await askPoller(deps, target, deviceId);
  const outcome = answer.ok ? await keep(deps, order, answer.gzip) : failed(answer);
  await deps.db.tenant(tenantId, async (sql) => {
    if (answer.ok && target.hostKey === null) await pin(sql, deps, order, target, answer.hostKey);
    await noteOutcome(sql, deps, order, target, outcome);
    await alongside(sql, outcome);
  });
  return outcome;
}

const failed = ({ reason, detail }: { reason: ExportFailure; detail: string }): BackupOutcome => ({
  ...{ outcome: "failed", reason, detail },
});

async function readTarget(sql: Sql, deviceId: string): Promise<Target | undefined> {
  const [target] = await sql<Target[]>`
    select d.region, d.ssh_host_key as "hostKey",
      coalesce(d.name, nullif(l.identity, ''), d.address) as name
    from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.id = ${deviceId}`;
  return target;
}

async function askPoller(
  { rpc }: BackupDeps,
  { region }: Target,
  deviceId: string,
): Promise<ExportAnswer> {
  const request = new TextEncoder().encode(JSON.stringify({ deviceId }));
  try {
    const subject = subjects.deviceExport(region);
    const data = await rpc.request(subject, request, { timeoutMs: EXPORT_MS });
    return ExportAnswer.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch (error) {
    const detail = `No poller of the region ${region} took it: ${messageOf(error)}`;
    return { ok: false, reason: "busy", detail: detail.slice(0, 500) };
  }
}

async function keep(deps: BackupDeps, order: BackupOrder, packed: string): Promise<BackupOutcome> {
  const bytes = await decompress(Uint8Array.fromBase64(packed), { maxOutputLength: MAX_BYTES });
  const stored = await storeExport(deps, { ...order, text: bytes.toString("utf8") });
  return stored.outcome === "refused" ? failed(stored) : stored;
}

async function pin(
  sql: Sql,
  { clock }: BackupDeps,
  { tenantId, deviceId }: BackupOrder,
  { name }: Target,
  hostKey: string,
): Promise<void> {
  const [pinned] = await sql`
    update devices set ssh_host_key = ${hostKey} where id = ${deviceId} and ssh_host_key is null
    returning id`;
  if (!pinned) return;
  await recordEvents(sql, tenantId, [{
    ...{ at: new Date(clock.now()).toISOString(), kind: "device.ssh_key_pinned" as const },
    ...{ severity: "info" as const, deviceId, deviceName: name, data: { hostKey } },
    message: `${name}: pinned its SSH host key ${hostKey.slice(0, 16)}…`,
  }]);
}

/** The row that says when the next one is due; a failure is tried again sooner, then ever later. */
async function noteOutcome(
  sql: Sql,
  { clock, backupHour }: BackupDeps,
  { tenantId, deviceId }: BackupOrder,
  { name }: Target,
  outcome: BackupOutcome,
): Promise<void> {
  const nowMs = clock.now();
  const [before] = await sql<{ failures: number }[]>`
    select failures from config_backups where device_id = ${deviceId}`;
  const hasFailed = outcome.outcome === "failed";
  const failures = hasFailed ? (before?.failures ?? 0) + 1 : 0;
  const now = new Date(nowMs);
  const row = {
    ...{ tenant_id: tenantId, device_id: deviceId, tried_at: now, failures },
    ...{ due_at: new Date(nextDue(nowMs, deviceId, { backupHour, failures })) },
    ...{ leased_until: null, trigger: "scheduled", actor: "system:backups" },
    reason: hasFailed ? outcome.reason : null,
    detail: hasFailed ? outcome.detail : null,
    ...(!hasFailed && { succeeded_at: now }),
  };
  await sql`
    insert into config_backups ${sql(row)}
    on conflict (tenant_id, device_id) do update set ${sql(row)}`;
  // Once: what goes on failing is in the overview.
  if (failures === 3 && hasFailed) {
    await recordEvents(sql, tenantId, [{
      ...{ at: now.toISOString(), kind: "config.backup_failed" as const, severity: "warning" },
      ...{ deviceId, deviceName: name, message: `${name}: no backup. ${outcome.detail}` },
    }]);
  }
}
