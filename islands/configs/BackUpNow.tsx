import { useSignal } from "@preact/signals";
import type { BackupOutcome } from "@/core/contract/configs.ts";
import { useChange } from "../settings/use_change.ts";

/** Reads the configuration now and says how it went. */
export default function BackUpNow(
  { deviceId, mayTrust }: {
    deviceId: string;
    /** Whether one may forget the pinned host key. */
    mayTrust: boolean;
  },
) {
  const change = useChange();
  const said = useSignal<{ text: string; isBad: boolean } | undefined>(undefined);
  const isKeyNew = useSignal(false);

  async function run() {
    said.value = undefined;
    const answer = await change.run<BackupOutcome>("POST", `/api/devices/${deviceId}/configs`);
    if (!answer) return;
    const outcome = answer.body;
    isKeyNew.value = outcome.outcome === "failed" && outcome.reason === "host_key_changed";
    if (outcome.outcome === "failed") said.value = { text: outcome.detail, isBad: true };
    else if (outcome.outcome === "kept") location.assign(`/devices/${deviceId}/config`);
    else said.value = { text: "Read now: nothing has changed.", isBad: false };
  }

  async function trust() {
    const question =
      "Trust whatever key it shows next? Do so only if the router was reset or replaced.";
    if (!confirm(question)) return;
    if (await change.run("PATCH", `/api/devices/${deviceId}`, { sshHostKey: null })) await run();
  }

  return (
    <div class="flex flex-wrap items-center gap-3">
      <button
        type="button"
        class="btn btn-primary"
        disabled={change.isBusy.value}
        onClick={() => void run()}
      >
        {change.isBusy.value ? "Reading…" : "Back up now"}
      </button>
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      {said.value && (
        <p class={`break ${said.value.isBad ? "text-bad" : "text-ok"}`} role="status">
          {said.value.text}
        </p>
      )}
      {isKeyNew.value && mayTrust && (
        <button
          type="button"
          class="btn btn-danger"
          disabled={change.isBusy.value}
          onClick={() => void trust()}
        >
          Forget the pinned key and read again
        </button>
      )}
    </div>
  );
}
