import type { Topology } from "@/core/contract/topology.ts";
import { giveWay } from "@/core/give_way.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { readTopology } from "./read_topology.ts";

/** Rates of links are as old as this at most, whoever asks how often. */
const KEEP_MS = 10_000;
/** Tenants whose picture is kept in memory. */
const MAX_KEPT = 32;
/** Items turned into JSON at one time. */
const SLICE = 500;

interface Kept {
  atMs: number;
  topology: Promise<Topology>;
  json?: Promise<string>;
}

/** Tells a link stale from one that is seen: a router tells of its neighbours at this interval. */
export function staleAfterMs(slowIntervalSeconds: number): number {
  // What did not change is written again after five minutes at the latest.
  return Math.max(3 * slowIntervalSeconds, 900) * 1_000;
}

/**
 * The pictures of tenants, each read once in a while however many people look at it. New links, placed
 * or removed devices are seen at once in this process, and after ten seconds everywhere.
 */
export class Topologies implements AsyncDisposable {
  readonly #kept = new Map<TenantId, Kept>();
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(readonly deps: { bus: Bus; clock: Clock; staleMs: number }) {
    this.#listening = this.#listen();
  }

  async read(scope: Scope): Promise<Topology> {
    demand(scope, "topology:read");
    return await this.#entry(scope).topology;
  }

  /** As JSON text: of a large fleet it is megabytes, made once and in slices. */
  async readJson(scope: Scope): Promise<string> {
    demand(scope, "topology:read");
    const kept = this.#entry(scope);
    return await (kept.json ??= kept.topology.then(toJson));
  }

  forget(tenantId: TenantId): void {
    this.#kept.delete(tenantId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  #entry({ db, tenantId }: Scope): Kept {
    const nowMs = this.deps.clock.now();
    const kept = this.#kept.get(tenantId);
    if (kept && nowMs - kept.atMs < KEEP_MS && nowMs >= kept.atMs) return kept;
    const { staleMs } = this.deps;
    const topology = db.tenant(tenantId, (sql) => readTopology(sql, { nowMs, staleMs }));
    const entry: Kept = { atMs: nowMs, topology };
    this.#kept.delete(tenantId);
    this.#kept.set(tenantId, entry);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    topology.catch(() => this.#kept.get(tenantId) === entry && this.#kept.delete(tenantId));
    return entry;
  }

  async #listen(): Promise<void> {
    const options = { capacity: 64, signal: this.#stop.signal };
    for await (
      const { subject, dropped } of this.deps.bus.listen(
        subjects.everyTopologyChange,
        options,
      )
    ) {
      if (dropped > 0) this.#kept.clear();
      this.forget(subject.split(".").at(-1) as TenantId);
    }
  }
}

async function toJson({ nodes, links, ...rest }: Topology): Promise<string> {
  const list = async (items: readonly unknown[]) => {
    const parts: string[] = [];
    for (let at = 0; at < items.length; at += SLICE) {
      parts.push(JSON.stringify(items.slice(at, at + SLICE)).slice(1, -1));
      await giveWay();
    }
    return `[${parts.join(",")}]`;
  };
  const head = JSON.stringify(rest).slice(1, -1);
  return `{"nodes":${await list(nodes)},"links":${await list(links)},${head}}`;
}
