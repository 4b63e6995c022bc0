import { recordAudit } from "@/core/audit/record.ts";
import { readTargets } from "@/core/contract/scan_targets.ts";
import { NewScan, type Scan, type ScanWithHosts } from "@/core/contract/scans.ts";
import { Conflict, InvalidInput, messageOf } from "@/core/errors.ts";
import { networkSet } from "@/core/networks.ts";
import { type Bus, NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { type ScanOrder, ScanTaken } from "./scan_protocol.ts";
import { announceScan } from "./scan_reports.ts";
import { findScan, readHosts, readScans } from "./scan_rows.ts";

export interface ScanDeps {
  kms: Kms;
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
  /** Networks that may be scanned: the setting `discovery-networks`. */
  discoveryNetworks: readonly string[];
}

const MAX_RUNNING = 2;
/** Scans that are kept; the oldest go when another one starts. */
const KEPT = 50;
const TAKE_MS = 10_000;

export async function listScans(scope: Scope): Promise<Scan[]> {
  demand(scope, "discovery:run");
  return await scope.db.tenant(scope.tenantId, (sql) => readScans(sql, KEPT));
}

/** @throws {NotFound} also for another tenant's scan */
export async function getScan(scope: Scope, id: string): Promise<ScanWithHosts> {
  demand(scope, "discovery:run");
  return await scope.db.tenant(scope.tenantId, async (sql) => ({
    scan: await findScan(sql, id),
    hosts: await readHosts(sql, id),
  }));
}

/**
 * Has a poller of the region look through addresses. Comes back as soon as one took it: how it goes on is
 * in the scan.
 *
 * @throws {InvalidInput} for what is no list of addresses, too many, or outside of what may be scanned
 * @throws {Conflict} while the tenant has two running
 */
export async function startScan(scope: Scope, deps: ScanDeps, input: NewScan): Promise<Scan> {
  demand(scope, "discovery:run");
  const parsed = NewScan.safeParse(input);
  if (!parsed.success) {
    throw invalid(...parsed.error.issues.map(({ path, message }) => `${path}: ${message}`));
  }
  const { targets, region } = parsed.data;
  const { addresses, problems } = readTargets(targets);
  if (problems.length > 0) throw invalid(...problems.slice(0, 10));
  demandAllowed(addresses, deps.discoveryNetworks);
  const at = new Date(deps.clock.now());
  const id = crypto.randomUUID();
  await scope.db.tenant(scope.tenantId, async (sql) => {
    // One start at a time: two must not both be the second.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`scans ${scope.tenantId}`}, 0))`;
    const [running] = await sql<{ n: number }[]>`
      select count(*)::int as n from scans where status = 'running'`;
    if (running!.n >= MAX_RUNNING) {
      throw new Conflict(`Cannot scan now: ${MAX_RUNNING} scans are running, wait or stop one`);
    }
    await sql`insert into scans ${
      sql({
        ...{ id, tenant_id: scope.tenantId, targets, region, total: addresses.length },
        ...{ started_by: scope.actor, started_at: at, heard_at: at },
      })
    }`;
    await sql`
      delete from scans where status <> 'running' and id in (
        select id from scans where tenant_id = ${scope.tenantId}
        order by started_at desc, id offset ${KEPT})`;
    const details = { targets: targets.slice(0, 1_000), region, addresses: addresses.length };
    await tell(sql, scope, deps, { id, targets }, "scan.started", details);
  });
  // After the commit: its first report must find it.
  await hand(scope, deps, region, { tenantId: scope.tenantId, scanId: id, targets });
  return await scope.db.tenant(scope.tenantId, (sql) => findScan(sql, id));
}

/** Asks for the end of a scan: its poller closes what it has open, and keeps what it found. */
export async function cancelScan(scope: Scope, deps: ScanDeps, id: string): Promise<Scan> {
  demand(scope, "discovery:run");
  const at = new Date(deps.clock.now());
  const scan = await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await findScan(sql, id);
    if (before.status !== "running" || before.isStopping) return before;
    await sql`update scans set cancel_at = ${at} where id = ${id} and status = 'running'`;
    await tell(sql, scope, deps, before, "scan.stopped", { done: before.done });
    return await findScan(sql, id);
  });
  announceScan(deps.bus, scope.tenantId, { scan, hosts: [] });
  return scan;
}

async function hand(
  scope: Scope,
  { rpc, clock }: ScanDeps,
  region: string,
  order: ScanOrder,
): Promise<void> {
  const data = new TextEncoder().encode(JSON.stringify(order));
  let reason: string;
  try {
    const answer = await rpc.request(subjects.scanStart(region), data, { timeoutMs: TAKE_MS });
    const taken = ScanTaken.parse(JSON.parse(new TextDecoder().decode(answer)));
    if (taken.taken) {
      const { poller } = taken;
      await scope.db.tenant(scope.tenantId, (sql) =>
        sql`
        update scans set poller = ${poller.slice(0, 200)} where id = ${order.scanId}`);
      return;
    }
    reason = taken.reason;
  } catch (error) {
    reason = error instanceof NobodyServes
      ? `No poller of the region ${region} runs: check its name, or start one there.`
      : messageOf(error);
  }
  const ended = new Date(clock.now());
  await scope.db.tenant(scope.tenantId, (sql) =>
    sql`
    update scans set status = 'failed', reason = ${reason.slice(0, 1_000)}, ended_at = ${ended}
    where id = ${order.scanId} and status = 'running' and done = 0`);
}

/** @throws {InvalidInput} naming the first address outside, and the setting */
export function demandAllowed(addresses: readonly string[], networks: readonly string[]): void {
  const isAllowed = networkSet(networks);
  const outside = addresses.find((address) => !isAllowed(address));
  if (outside === undefined) return;
  throw invalid(
    `${outside} is outside of the networks that may be scanned (${networks.join(", ")}): ` +
      "the setting discovery-networks allows others",
  );
}

function invalid(...messages: string[]): InvalidInput {
  return new InvalidInput(
    "Cannot scan this",
    messages.map((message) => ({ path: "targets", message })),
  );
}

/** Puts what was done into the audit log; last in its transaction. */
async function tell(
  sql: Sql,
  scope: Scope,
  { kms, clock }: ScanDeps,
  { id, targets }: { id: string; targets: string },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "scan", id, label: targets.slice(0, 100) },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
