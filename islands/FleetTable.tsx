import { useSignal } from "@preact/signals";
import { ask } from "./ask.ts";
import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Device } from "@/core/contract/device.ts";
import { DeviceRow } from "@/components/Cells.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { follow, now } from "./live.ts";

export interface Column {
  key: string;
  label: string;
  /** Where a click on the header leads: the same list, sorted by this column. */
  href: string;
  sorted: "ascending" | "descending" | "none";
  class: string;
}

/** The fleet table: sorted, filtered and paged by the server; its cells change in place. */
export default function FleetTable({ columns, initial, renderedAt, reload }: {
  columns: Column[];
  initial: Device[];
  /** Milliseconds; the first ages are computed from it so that server and browser agree. */
  renderedAt: number;
  /** API address of this very page of the list. */
  reload: string;
}) {
  const devices = useSignal(initial);
  const clock = useSignal(renderedAt);

  useEffect(() => {
    const refresh = async () => {
      const response = await ask(reload);
      if (response.ok) devices.value = (await response.json() as { items: Device[] }).items;
    };
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

  return (
    <ScrollArea label="Routers">
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ key, label, href, sorted, class: name }) => (
              <th key={key} class={name} aria-sort={sorted} scope="col">
                <a class="hover:text-text" href={href}>
                  {label}
                  {sorted !== "none" && (
                    <span aria-hidden="true">{sorted === "ascending" ? " ↑" : " ↓"}</span>
                  )}
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {devices.value.map((device): ComponentChildren => (
            <DeviceRow key={device.id} device={device} now={clock.value} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
