import { useSignal } from "@preact/signals";
import { ask } from "./ask.ts";
import { useEffect, useRef } from "preact/hooks";
import type { FleetSummary } from "@/core/contract/device.ts";
import { bps, count } from "@/core/contract/format.ts";
import { Score } from "@/components/Score.tsx";
import { Status } from "@/components/Status.tsx";
import { follow } from "./live.ts";

/** Events come in bursts: the figures are read again at most this often. */
const REFRESH_MS = 3_000;

/** Key figures, versions and worst devices; read again when the stream says that something changed. */
export default function FleetStats({ initial }: { initial: FleetSummary }) {
  const summary = useSignal(initial);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const refresh = async () => {
      timer.current = undefined;
      const response = await ask("/api/fleet/summary");
      if (response.ok) summary.value = await response.json();
    };
    const soon = () => timer.current ??= setTimeout(() => void refresh(), REFRESH_MS);
    const stop = follow({ batch: soon, reset: soon });
    return () => {
      stop();
      clearTimeout(timer.current);
    };
  }, []);

  const { total, online, offline, unknown, pending, rxBps, txBps, wirelessClients } = summary.value;
  const { averageHealth, versions, worst } = summary.value;
  const most = Math.max(1, ...versions.map(({ devices }) => devices));
  return (
    <>
      <dl class="mb-5 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
        <Stat label="Online" href="/devices?q=status%3Aonline" tone="text-ok">
          <span data-testid="online">{count(online)}</span>
          <span class="text-base font-normal text-text-3">of {count(total)}</span>
        </Stat>
        <Stat
          label="Offline"
          href="/devices?q=status%3Aoffline"
          tone={offline > 0 ? "text-bad" : ""}
        >
          <span data-testid="offline">{count(offline)}</span>
        </Stat>
        <Stat
          label={pending > 0 ? "Unknown, pending" : "Unknown"}
          href="/devices?q=status%3Aunknown"
          tone={unknown > 0 ? "text-warn" : ""}
        >
          {count(unknown + pending)}
        </Stat>
        <Stat label="Average health">
          {averageHealth === null ? "–" : Math.round(averageHealth)}
        </Stat>
        <Stat label="Traffic, rx / tx">
          <span class="text-lg">{bps(rxBps)}</span>
          <span class="text-base font-normal text-text-3">{bps(txBps)}</span>
        </Stat>
        <Stat label="Wireless clients">{count(wirelessClients)}</Stat>
      </dl>
      <div class="grid gap-4 lg:grid-cols-[2fr_1fr]">
        <section class="panel p-4" aria-labelledby="worst">
          <h2 id="worst" class="mb-2 font-semibold">Needs attention</h2>
          {worst.length === 0
            ? <p class="text-text-2">Every router is in good health.</p>
            : (
              <ul class="divide-y divide-line">
                {worst.map((device) => (
                  <li key={device.id} class="flex items-start gap-3 py-2">
                    <span class="w-8 text-right">
                      <Score score={device.healthScore} />
                    </span>
                    <span class="min-w-0 flex-1">
                      <a class="break font-medium hover:underline" href={`/devices/${device.id}`}>
                        <bdi>{device.name}</bdi>
                      </a>
                      <span class="break block text-sm text-text-2">
                        {device.healthReasons.slice(0, 2).join(" · ")}
                      </span>
                    </span>
                    <Status status={device.status} />
                  </li>
                ))}
              </ul>
            )}
        </section>
        <section class="panel p-4" aria-labelledby="versions">
          <h2 id="versions" class="mb-2 font-semibold">RouterOS versions</h2>
          <ul class="space-y-1.5">
            {versions.slice(0, 10).map(({ version, devices }) => (
              <li key={version}>
                <a
                  class="grid grid-cols-[5rem_1fr_3rem] items-center gap-2 hover:underline"
                  href={`/devices?q=${encodeURIComponent(`version:${version}`)}`}
                >
                  <bdi class="truncate">{version}</bdi>
                  <svg
                    viewBox="0 0 100 8"
                    class="h-2 w-full"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                  >
                    <rect width="100" height="8" rx="1" class="fill-raised" />
                    <rect width={(devices / most) * 100} height="8" rx="1" class="fill-accent" />
                  </svg>
                  <span class="text-right">{count(devices)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function Stat({ label, tone = "", href, children }: {
  label: string;
  tone?: string;
  href?: string;
  children: preact.ComponentChildren;
}) {
  return (
    <div class="panel px-4 py-3">
      <dt class="text-sm text-text-3">
        {href ? <a class="hover:underline" href={href}>{label}</a> : label}
      </dt>
      <dd class={`mt-0.5 flex flex-wrap items-baseline gap-x-2 text-xl font-semibold ${tone}`}>
        {children}
      </dd>
    </div>
  );
}
