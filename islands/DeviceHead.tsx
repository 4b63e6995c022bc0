import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Device, LiveCells } from "@/core/contract/device.ts";
import { ago, bps, celsius, count, duration, utc } from "@/core/contract/format.ts";
import { Meter } from "@/components/Meter.tsx";
import { Score } from "@/components/Score.tsx";
import { shownStatus, Status } from "@/components/Status.tsx";
import { follow, now } from "./live.ts";

/** Status and key figures of one device, live; with the reason when it is not online. */
export default function DeviceHead({ device, renderedAt }: { device: Device; renderedAt: number }) {
  const cells = useSignal<LiveCells>(device);
  const clock = useSignal(renderedAt);
  useEffect(() => {
    const stop = follow({ device: (live) => cells.value = live.cells }, device.id);
    const untick = now.subscribe((time) => clock.value = time);
    return () => {
      stop();
      untick();
    };
  }, [device.id]);

  const { status, statusSince, sampledAt, cpuPercent, memoryPercent, temperatureC } = cells.value;
  const { rxBps, txBps, wirelessClients, uptimeSeconds, healthScore } = cells.value;
  return (
    <>
      {(status === "offline" || status === "unknown") && device.statusDetail && (
        <p class="mb-4 rounded-panel border border-bad bg-bad-soft px-4 py-3" role="status">
          <strong class="text-bad">
            {status === "offline" ? "Offline" : "Unknown"} since {ago(statusSince, clock.value)}.
          </strong>{" "}
          <span class="break">{device.statusDetail}</span>
        </p>
      )}
      <dl class="mb-5 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-5 2xl:grid-cols-10">
        <Figure label="Status">
          <Status status={shownStatus({ ...device, status })} />
        </Figure>
        <Figure label="Last reading">
          <span title={sampledAt ? utc(sampledAt) : ""} data-testid="age">
            {ago(sampledAt, clock.value)}
          </span>
        </Figure>
        <Figure label="Health">
          <Score score={healthScore} reasons={device.healthReasons} />
        </Figure>
        <Figure label="CPU">
          <Meter value={cpuPercent} />
        </Figure>
        <Figure label="Memory">
          <Meter value={memoryPercent} />
        </Figure>
        <Figure label="Temperature">{celsius(temperatureC)}</Figure>
        <Figure label="Rx">{bps(rxBps)}</Figure>
        <Figure label="Tx">{bps(txBps)}</Figure>
        <Figure label="Wireless clients">{count(wirelessClients)}</Figure>
        <Figure label="Uptime">{duration(uptimeSeconds)}</Figure>
      </dl>
    </>
  );
}

function Figure({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt class="text-xs text-text-3">{label}</dt>
      <dd class="mt-0.5">{children}</dd>
    </div>
  );
}
