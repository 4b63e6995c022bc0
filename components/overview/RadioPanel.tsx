import { count, utc } from "@/core/contract/format.ts";
import { type FleetSummary, RADIO_RULES, radioReasons } from "@/core/contract/overview.ts";
import { Panel } from "./Panel.tsx";

/** Access points whose radios need somebody, and by which rules. */
export function RadioPanel({ radios: { from, total, items } }: Pick<FleetSummary, "radios">) {
  const { weakestSignal, lowestCcq, loudestNoise, clientsBefore, clientsLeft } = RADIO_RULES;
  return (
    <Panel
      id="radios"
      title="Access points to look at"
      aside={total > items.length ? `${items.length} of ${count(total)}` : undefined}
    >
      {items.length === 0
        ? (
          <p class="text-text-2">
            {from === null
              ? "No radio was measured in the last hour."
              : "Every radio is within the limits."}
          </p>
        )
        : (
          <ul class="divide-y divide-line">
            {items.map((radio) => (
              <li key={radio.deviceId + radio.interface} class="py-2">
                <a
                  class="break font-medium hover:underline"
                  href={`/devices/${radio.deviceId}/wireless`}
                >
                  <bdi class="line-clamp-2">{radio.deviceName}</bdi>
                </a>
                <span class="break line-clamp-2 text-sm text-text-2">
                  <bdi>{radio.interface}</bdi>
                  {radio.ssid && (
                    <>
                      {", "}
                      <bdi>{radio.ssid}</bdi>
                    </>
                  )}
                  {`: ${radioReasons(radio).join(" · ")}`}
                </span>
              </li>
            ))}
          </ul>
        )}
      <p class="mt-2 text-xs text-text-3">
        Listed are radios whose clients are weaker than −{-weakestSignal}{" "}
        dBm on average, whose CCQ is below {lowestCcq} %, whose noise is above −{-loudestNoise}{" "}
        dBm, or that have at most {clientsLeft * 100} % of the clients of an hour ago (from{" "}
        {clientsBefore} clients on).
        {from && ` Five minutes from ${utc(from)}.`}
      </p>
    </Panel>
  );
}
