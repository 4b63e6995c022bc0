import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DeviceClient, DeviceClientPage, DeviceClientSort } from "@/core/contract/clients.ts";
import { ago } from "@/core/contract/format.ts";
import type { WirelessClient } from "@/core/contract/sample.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { ask } from "../ask.ts";
import { follow, now } from "../live.ts";
import { DeviceClientRow } from "./(_components)/DeviceClientRow.tsx";

interface Sort {
  key: DeviceClientSort;
  href: string;
  isSorted: boolean;
}

const HEADERS: [label: string, sort: DeviceClientSort | null, name: string][] = [
  ["Client", "name", ""],
  ["Address", "address", "hidden sm:table-cell"],
  ["Where", "interface", ""],
  ["Signal", "signal", "num"],
  ["Rate", null, "num hidden sm:table-cell"],
  ["Connected", null, "num hidden lg:table-cell"],
  ["Lease", null, "hidden md:table-cell"],
];
/** Whoever comes or goes is shown at once, but a busy hotspot must not ask at every poll. */
const RELOAD_EVERY_MS = 10_000;

/** Who is on this router: signals change at every poll, the list when its tables were read again. */
export default function DeviceClients({ deviceId, initial, reload, renderedAt, sorts }: {
  deviceId: string;
  initial: DeviceClientPage;
  /** API address of this very page of the list. */
  reload: string;
  renderedAt: number;
  sorts: Sort[];
}) {
  const list = useSignal(initial);
  const clock = useSignal(renderedAt);

  useEffect(() => {
    let lastMs = 0;
    const refresh = async () => {
      lastMs = Date.now();
      const response = await ask(reload);
      if (response.ok) list.value = await response.json() as DeviceClientPage;
    };
    const stop = follow({
      device: ({ hasClients, wireless }) => {
        if (wireless) list.value = withSignals(list.value, wireless.clients);
        const hasMoved = wireless !== null &&
          wireless.clients.length !== list.value.counts.wireless &&
          Date.now() - lastMs >= RELOAD_EVERY_MS;
        if (hasClients || hasMoved) void refresh();
      },
      reset: () => void refresh(),
    }, deviceId);
    const untick = now.subscribe((time) => clock.value = time);
    return () => {
      stop();
      untick();
    };
  }, [reload]);

  const { items, counts, isCut, sampledAt, total } = list.value;
  return (
    <>
      <p class="mb-3 text-text-2">
        {counts.here} here now: {counts.wireless} wireless, {counts.wired} wired.{" "}
        {counts.remembered > 0 && `${counts.remembered} remembered by a lease or an ARP entry. `}
        {sampledAt !== null && `Tables read ${ago(sampledAt, clock.value)}.`}
      </p>
      {isCut && (
        <p class="mb-3 text-sm text-warn" role="status">
          This router knows more devices than are read of it: some are missing here.
        </p>
      )}
      {items.length === 0
        ? <p class="panel p-4 text-text-2">No client of this router matches.</p>
        : (
          <ScrollArea label="Clients">
            <table class="table">
              <thead>
                <tr>
                  {HEADERS.map(([label, key, name]) => {
                    const sort = sorts.find((sort) => sort.key === key);
                    return (
                      <th
                        key={label}
                        scope="col"
                        class={name}
                        aria-sort={sort?.isSorted ? "ascending" : undefined}
                      >
                        {sort
                          ? (
                            <a class="hover:text-text" href={sort.href}>
                              {label}
                              {sort.isSorted && <span class="ml-1" aria-hidden="true">↑</span>}
                            </a>
                          )
                          : label}
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody>
                {items.map((client, index) => (
                  <DeviceClientRow key={client.macAddress ?? `tunnel ${index}`} client={client} />
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
      {total > items.length && (
        <p class="mt-2 text-sm text-text-3">{items.length} of {total} are on this page.</p>
      )}
    </>
  );
}

/** The same list with what the radios say of each client now. */
function withSignals(page: DeviceClientPage, clients: readonly WirelessClient[]): DeviceClientPage {
  const byMac = new Map(clients.map((client) => [client.macAddress.toUpperCase(), client]));
  const items = page.items.map((item): DeviceClient => {
    const radio = item.macAddress === null ? undefined : byMac.get(item.macAddress);
    if (!radio) return item;
    const { signalDbm, snrDb, ccqPercent, txRateBps, rxRateBps, uptimeSeconds } = radio;
    const figures = { signalDbm, snrDb, ccqPercent, txRateBps, rxRateBps };
    return { ...item, ...figures, connectedSeconds: uptimeSeconds };
  });
  return { ...page, items };
}
