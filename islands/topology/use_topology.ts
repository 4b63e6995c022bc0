import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NodePosition, Topology } from "@/core/contract/topology.ts";
import type { LiveBatch } from "@/core/contract/device.ts";
import { ask } from "../ask.ts";
import { follow } from "../live.ts";
import type { Point } from "./layout.ts";

/** While the fleet reports, links and rates are read again so often. */
const REFRESH_MS = 30_000;

export interface TopologySource {
  readonly topology: Signal<Topology | undefined>;
  /** Where people put nodes. */
  readonly saved: Signal<ReadonlyMap<string, Point>>;
  readonly problem: Signal<string>;
  reload(): Promise<void>;
}

/** The tenant's topology: read once, then followed live. */
export function useTopology(): TopologySource {
  const topology = useSignal<Topology | undefined>(undefined);
  const saved = useSignal<ReadonlyMap<string, Point>>(new Map());
  const problem = useSignal("");

  async function reload() {
    try {
      const [links, places] = await Promise.all([
        ask("/api/topology"),
        ask("/api/topology/positions"),
      ]);
      if (!links.ok || !places.ok) throw new Error(`it answered ${links.status}`);
      topology.value = await links.json();
      const { positions } = await places.json() as { positions: NodePosition[] };
      saved.value = new Map(positions.map(({ node, x, y }) => [node, { x, y }]));
      problem.value = "";
    } catch (error) {
      problem.value = `Cannot read the topology: ${(error as Error).message}. Reload the page.`;
    }
  }

  useEffect(() => {
    let readAt = Date.now();
    let isGone = false;
    const refresh = async () => {
      readAt = Date.now();
      const answer = await ask("/api/topology").catch(() => undefined);
      // What is shown stays when it cannot be read anew; the page says itself that it is not live.
      if (!isGone && answer?.ok) topology.value = await answer.json();
    };
    void reload();
    const stop = follow({
      batch: (batch) => {
        if (!topology.value) return;
        topology.value = withStatuses(topology.value, batch);
        if (Date.now() - readAt > REFRESH_MS) void refresh();
      },
      reset: () => void refresh(),
    });
    return () => {
      isGone = true;
      stop();
    };
  }, []);

  return { topology, saved, problem, reload };
}

/** The same topology, unless a status changed: then what changed is new, and only that is drawn again. */
function withStatuses(topology: Topology, batch: LiveBatch): Topology {
  const cells = new Map(batch.devices.map(({ id, status }) => [id, status]));
  let isChanged = false;
  const nodes = topology.nodes.map((node) => {
    const status = cells.get(node.key);
    if (!status || node.status === status || node.status === "disabled") return node;
    isChanged = true;
    return { ...node, status };
  });
  return isChanged ? { ...topology, nodes } : topology;
}
