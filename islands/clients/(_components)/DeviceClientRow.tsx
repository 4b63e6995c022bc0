import type { DeviceClient } from "@/core/contract/clients.ts";
import { bps, duration } from "@/core/contract/format.ts";
import { KindBadge } from "@/components/KindBadge.tsx";
import { MacAddress } from "@/components/MacAddress.tsx";
import { SignalDbm } from "@/components/SignalDbm.tsx";

/** One device on a router. */
export function DeviceClientRow({ client }: { client: DeviceClient }) {
  const [first, ...more] = client.addresses;
  return (
    <tr class={client.isHere ? undefined : "text-text-2"}>
      <td class="min-w-36">
        <bdi class="font-medium">{client.name ?? ""}</bdi> <KindBadge kind={client.kind} />
        {client.macAddress !== null
          ? (
            <div>
              <MacAddress
                mac={client.macAddress}
                vendor={client.vendor}
                isRandom={client.isRandom}
              />
            </div>
          )
          : <div class="text-xs text-text-3">tunnel, without MAC</div>}
        {/* On a phone the address has no column of its own. */}
        <div class="mono sm:hidden">{first ?? ""}</div>
      </td>
      <td class="mono hidden sm:table-cell">
        {first ?? ""}
        {more.length > 0 && (
          <div class="text-xs text-text-3" title={more.join("\n")}>
            {more.length === 1 ? more[0] : `and ${more.length} more`}
          </div>
        )}
      </td>
      <td>
        <bdi>{client.interface ?? ""}</bdi>
        <div class="text-xs text-text-3">
          {client.ssid !== null && <bdi>{client.ssid}</bdi>}
          {client.vlan !== null && ` VLAN ${client.vlan}`}
          {client.ppp && ` ${client.ppp.service}`}
        </div>
      </td>
      <td class="num">{client.isWireless ? <SignalDbm level={client.signalDbm} /> : ""}</td>
      <td class="num hidden whitespace-nowrap sm:table-cell">
        {client.isWireless && (
          <>
            {bps(client.txRateBps)} tx
            <div class="text-xs text-text-3">{bps(client.rxRateBps)} rx</div>
          </>
        )}
      </td>
      <td class="num hidden whitespace-nowrap lg:table-cell">
        {client.connectedSeconds === null ? "" : duration(client.connectedSeconds)}
      </td>
      <td class="hidden md:table-cell">
        {client.lease && (
          <>
            {client.lease.status}
            {client.lease.isReserved && ", reserved"}
          </>
        )}
        {client.comment !== null && (
          <div class="text-xs text-text-3">
            <bdi>{client.comment}</bdi>
          </div>
        )}
      </td>
    </tr>
  );
}
