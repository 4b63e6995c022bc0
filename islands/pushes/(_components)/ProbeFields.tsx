import { useSignal } from "@preact/signals";
import type { PushProbe } from "@/core/contract/pushes.ts";

const KINDS = {
  ping: { label: "Ping from the router", hint: "Address", sample: "192.0.2.1" },
  port: { label: "TCP port of the router", hint: "Port", sample: "8291" },
  neighbor: { label: "Neighbour is seen", hint: "Its identity", sample: "core-1" },
} as const;
type Kind = keyof typeof KINDS;
const MOST = 10;

/** What else must work after the change, beside that the router is reached. */
export function ProbeFields({ probes, onChange }: {
  probes: readonly PushProbe[];
  onChange: (probes: PushProbe[]) => void;
}) {
  const kind = useSignal<Kind>("ping");
  const value = useSignal("");
  const problem = useSignal("");

  function add() {
    const text = value.value.trim();
    const port = Number(text);
    const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
    problem.value = text === ""
      ? "Say what must work."
      : kind.value === "port" && !isPort
      ? "A port is a number from 1 to 65535."
      : "";
    if (problem.value) return;
    const probe: PushProbe = kind.value === "ping"
      ? { kind: "ping", address: text }
      : kind.value === "port"
      ? { kind: "port", port }
      : { kind: "neighbor", identity: text };
    onChange([...probes, probe]);
    value.value = "";
  }

  const { hint, sample } = KINDS[kind.value];
  return (
    <div>
      <p class="font-medium">What else must work</p>
      {probes.length > 0 && (
        <ul class="mt-1 flex flex-wrap gap-2">
          {probes.map((probe, at) => (
            <li key={at} class="chip">
              <bdi>{wordsOf(probe)}</bdi>
              <button
                type="button"
                class="text-text-2"
                aria-label={`Remove ${wordsOf(probe)}`}
                onClick={() => onChange(probes.filter((_, index) => index !== at))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {probes.length < MOST && (
        <div class="mt-2 grid gap-2 sm:grid-cols-[minmax(10rem,auto)_1fr_auto]">
          <select
            class="field"
            aria-label="Kind of check"
            value={kind.value}
            onChange={(event) => kind.value = event.currentTarget.value as Kind}
          >
            {Object.entries(KINDS).map(([name, { label }]) => (
              <option key={name} value={name}>{label}</option>
            ))}
          </select>
          <input
            class="field"
            aria-label={hint}
            placeholder={sample}
            maxLength={100}
            value={value.value}
            onInput={(event) => value.value = event.currentTarget.value}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault(); // it adds a check, and pushes nothing
              add();
            }}
          />
          <button type="button" class="btn" onClick={add}>Add check</button>
        </div>
      )}
      {problem.value && <p class="mt-1 text-sm text-bad" role="alert">{problem.value}</p>}
    </div>
  );
}

function wordsOf(probe: PushProbe): string {
  if (probe.kind === "ping") return `Ping ${probe.address}`;
  return probe.kind === "port" ? `Port ${probe.port}` : `Neighbour ${probe.identity}`;
}
