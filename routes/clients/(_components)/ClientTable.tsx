import { ClientPlace } from "@/components/ClientPlace.tsx";
import { KindBadge } from "@/components/KindBadge.tsx";
import { MacAddress } from "@/components/MacAddress.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { Client, ClientSort } from "@/core/contract/clients.ts";
import { ago, utc } from "@/core/contract/format.ts";

const COLUMNS: [label: string, sort: ClientSort | null, name: string][] = [
  ["Client", "name", ""],
  ["MAC", "mac", "hidden sm:table-cell"],
  ["Address", "ip", "hidden sm:table-cell"],
  ["Where", null, ""],
  ["Seen", null, ""],
  ["First seen", "new", "hidden md:table-cell"],
];

/** A page of clients across the fleet. */
export function ClientTable({ clients, nowMs, sorted, link }: {
  clients: Client[];
  nowMs: number;
  sorted: { sort: ClientSort; order: "asc" | "desc" };
  link: (changes: Record<string, string | undefined>) => string;
}) {
  return (
    <ScrollArea label="Clients">
      <table class="table">
        <thead>
          <tr>
            {COLUMNS.map(([label, sort, name]) => {
              const isSorted = sort === sorted.sort;
              const first = sort === "new" ? "desc" : "asc";
              const next = isSorted ? (sorted.order === "asc" ? "desc" : "asc") : first;
              const direction = sorted.order === "asc" ? "ascending" : "descending";
              return (
                <th
                  key={label}
                  scope="col"
                  class={name}
                  aria-sort={sort === null ? undefined : isSorted ? direction : "none"}
                >
                  {sort === null
                    ? label
                    : (
                      <a class="hover:text-text" href={link({ sort, order: next })}>
                        {label}
                        {isSorted && (
                          <span class="ml-1" aria-hidden="true">
                            {sorted.order === "asc" ? "↑" : "↓"}
                          </span>
                        )}
                      </a>
                    )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {clients.map((client) => <Row key={client.macAddress} client={client} nowMs={nowMs} />)}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ client, nowMs }: { client: Client; nowMs: number }) {
  const [first, second] = client.addresses;
  return (
    <tr class={client.isHere ? undefined : "text-text-2"}>
      <td>
        <a class="font-medium hover:underline" href={`/clients/${client.macAddress}`}>
          {client.name === null
            ? <span class="font-normal text-text-3">without a name</span>
            : <bdi>{client.name}</bdi>}
        </a>{" "}
        <KindBadge kind={client.kind} />
        {/* On a phone these have no column of their own. */}
        <div class="mono text-xs sm:hidden">{client.macAddress}</div>
        <div class="mono text-xs sm:hidden">{first ?? ""}</div>
      </td>
      <td class="hidden sm:table-cell">
        <MacAddress mac={client.macAddress} vendor={client.vendor} isRandom={client.isRandom} />
      </td>
      <td class="mono hidden sm:table-cell">
        {first ?? ""}
        {second && <div class="text-xs text-text-3">{second}</div>}
      </td>
      <td>
        <ClientPlace
          device={client.device}
          port={client.interface}
          ssid={client.ssid}
          vlan={client.vlan}
        />
      </td>
      <td class="whitespace-nowrap">
        {client.isHere
          ? <span class="font-medium text-ok">here now</span>
          : <span title={utc(client.lastSeen)}>{ago(client.lastSeen, nowMs)}</span>}
      </td>
      <td class="hidden whitespace-nowrap md:table-cell" title={utc(client.firstSeen)}>
        {ago(client.firstSeen, nowMs)}
      </td>
    </tr>
  );
}
