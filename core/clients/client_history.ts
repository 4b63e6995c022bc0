import { Counter, type Registry } from "prom-client";
import type { DeviceSample } from "@/core/contract/sample.ts";
import type { Logger } from "@/core/log.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { type Changes, ClientMemory } from "./client_memory.ts";
import { type Observation, observe } from "./sightings.ts";
import { loadVendors } from "./vendors.ts";
import { readStays, writeClients } from "./write_clients.ts";

/**
 * Keeps where each MAC address was, from samples as ingest has stored them. In a transaction of its
 * own, after theirs: trouble here costs no reading, and the next sample tells the same again.
 */
export class ClientHistory {
  readonly #memory: ClientMemory;
  readonly #rows: Counter<"what">;
  readonly #failures: Counter;

  constructor(
    readonly deps: { db: Db; log: Logger; registry: Registry },
    memory = new ClientMemory(),
  ) {
    const registers = [deps.registry];
    this.#memory = memory;
    this.#rows = new Counter({
      name: "tod_client_writes_total",
      help: "Clients of routers written: seen (new, moved, confirmed), gone, own interfaces.",
      labelNames: ["what"] as const,
      registers,
    });
    this.#failures = new Counter({
      name: "tod_client_write_failures_total",
      help: "Writes of clients that failed; the next samples tell the same again.",
      registers,
    });
  }

  /** Samples in the order of their times. Never rejects. */
  async record(tenantId: TenantId, samples: readonly DeviceSample[]): Promise<void> {
    const vendors = await loadVendors();
    let rest: Observation[] = [];
    for (const sample of samples) {
      const observation = observe(sample, vendors);
      if (observation) rest.push(observation);
    }
    // A device after the other within a round: a statement cannot touch a row twice.
    while (rest.length > 0) {
      const round = new Map<string, Observation>();
      const later: Observation[] = [];
      for (const observation of rest) {
        if (round.has(observation.deviceId)) later.push(observation);
        else round.set(observation.deviceId, observation);
      }
      await this.#recordRound(tenantId, round);
      rest = later;
    }
  }

  async #recordRound(
    tenantId: TenantId,
    round: ReadonlyMap<string, Observation>,
  ): Promise<void> {
    const memory = this.#memory;
    try {
      const unknown = memory.unknown(round.keys());
      if (unknown.length > 0) {
        memory.learn(
          unknown,
          await this.deps.db.tenant(tenantId, (sql) => readStays(sql, unknown)),
        );
      }
      const changes = [...round.values()].map((one) => memory.apply(one))
        .filter(({ seen, gone, own }) => seen.length + gone.length + own.length > 0);
      if (changes.length === 0) return;
      await this.#write(tenantId, changes);
    } catch (error) {
      memory.forget(round.keys());
      this.#failures.inc();
      this.deps.log.warn("clients were not written: the next samples tell them again", { error });
    }
  }

  async #write(tenantId: TenantId, changes: readonly Changes[]): Promise<void> {
    await this.deps.db.tenant(tenantId, async (sql) => {
      const ids = changes.map(({ deviceId }) => deviceId).sort();
      const rows = await sql<{ id: string }[]>`
        select id from devices where id = any(${ids}::uuid[]) order by id for key share`;
      const there = new Set(rows.map(({ id }) => id));
      await writeClients(sql, tenantId, changes.filter(({ deviceId }) => there.has(deviceId)));
    });
    for (const what of ["seen", "gone", "own"] as const) {
      this.#rows.inc({ what }, changes.reduce((sum, change) => sum + change[what].length, 0));
    }
  }
}
