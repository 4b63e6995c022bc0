import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { WirelessReading } from "@/core/contract/sample.ts";
import { dbm, percent } from "@/core/contract/format.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { follow } from "./live.ts";

/** The radios of a router, as each poll finds them. */
export default function Radios({ deviceId, initial }: {
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
      <p>
        <a class="font-medium underline" href={`/devices/${deviceId}/clients?sort=signal`}>
          {clients.length === 1
            ? "1 client is connected"
            : `${clients.length} clients are connected`}
        </a>, with their signal and rates, weakest first.
      </p>
    </>
  );
}
