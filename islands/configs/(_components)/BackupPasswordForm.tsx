import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import { useChange } from "../../settings/use_change.ts";

/** A password that somebody revealed goes away by itself after this. */
const SHOWN_MS = 5 * 60_000;

/** Asks why, then shows the password of a full backup for a while. */
export function BackupPasswordForm({ path }: { path: string }) {
  const password = useSignal<string | undefined>(undefined);
  const change = useChange();
  const id = `reason-${path.split("/").at(-1)}`;

  useEffect(() => {
    if (password.value === undefined) return;
    const timer = setTimeout(() => password.value = undefined, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [password.value]);

  async function reveal(event: SubmitEvent) {
    event.preventDefault();
    const reason = new FormData(event.currentTarget as HTMLFormElement).get("reason");
    const answer = await change.run<{ password: string }>("POST", `${path}/password`, { reason });
    if (answer) password.value = answer.body.password;
  }

  return (
    <div class="mt-3 border-t border-line pt-3">
      {password.value !== undefined
        ? (
          <p class="flex flex-wrap items-center gap-3">
            <code class="break select-all" data-testid="backup-password">{password.value}</code>
            <span class="text-sm text-warn">Shown for five minutes.</span>
            <button type="button" class="btn" onClick={() => password.value = undefined}>
              Hide
            </button>
          </p>
        )
        : (
          <form class="flex flex-wrap items-end gap-2" onSubmit={(event) => void reveal(event)}>
            <div class="min-w-60 flex-1">
              <Field label="Why it must be seen (it stands in the audit log)" name={id}>
                <input class="field" id={id} name="reason" required minLength={3} maxLength={500} />
              </Field>
            </div>
            <button type="submit" class="btn btn-danger" disabled={change.isBusy.value}>
              Show the password
            </button>
          </form>
        )}
      {change.problem.value && (
        <p class="break mt-2 text-bad" role="alert">{change.problem.value}</p>
      )}
    </div>
  );
}
