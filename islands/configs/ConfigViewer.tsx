import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConfigText } from "@/core/contract/configs.ts";
import { Field } from "@/components/Field.tsx";
import { useChange } from "../settings/use_change.ts";

export interface ConfigViewerProps {
  deviceId: string;
  initial: ConfigText;
  mayReveal: boolean;
}

/** Secrets that somebody revealed go away by themselves after this. */
const SHOWN_MS = 5 * 60_000;

/** One version's text. Its secrets are hidden until somebody says why they must be seen. */
export default function ConfigViewer({ deviceId, initial, mayReveal }: ConfigViewerProps) {
  const shown = useSignal<ConfigText>(initial);
  const isAsking = useSignal(false);
  const change = useChange();
  const path = `/api/devices/${deviceId}/configs/${initial.version.id}`;

  useEffect(() => {
    if (!shown.value.isRevealed) return;
    const timer = setTimeout(() => shown.value = initial, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown.value.isRevealed]);

  async function reveal(event: SubmitEvent) {
    event.preventDefault();
    const reason = new FormData(event.currentTarget as HTMLFormElement).get("reason");
    const answer = await change.run<ConfigText>("POST", `${path}/reveal`, { reason });
    if (!answer) return;
    shown.value = answer.body;
    isAsking.value = false;
  }

  return (
    <section class="panel" aria-label="Text of this version">
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <p class="mr-auto text-sm text-text-2">
          {shown.value.isRevealed
            ? <span class="text-warn">Secrets are shown, for five minutes.</span>
            : "Secrets are hidden."}
        </p>
        <a class="btn" href={`${path}/file`} download>Download</a>
        {mayReveal && !shown.value.isRevealed && (
          <button
            type="button"
            class="btn"
            onClick={() => isAsking.value = !isAsking.value}
          >
            Show secrets
          </button>
        )}
        {shown.value.isRevealed && (
          <button
            type="button"
            class="btn"
            onClick={() => shown.value = initial}
          >
            Hide secrets
          </button>
        )}
      </div>
      {isAsking.value && (
        <form
          class="flex flex-wrap items-end gap-2 border-b border-line px-4 py-3"
          onSubmit={(event) => void reveal(event)}
        >
          <div class="min-w-60 flex-1">
            <Field label="Why they must be seen (it stands in the audit log)" name="reason">
              <input class="field" id="reason" name="reason" required minlength={3} />
            </Field>
          </div>
          <button type="submit" class="btn btn-danger" disabled={change.isBusy.value}>
            Show secrets
          </button>
        </form>
      )}
      {change.problem.value && (
        <p class="break px-4 py-2 text-bad" role="alert">{change.problem.value}</p>
      )}
      <pre
        class="mono max-h-[70vh] overflow-auto whitespace-pre-wrap break-words p-4 text-sm"
        tabIndex={0}
        role="region"
        aria-label="Configuration"
        data-testid="config-text"
      >
        {shown.value.text}
      </pre>
    </section>
  );
}
