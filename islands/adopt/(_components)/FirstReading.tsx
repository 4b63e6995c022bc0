import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Device } from "@/core/contract/device.ts";
import { bps } from "@/core/contract/format.ts";
import { ask } from "../../ask.ts";
import { follow } from "../../live.ts";

/** Waits for the first poll and shows what came of it. */
export function FirstReading({ device: added, next, onAnother }: {
  device: Device;
  next: string;
  onAnother: () => void;
}) {
  const device = useSignal(added);
  useEffect(() => {
    const read = async () => {
      const answer = await ask(`/api/devices/${added.id}`).catch(() => undefined);
      if (answer?.ok) device.value = await answer.json();
    };
    // The first poll may have come before the stream: so read once, then at each message.
    void read();
    return follow({ device: () => void read(), reset: () => void read() }, added.id);
  }, [added.id]);

  const { status, name, version, boardName, model, cpuPercent, rxBps, txBps, statusDetail } =
    device.value;
  const isDone = status === "online";
  const isBad = status === "offline" || status === "unknown";
  return (
    <section class="panel grid gap-3 p-5" aria-live="polite">
      {isDone && (
        <>
          <p class="text-lg text-ok">
            <bdi>{name}</bdi> is polled.
          </p>
          <dl class="grid grid-cols-2 gap-3 sm:grid-cols-4">
            <Figure label="RouterOS">{version ?? "–"}</Figure>
            <Figure label="Board">{boardName ?? model ?? "–"}</Figure>
            <Figure label="CPU">{cpuPercent === null ? "–" : `${Math.round(cpuPercent)} %`}</Figure>
            <Figure label="Traffic">{bps(rxBps)} in, {bps(txBps)} out</Figure>
          </dl>
        </>
      )}
      {!isDone && !isBad && (
        <p role="status">
          Waiting for the first reading of <bdi>{name}</bdi>…
        </p>
      )}
      {isBad && (
        <p class="break text-bad" role="alert">
          It was added, but the poll failed: {statusDetail ?? "no reason was given."}{" "}
          It is tried again by itself.
        </p>
      )}
      <div class="flex flex-wrap gap-2">
        <a class="btn btn-primary" href={next}>{isDone ? "Done" : "Go on"}</a>
        <button type="button" class="btn" onClick={onAnother}>Add another</button>
      </div>
    </section>
  );
}

function Figure({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt class="text-xs text-text-3">{label}</dt>
      <dd class="break mt-0.5">
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}
