import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count } from "@/core/contract/format.ts";
import type { FleetSummary, FleetTrends } from "@/core/contract/overview.ts";
import { HealthPanel } from "@/components/overview/HealthPanel.tsx";
import { KeyFigures } from "@/components/overview/KeyFigures.tsx";
import { BarList, Panel } from "@/components/overview/Panel.tsx";
import { RadioPanel } from "@/components/overview/RadioPanel.tsx";
import { TrendsPanel } from "@/components/overview/TrendsPanel.tsx";
import { WorstRouters } from "@/components/overview/WorstRouters.tsx";
import { ask } from "./ask.ts";
import { follow } from "./live.ts";

/** Events come in bursts: the figures are read again at most this often. */
const REFRESH_MS = 3_000;
const TRENDS_MS = 120_000;

/** The fleet, or what a query of it fits; read again when the stream says that something changed. */
export default function FleetStats({ q, initial, initialTrends }: {
  q: string;
  initial: FleetSummary;
  initialTrends: FleetTrends;
}) {
  const summary = useSignal(initial);
  const trends = useSignal(initialTrends);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const among = new URLSearchParams(q ? { q } : {});
    const refresh = async () => {
      timer.current = undefined;
      const response = await ask(`/api/fleet/summary?${among}`).catch(() => undefined);
      if (response?.ok) summary.value = await response.json();
    };
    const refreshTrends = async () => {
      const query = new URLSearchParams({ ...(q && { q }), hours: String(initialTrends.hours) });
      const response = await ask(`/api/fleet/trends?${query}`).catch(() => undefined);
      if (response?.ok) trends.value = await response.json();
    };
    const soon = () => timer.current ??= setTimeout(() => void refresh(), REFRESH_MS);
    const stop = follow({ batch: soon, reset: soon });
    const slowly = setInterval(() => void refreshTrends(), TRENDS_MS);
    return () => {
      stop();
      clearTimeout(timer.current);
      clearInterval(slowly);
    };
  }, [q, initialTrends.hours]);

  const { versions, sites, worst, radios } = summary.value;
  const most = Math.max(1, ...versions.map(({ devices }) => devices));
  const list = (filter: string) =>
    `/devices?${new URLSearchParams({ q: [q, filter].filter(Boolean).join(" ") })}`;
  return (
    <>
      <KeyFigures summary={summary.value} q={q} />
      <TrendsPanel trends={trends.value} q={q} />
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div class="grid min-w-0 gap-4">
          <WorstRouters worst={worst} />
          <RadioPanel radios={radios} />
        </div>
        <div class="grid min-w-0 gap-4">
          <HealthPanel summary={summary.value} q={q} />
          {sites.length > 0 && (
            <Panel id="sites" title="Sites with trouble">
              <BarList
                rows={sites.map(({ id, path, devices, offline, averageHealth }) => ({
                  ...{ key: id, name: path, href: `/?${siteQuery(path)}` },
                  value: offline > 0
                    ? `${count(offline)}/${count(devices)}`
                    : `${Math.round(averageHealth ?? 0)}`,
                  share: offline > 0 ? offline / devices : 1 - (averageHealth ?? 0) / 100,
                  tone: offline > 0 ? "fill-bad" : "fill-warn",
                }))}
              />
              <p class="mt-2 text-xs text-text-3">
                Offline of all routers there, or else the average health.
              </p>
            </Panel>
          )}
          <Panel id="versions" title="RouterOS versions" aside="most used">
            {versions.length === 0
              ? <p class="text-text-2">No router has told its version yet.</p>
              : (
                <BarList
                  rows={versions.map(({ version, devices }) => ({
                    ...{ key: version, name: version, href: list(`version:${version}`) },
                    ...{ value: count(devices), share: devices / most },
                  }))}
                />
              )}
          </Panel>
        </div>
      </div>
    </>
  );
}

function siteQuery(path: string): URLSearchParams {
  return new URLSearchParams({ q: `site:"${path.replaceAll('"', "")}"` });
}
