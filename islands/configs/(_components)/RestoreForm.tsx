import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import type { BinaryRestore, RestoreCheck } from "@/core/contract/binary_backups.ts";
import { ask } from "../../ask.ts";
import { useChange } from "../../settings/use_change.ts";

/** Asks the router what it is, tells what stands against it, and wants its name typed. */
export function RestoreForm({ path, deviceName, onStarted }: {
  path: string;
  deviceName: string;
  onStarted: () => void;
}) {
  const check = useSignal<RestoreCheck | undefined>(undefined);
  const trouble = useSignal("");
  const change = useChange();
  const id = `name-${path.split("/").at(-1)}`;

  useEffect(() => {
    void (async () => {
      const answer = await ask(`${path}/restore`).catch(() => undefined);
      const body = await answer?.json().catch(() => undefined);
      if (answer?.ok) check.value = body;
      else trouble.value = body?.title ?? "The server did not answer: close this and try again.";
    })();
  }, []);

  async function start(event: SubmitEvent) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const order = {
      typedName: String(fields.get("typedName") ?? ""),
      acceptOtherUnit: fields.get("acceptOtherUnit") !== null,
    };
    if (await change.run<BinaryRestore>("POST", `${path}/restore`, order)) onStarted();
  }

  const found = check.value;
  return (
    <div class="mt-3 border-t border-line pt-3">
      {trouble.value && <p class="break text-bad" role="alert">{trouble.value}</p>}
      {!found && !trouble.value && <p role="status">Asking the router what it is…</p>}
      {found && found.problems.length > 0 && (
        <div role="alert">
          <p class="font-medium text-bad">This router cannot load it.</p>
          <ul class="list-disc pl-5">
            {found.problems.map((one) => <li key={one} class="break">{one}</li>)}
          </ul>
        </div>
      )}
      {found && found.problems.length === 0 && (
        <form
          class="grid gap-3"
          onSubmit={(event) => void start(event)}
        >
          <p>
            Everything on the router is replaced by what this backup holds. What it holds now is
            kept first, as a full backup of its own.
          </p>
          <ul class="list-disc pl-5 text-text-2">
            {found.warnings.map((one) => <li key={one} class="break">{one}</li>)}
          </ul>
          {found.isOtherUnit && (
            <label class="flex items-start gap-3">
              <input type="checkbox" class="mt-1" name="acceptOtherUnit" required />
              <span>The other unit is out of service: this one takes its place.</span>
            </label>
          )}
          <div class="max-w-md">
            <Field label={`Type the router's name: ${deviceName}`} name={id}>
              <input class="field" id={id} name="typedName" required autocomplete="off" />
            </Field>
          </div>
          <div>
            <button type="submit" class="btn btn-danger" disabled={change.isBusy.value}>
              {change.isBusy.value ? "Asking the router…" : "Load it and restart"}
            </button>
          </div>
        </form>
      )}
      {change.problem.value && (
        <p class="break mt-2 text-bad" role="alert">{change.problem.value}</p>
      )}
    </div>
  );
}
