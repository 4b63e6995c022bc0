import type { HostFindings } from "@/core/contract/discovery.ts";

const WORDS = { open: "open", closed: "refused", silent: "no answer" };
const TONES = { open: "text-ok", closed: "text-text-3", silent: "text-text-3" };

/** What an address shows before a login. */
export function Findings({ findings }: { findings: HostFindings }) {
  const { address, ports, isRouteros, fingerprint, advice } = findings;
  return (
    <section class="panel p-5" aria-labelledby="findings">
      <h2 id="findings" class="mb-2 font-semibold">
        <bdi>{address}</bdi>{" "}
        {isRouteros === true && <span class="text-ok">looks like RouterOS</span>}
        {isRouteros === false && <span class="text-warn">does not look like RouterOS</span>}
      </h2>
      <ul class="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {ports.map(({ port, service, state }) => (
          <li key={port} class={TONES[state]}>
            {service} <span class="tabular-nums">{port}</span>: {WORDS[state]}
          </li>
        ))}
      </ul>
      {fingerprint && (
        <p class="break mt-2 text-sm text-text-2">
          Certificate <code>{fingerprint}</code>: it is remembered, and a change is an alarm.
        </p>
      )}
      {advice && <p class="mt-2 text-warn" role="status">{advice}</p>}
    </section>
  );
}
