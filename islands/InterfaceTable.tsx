import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { InterfaceState } from "@/core/contract/device.ts";
import { bps, perSecond, UNKNOWN } from "@/core/contract/format.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { follow } from "./live.ts";

/** Interfaces with their live rates. */
export default function InterfaceTable({ deviceId, initial }: {
  deviceId: string;
  initial: InterfaceState[];
}) {
  const interfaces = useSignal(initial);
  useEffect(() =>
    follow({
      device: (live) => {
        if (!live.interfaces) return;
        const rates = new Map(live.interfaces.map((one) => [one.name, one]));
        interfaces.value = interfaces.value.map((one) => ({ ...one, ...rates.get(one.name) }));
      },
    }, deviceId), [deviceId]);
  return (
    <ScrollArea label="Interfaces">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Interface</th>
            <th scope="col">State</th>
            <th scope="col" class="hidden md:table-cell">Type</th>
            <th scope="col" class="num">Rx</th>
            <th scope="col" class="num">Tx</th>
            <th scope="col" class="hidden sm:table-cell">Use of link</th>
            <th scope="col" class="num hidden lg:table-cell">Errors</th>
            <th scope="col" class="num hidden lg:table-cell">Drops</th>
            <th scope="col" class="num hidden xl:table-cell">Link downs</th>
            <th scope="col" class="hidden xl:table-cell">MAC address</th>
          </tr>
        </thead>
        <tbody>
          {interfaces.value.map((one) => (
            <tr key={one.name} class={one.isDisabled ? "text-text-3" : undefined}>
              <td>
                <a
                  class="font-medium hover:underline"
                  href={`?interface=${encodeURIComponent(one.name)}`}
                >
                  <bdi>{one.name}</bdi>
                </a>
                {one.comment && (
                  <div class="text-sm text-text-3">
                    <bdi>{one.comment}</bdi>
                  </div>
                )}
              </td>
              <td>
                <LinkState reading={one} />
              </td>
              <td class="hidden md:table-cell">{one.type}</td>
              <td class="num">{bps(one.rxBps)}</td>
              <td class="num">{bps(one.txBps)}</td>
              <td class="hidden sm:table-cell">
                <Utilisation reading={one} />
              </td>
              <td class="num hidden lg:table-cell">{perSecond(one.errorsPerSecond)}</td>
              <td class="num hidden lg:table-cell">{perSecond(one.dropsPerSecond)}</td>
              <td class="num hidden xl:table-cell">{one.linkDowns ?? UNKNOWN}</td>
              <td class="mono hidden xl:table-cell">{one.macAddress ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function LinkState({ reading }: { reading: InterfaceState }) {
  if (reading.isDisabled) return <span class="text-off">Disabled</span>;
  return reading.isRunning
    ? <span class="text-ok">Running</span>
    : <span class="text-text-2">Down</span>;
}

/** The busier direction against the negotiated speed. */
function Utilisation({ reading: { speedBps, rxBps, txBps } }: { reading: InterfaceState }) {
  if (!speedBps || rxBps === null || txBps === null) {
    return <span class="text-text-3">{UNKNOWN}</span>;
  }
  const share = Math.min(100, Math.max(rxBps, txBps) / speedBps * 100);
  const tone = share >= 90 ? "text-bad" : share >= 70 ? "text-warn" : "text-accent";
  return (
    <span class="inline-flex items-center gap-2 text-sm">
      <svg width="48" height="6" class={tone} aria-hidden="true">
        <rect width="48" height="6" rx="3" class="fill-raised" />
        <rect width={Math.max(1, share * 0.48)} height="6" rx="3" fill="currentColor" />
      </svg>
      {share.toFixed(share < 10 ? 1 : 0)} % of {bps(speedBps)}
    </span>
  );
}
