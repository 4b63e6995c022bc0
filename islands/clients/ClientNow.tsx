import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ClientPlace } from "@/components/ClientPlace.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { SignalDbm } from "@/components/SignalDbm.tsx";
import type { ClientDetail } from "@/core/contract/clients.ts";
import { bps, duration } from "@/core/contract/format.ts";
import { follow } from "../live.ts";

type Now = ClientDetail["now"];

/** What the routers that have a client now tell of it; the radio's figures follow its polls. */
export default function ClientNow({ macAddress, initial }: { macAddress: string; initial: Now }) {
  const places = useSignal(initial);
  const radio = initial.find(({ reading }) => reading.isWireless)?.device.id;
  useEffect(() => {
    if (radio === undefined) return;
    return follow({
      device: ({ cells, wireless }) => {
        const found = cells.id === radio &&
          wireless?.clients.find((client) => client.macAddress.toUpperCase() === macAddress);
        if (!found) return;
        const { signalDbm, snrDb, ccqPercent, txRateBps, rxRateBps, uptimeSeconds } = found;
        const figures = { signalDbm, snrDb, ccqPercent, txRateBps, rxRateBps };
        places.value = places.value.map((place) =>
          place.device.id !== radio ? place : {
            ...place,
            reading: { ...place.reading, ...figures, connectedSeconds: uptimeSeconds },
          }
        );
      },
    }, radio);
  }, [radio, macAddress]);

  return (
    <ScrollArea label="Where it is now">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Router</th>
            <th scope="col">Address</th>
            <th scope="col" class="num">Signal</th>
            <th scope="col" class="num hidden sm:table-cell">Rate</th>
            <th scope="col" class="num hidden sm:table-cell">Connected</th>
            <th scope="col" class="hidden md:table-cell">Lease</th>
          </tr>
        </thead>
        <tbody>
          {places.value.map(({ device, reading }) => (
            <tr key={device.id}>
              <td>
                <ClientPlace
                  device={device}
                  port={reading.interface}
                  ssid={reading.ssid}
                  vlan={reading.vlan}
                />
              </td>
              <td class="mono">{reading.addresses[0] ?? ""}</td>
              <td class="num">
                {reading.isWireless ? <SignalDbm level={reading.signalDbm} /> : ""}
                {reading.snrDb !== null && (
                  <div class="text-xs text-text-3">{reading.snrDb} dB SNR</div>
                )}
              </td>
              <td class="num hidden whitespace-nowrap sm:table-cell">
                {reading.isWireless && (
                  <>
                    {bps(reading.txRateBps)} tx
                    <div class="text-xs text-text-3">{bps(reading.rxRateBps)} rx</div>
                  </>
                )}
              </td>
              <td class="num hidden whitespace-nowrap sm:table-cell">
                {reading.connectedSeconds === null ? "" : duration(reading.connectedSeconds)}
              </td>
              <td class="hidden md:table-cell">
                {reading.lease && (
                  <>
                    {reading.lease.status}
                    {reading.lease.isReserved && ", reserved"}
                  </>
                )}
                {reading.ppp && `${reading.ppp.service} `}
                {reading.comment !== null && (
                  <div class="text-xs text-text-3">
                    <bdi>{reading.comment}</bdi>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
