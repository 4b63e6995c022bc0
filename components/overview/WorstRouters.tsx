import type { FleetSummary } from "@/core/contract/overview.ts";
import { Score } from "../Score.tsx";
import { Status } from "../Status.tsx";
import { StatusStrip } from "../StatusStrip.tsx";
import { Panel } from "./Panel.tsx";

/** The routers in the worst health, with the reasons and their last day. */
export function WorstRouters({ worst }: { worst: FleetSummary["worst"] }) {
  return (
    <Panel id="worst" title="Needs attention" aside="lowest health first; bars: last 24 hours">
      {worst.length === 0
        ? <p class="text-text-2">Every router is in good health.</p>
        : (
          <ul class="divide-y divide-line">
            {worst.map(({ id, name, site, status, healthScore, healthReasons, day }) => (
              <li key={id} class="flex flex-wrap items-start gap-x-3 gap-y-1 py-2 sm:flex-nowrap">
                <span class="w-8 shrink-0 text-right">
                  <Score score={healthScore} />
                </span>
                <span class="min-w-0 flex-1">
                  <a class="break font-medium hover:underline" href={`/devices/${id}`}>
                    <bdi class="line-clamp-2">{name}</bdi>
                  </a>
                  <span class="break line-clamp-2 text-sm text-text-2">
                    <bdi>{healthReasons.slice(0, 3).join(" · ")}</bdi>
                    {site && (
                      <>
                        {" "}
                        <bdi class="text-text-3">({site})</bdi>
                      </>
                    )}
                  </span>
                </span>
                <span class="flex w-full shrink-0 items-center gap-3 pl-11 sm:w-52 sm:pl-0">
                  <span class="w-20 shrink-0">
                    <Status status={status} />
                  </span>
                  <StatusStrip shares={day} label="Last 24 hours" />
                </span>
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}
