import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { MemoryRpc } from "@/core/adapters/rpc_memory.ts";
import type { RunMessage, RunRow } from "@/core/contract/device_runs.ts";
import type { RunKindName } from "@/core/contract/runs/mod.ts";
import { followRun } from "@/core/device_runs/follow_run.ts";
import { fromBytes, toBytes } from "@/core/device_runs/ask_poller.ts";
import { StartAnswer } from "@/core/device_runs/protocol.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import { type Clock, systemClock } from "@/core/ports/clock.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { type Permission, PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { LiveRuns } from "@/poller/runs/runs.ts";
import { Semaphore } from "@/poller/semaphore.ts";
import type { RouterHost } from "@/tools/sim/host.ts";
import { recordingLog } from "./log.ts";

export const TENANT = "11111111-1111-4111-8111-111111111111" as TenantId;
export const OTHER = "22222222-2222-4222-8222-222222222222" as TenantId;

/** A follower's scope; the use cases of a run need no database. */
export const scopeIn = (
  tenantId: TenantId,
  permissions: readonly Permission[] = PERMISSIONS,
): Scope => ({
  db: undefined as never,
  tenantId,
  actor: "user:test",
  permissions: new Set(permissions),
});

interface Options {
  bus?: Bus;
  rpc?: Rpc;
  locks?: Locks;
  clock?: Clock;
  pollers?: number;
}

/** Pollers that take runs on simulated routers: real sockets, no database. */
export function startRuns(routers: readonly RouterHost[], options: Options = {}) {
  const {
    bus = new MemoryBus({ maxBytes: 2 ** 24, maxAgeSeconds: 60 }),
    rpc = new MemoryRpc(),
    locks = new MemoryLocks(),
    clock = systemClock,
    pollers: count = 1,
  } = options;
  const log = recordingLog();
  const targets = new Map<string, PollTarget>();
  const logins = new Map<string, { username: string; password: string }>();
  const ids = routers.map((router, index) => {
    const deviceId = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const { username, password } = router;
    logins.set(deviceId, { username, password });
    targets.set(deviceId, {
      ...{ tenantId: TENANT, deviceId, address: router.address, port: router.port },
      ...{ tlsMode: "plain", tlsFingerprint: null, tlsCa: null, region: "default" },
      ...{ sshPort: 22, sshHostKey: null },
      ...{ pollIntervalSeconds: null, isEnabled: true, revision: 1, credentialAt: "1" },
    });
    return deviceId;
  });
  const reads: string[] = [];
  const pollers = Array.from({ length: count }, () => {
    const stop = new AbortController();
    const runs = new LiveRuns({
      ...{ bus, rpc, clock, locks, log, region: "default", handshakes: new Semaphore(8) },
      connectTimeoutMs: 1_000,
      target: (id) => Promise.resolve(targets.get(id)),
      credential: ({ deviceId }) => {
        reads.push(deviceId);
        return Promise.resolve(logins.get(deviceId));
      },
    });
    return { runs, stop, done: runs.serve(stop.signal) };
  });
  const deps = { bus, rpc, clock };
  return {
    ...{ ...deps, locks, log, ids, targets, reads, pollers },
    /** Asks a poller for a run, as the API does once it has checked and audited it. */
    async start(kind: RunKindName, params: unknown, deviceId: string | null = ids[0]!) {
      const request = {
        ...{ run: crypto.randomUUID(), tenantId: TENANT, deviceId, kind, params },
        actor: "user:test",
      };
      const subject = subjects.runStart("default");
      const answer = await rpc.request(subject, toBytes(request), { timeoutMs: 5_000 });
      return StartAnswer.parse(fromBytes(answer));
    },
    async startOk(kind: RunKindName, params: unknown, deviceId?: string) {
      const answer = await this.start(kind, params, deviceId);
      if (!answer.ok) throw new Error(answer.detail);
      return answer.info.id;
    },
    follow: (run: string, { tenantId = TENANT, afterSeq = 0 } = {}) => {
      const leaving = new AbortController();
      const followed = followRun(scopeIn(tenantId), deps, run, {
        signal: leaving.signal,
        afterSeq,
      });
      return { leaving, followed };
    },
    /** Everything a run says, to its end. */
    async read(run: string): Promise<RunMessage[]> {
      const { followed } = this.follow(run);
      return await Array.fromAsync((await followed).messages);
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of pollers) stop.abort();
      await Promise.all(pollers.map(({ done }) => done));
    },
  };
}

/** The rows of all messages, or of the last table. */
export function rowsOf(messages: readonly RunMessage[]): RunRow[] {
  const tables = messages.filter((message) => message.type === "section");
  if (tables.length > 0) return tables.at(-1)!.rows;
  return messages.flatMap((message) => message.type === "rows" ? message.rows : []);
}
