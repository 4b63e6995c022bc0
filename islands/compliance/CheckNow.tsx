import { useSignal } from "@preact/signals";
import { useChange } from "../settings/use_change.ts";

/** Has one router, or every one, held against its rules and baselines again. */
export default function CheckNow({ deviceId }: { deviceId?: string }) {
  const change = useChange();
  const said = useSignal("");
  const path = deviceId ? `/api/devices/${deviceId}/compliance/checks` : "/api/compliance/checks";
  async function run() {
    const answer = await change.run<{ devices: number }>("POST", path);
    if (!answer) return;
    const { devices } = answer.body;
    said.value = devices === 1
      ? "It is looked at within seconds: reload to see."
      : `${devices} routers are being looked at: reload to see.`;
  }
  return (
    <span class="inline-flex flex-wrap items-center gap-2">
      <button
        type="button"
        class="btn"
        disabled={change.isBusy.value}
        onClick={() => void run()}
      >
        Check again
      </button>
      {said.value && <span class="text-sm text-text-2" role="status">{said.value}</span>}
      {change.problem.value && <span class="text-bad" role="alert">{change.problem.value}</span>}
    </span>
  );
}
