import { STATUS_LOOK } from "@/components/Status.tsx";
import type { Topology } from "@/core/contract/topology.ts";
import type { TopologyQuery } from "../Topology.tsx";
import type { NodeStatus } from "../view_graph.ts";
import { NodePicker } from "./NodePicker.tsx";

const STATUSES: readonly NodeStatus[] = ["online", "offline", "unknown", "pending", "disabled"];

/** Search and what is shown. */
export function Toolbar(
  { topology, query, isGrouped, found, search, onSearch, onChoose, onQuery, onReset }: {
    topology: Topology | undefined;
    query: TopologyQuery;
    isGrouped: boolean;
    found: number;
    search: string;
    onSearch: (text: string) => void;
    onChoose: (key: string) => void;
    onQuery: (next: Partial<TopologyQuery>) => void;
    /** Absent: nothing to reset, or not allowed. */
    onReset: (() => void) | undefined;
  },
) {
  return (
    <div class="mb-3 flex flex-wrap items-center gap-2">
      <div class="w-full sm:w-60">
        <NodePicker
          label="Find a router"
          keepsText
          nodes={topology?.nodes ?? []}
          onType={onSearch}
          onChoose={({ key }) => onChoose(key)}
        />
      </div>
      {search.trim() !== "" && <span class="text-sm text-text-2" role="status">{found} found</span>}
      <select
        class="field w-auto max-w-52"
        aria-label="Site"
        value={query.site ?? ""}
        onChange={(event) => onQuery({ site: event.currentTarget.value || undefined })}
      >
        <option value="">All sites</option>
        {topology?.sites.map(({ id, path }) => <option key={id} value={id}>{path}</option>)}
      </select>
      <select
        class="field w-auto"
        aria-label="Status"
        value={query.status ?? ""}
        onChange={(event) =>
          onQuery({ status: STATUSES.find((one) => one === event.currentTarget.value) })}
      >
        <option value="">Any status</option>
        {STATUSES.map((one) => <option key={one} value={one}>{STATUS_LOOK[one].word}</option>)}
      </select>
      <label class="flex items-center gap-1.5 text-sm">
        <input
          type="checkbox"
          checked={query.unmanaged}
          onChange={(event) => onQuery({ unmanaged: event.currentTarget.checked })}
        />
        Not managed
      </label>
      <label class="flex items-center gap-1.5 text-sm">
        <input
          type="checkbox"
          checked={isGrouped}
          onChange={(event) => onQuery({ grouped: event.currentTarget.checked, open: [] })}
        />
        Group by site
      </label>
      {onReset && <button type="button" class="btn" onClick={onReset}>Reset layout</button>}
    </div>
  );
}
