import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { WirelessReading } from "@/core/contract/sample.ts";
import { bps, dbm, duration, percent } from "@/core/contract/format.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { follow } from "./live.ts";

/** Radios and registered clients, weakest signal first. */
export default function WirelessClients({ deviceId, initial }: {
  deviceId: string;
  initial: WirelessReading;
}) {
  const wireless = useSignal(initial);
  useEffect(() =>
    follow({
      device: (live) => {
        if (live.wireless) wireless.value = live.wireless;
      },
    }, deviceId), [deviceId]);
  const { radios, clients } = wireless.value;
  const weakestFirst = clients.toSorted((a, b) => (a.signalDbm ?? 0) - (b.signalDbm ?? 0));
  return (
    <>
      <ScrollArea label="Radios" class="mb-4">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Radio</th>
              <th scope="col">SSID</th>
              <th scope="col">Channel</th>
              <th scope="col" class="num">Noise</th>
              <th scope="col" class="num">CCQ</th>
              <th scope="col" class="num">Clients</th>
            </tr>
          </thead>
          <tbody>
            {radios.map((radio) => (
              <tr key={radio.interface}>
                <td class="font-medium">
                  <bdi>{radio.interface}</bdi>
                </td>
                <td>
                  <bdi>{radio.ssid ?? ""}</bdi>
                </td>
                <td>{radio.channel ?? (radio.frequencyMhz ? `${radio.frequencyMhz} MHz` : "")}</td>
                <td class="num">{dbm(radio.noiseDbm)}</td>
                <td class="num">{percent(radio.ccqPercent)}</td>
                <td class="num">{radio.clients}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      <ScrollArea label="Wireless clients">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">Radio</th>
              <th scope="col" class="num">Signal</th>
              <th scope="col" class="num hidden sm:table-cell">SNR</th>
              <th scope="col" class="num">Tx rate</th>
              <th scope="col" class="num">Rx rate</th>
              <th scope="col" class="num hidden sm:table-cell">Connected</th>
              <th scope="col" class="hidden md:table-cell">Last address</th>
            </tr>
          </thead>
          <tbody>
            {weakestFirst.map((client) => (
              <tr key={client.interface + client.macAddress}>
                <td class="mono">{client.macAddress}</td>
                <td>
                  <bdi>{client.interface}</bdi>
                </td>
                <td class={`num ${signalTone(client.signalDbm)}`}>{dbm(client.signalDbm)}</td>
                <td class="num hidden sm:table-cell">
                  {client.snrDb === null ? "–" : `${client.snrDb} dB`}
                </td>
                <td class="num">{bps(client.txRateBps)}</td>
                <td class="num">{bps(client.rxRateBps)}</td>
                <td class="num hidden sm:table-cell">{duration(client.uptimeSeconds)}</td>
                <td class="mono hidden md:table-cell">{client.lastIp ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {clients.length === 0 && <p class="p-4 text-text-2">No client is connected.</p>}
      </ScrollArea>
    </>
  );
}

function signalTone(level: number | null): string {
  if (level === null) return "text-text-3";
  return level <= -80 ? "text-bad font-medium" : level <= -72 ? "text-warn" : "";
}
