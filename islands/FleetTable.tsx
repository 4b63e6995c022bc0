import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { cellClass, FLEET_LOOKS, rowClass } from "@/components/fleet_columns.tsx";
import type { Device } from "@/core/contract/device.ts";
import type { FleetColumn } from "@/core/contract/fleet_views.ts";
import { ask } from "./ask.ts";
import { BulkBar } from "./fleet/(_components)/BulkBar.tsx";
import { follow, now } from "./live.ts";

export interface Column {
  key: FleetColumn;
  label: string;
  /** Where a click on the header leads: the same list, sorted by this column; `null`: it cannot be. */
  href: string | null;
  sorted: "ascending" | "descending" | "none";
}

export interface FleetTableProps {
  columns: Column[];
  /** Whether somebody chose them: then they show on every screen. */
  isChosen: boolean;
  initial: Device[];
  /** Milliseconds; the first ages are computed from it so that server and browser agree. */
  renderedAt: number;
  /** API address of this very page of the list. */
  reload: string;
  /** For changes to many: the query and how many fit it. Absent: nothing can be chosen. */
  choosing: { q: string; total: number; mayGroup: boolean; mayMakeJobs: boolean } | undefined;
}

/** The fleet table: sorted, filtered and paged by the server; its cells change in place. */
export default function FleetTable(props: FleetTableProps) {
  const { columns, isChosen, initial, renderedAt, reload, choosing } = props;
  const devices = useSignal(initial);
  const clock = useSignal(renderedAt);
  /** Ids, or all that fit the query, on other pages too. */
  const chosen = useSignal<ReadonlySet<string> | "all">(new Set<string>());

  const refresh = async () => {
    const response = await ask(reload);
    if (response.ok) devices.value = (await response.json() as { items: Device[] }).items;
  };
  useEffect(() => {
    const stop = follow({
      batch: (batch) => {
        const cells = new Map(batch.devices.map((device) => [device.id, device]));
        if (!devices.value.some(({ id }) => cells.has(id))) return;
        devices.value = devices.value.map((device) => {
          const changed = cells.get(device.id);
          return changed ? { ...device, ...changed } : device;
        });
      },
      reset: () => void refresh(),
    });
    const untick = now.subscribe((time) => clock.value = time);
    return () => {
      stop();
      untick();
    };
  }, [reload]);

  const keys = columns.map(({ key }) => key);
  const has = (id: string) => chosen.value === "all" || chosen.value.has(id);
  const isWhole = devices.value.length > 0 && devices.value.every(({ id }) => has(id));
  function toggle(ids: readonly string[], isOn: boolean) {
    const before = chosen.value === "all" ? devices.value.map(({ id }) => id) : chosen.value;
    const after = new Set(before);
    for (const id of ids) isOn ? after.add(id) : after.delete(id);
    chosen.value = after;
  }

  return (
    <>
      <div class="panel overflow-x-auto">
        <table class="table">
          <thead>
            <tr>
              {choosing && (
                <th scope="col" class="w-8 pr-0!">
                  <input
                    type="checkbox"
                    aria-label="Select all routers of this page"
                    checked={isWhole}
                    onChange={(event) =>
                      toggle(devices.value.map(({ id }) => id), event.currentTarget.checked)}
                  />
                </th>
              )}
              {columns.map(({ key, label, href, sorted }) => (
                <th key={key} class={cellClass(key, isChosen)} aria-sort={sorted} scope="col">
                  {href === null ? label : (
                    <a class="hover:text-text" href={href}>
                      {label}
                      {sorted !== "none" && (
                        <span aria-hidden="true">{sorted === "ascending" ? " ↑" : " ↓"}</span>
                      )}
                    </a>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {devices.value.map((device) => (
              <tr key={device.id} data-device={device.id} class={rowClass(device)}>
                {choosing && (
                  <td class="w-8 pr-0!">
                    <input
                      type="checkbox"
                      aria-label={`Select ${device.name.slice(0, 80)}`}
                      checked={has(device.id)}
                      onChange={(event) => toggle([device.id], event.currentTarget.checked)}
                    />
                  </td>
                )}
                {keys.map((key) => (
                  <td key={key} class={cellClass(key, isChosen)}>
                    {FLEET_LOOKS[key].cell(device, clock.value, keys)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {choosing && (
        <BulkBar
          {...choosing}
          chosen={chosen}
          isWhole={isWhole}
          isRetired={devices.value.some(({ retiredAt }) => retiredAt !== null)}
          onDone={() => void refresh()}
        />
      )}
    </>
  );
}
