import { recordAudit, recordAuditApart } from "@/core/audit/record.ts";
import type { RunInfo } from "@/core/contract/device_runs.ts";
import { RUN_KINDS, type RunKind, type RunKindName } from "@/core/contract/runs/mod.ts";
import { Conflict, InvalidInput, NotFound, TooManyRequests } from "@/core/errors.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { fromBytes, toBytes } from "./ask_poller.ts";
import { StartAnswer, type StartRequest } from "./protocol.ts";

export interface StartDeps {
  rpc: Rpc;
  kms: Kms;
  clock: Clock;
  locks: Locks;
}

export interface NewRun {
  kind: RunKindName;
  /** As they came: checked here. */
  params: unknown;
  /** The router it runs on, or the region whose poller does it. */
  on: { deviceId: string } | { region: string };
}

/** It becomes part of a subject of the bus. */
const REGION = /^[a-z0-9-]{1,40}$/;
const STARTS_A_MINUTE = 60;
const ANSWER_MS = 10_000;

/**
 * Starts a live run. It begins when somebody follows it, and ends by itself, when stopped, when its
 * time is up or when nobody follows it any more. Who started what is audited, with its parameters.
 *
 * @throws {InvalidInput} naming the parameters that do not fit
 * @throws {NotFound} if the tenant has no such device
 * @throws {TooManyRequests} if the router, the tenant or the poller has enough runs
 * @throws {Conflict} if the poller cannot do it as things are
 * @throws {Unavailable} if no poller of the region answers
 */
export async function startRun(scope: Scope, deps: StartDeps, run: NewRun): Promise<RunInfo> {
  const kind: RunKind = RUN_KINDS[run.kind];
  demand(scope, kind.permission);
  const params = checkParams(kind, run.params);
  const device = "deviceId" in run.on ? await findDevice(scope, run.on.deviceId) : undefined;
  if ((kind.target === "device") !== (device !== undefined)) {
    throw new InvalidInput(`Cannot start ${kind.title} as it runs on a ${kind.target}`);
  }
  const region = device ? device.region : (run.on as { region: string }).region;
  if (!REGION.test(region)) throw new InvalidInput("Cannot start this: there is no such region");
  await limitStarts(scope, deps);

  const request: StartRequest = {
    run: crypto.randomUUID(),
    tenantId: scope.tenantId,
    deviceId: device?.id ?? null,
    kind: run.kind,
    params,
    actor: scope.actor,
  };
  const entry = {
    actor: scope.actor,
    target: device
      ? { kind: "device", id: device.id, label: device.name }
      : { kind: "region", id: region },
    requestId: scope.requestId,
    ip: scope.ip,
    details: { kind: run.kind, run: request.run, params: params as Record<string, unknown> },
  };
  // Before it is asked for: what happened on a router and is in no log would be worse than an entry
  // of something that did not come about.
  await scope.db.tenant(scope.tenantId, (sql) =>
    recordAudit(sql, deps.kms, scope.tenantId, {
      ...entry,
      at: new Date(deps.clock.now()),
      action: "run.started",
      outcome: "ok",
    }));
  const answer = StartAnswer.parse(fromBytes(
    await deps.rpc.request(subjects.runStart(region), toBytes(request), { timeoutMs: ANSWER_MS }),
  ));
  if (answer.ok) return answer.info;
  await recordAuditApart(scope.db, deps.kms, scope.tenantId, [{
    ...entry,
    at: new Date(deps.clock.now()),
    action: "run.started",
    outcome: "refused",
    details: { ...entry.details, why: answer.detail },
  }]);
  if (answer.why === "busy") throw new TooManyRequests(answer.detail, 10);
  throw new Conflict(answer.detail);
}

function checkParams(kind: RunKind, params: unknown): unknown {
  const checked = kind.params.safeParse(params);
  if (checked.success) return checked.data;
  throw new InvalidInput(
    `Cannot start ${kind.title} like this`,
    checked.error.issues.map(({ path, message }) => ({
      path: ["params", ...path].join("."),
      message,
    })),
  );
}

interface RunDevice {
  id: string;
  name: string;
  region: string;
}

async function findDevice(scope: Scope, id: string): Promise<RunDevice> {
  const [device] = await scope.db.tenant(scope.tenantId, (sql) =>
    sql<RunDevice[]>`
      select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name, d.region
      from devices d
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.id = ${id}`);
  if (!device) throw new NotFound("Cannot find this device");
  return device;
}

async function limitStarts({ tenantId }: Scope, { locks }: StartDeps): Promise<void> {
  const { count, resetMs } = await locks.hit(`run_starts:${tenantId}`, 60_000);
  if (count <= STARTS_A_MINUTE) return;
  throw new TooManyRequests(
    `Cannot start more than ${STARTS_A_MINUTE} runs a minute: wait a moment`,
    Math.ceil(resetMs / 1_000),
  );
}
