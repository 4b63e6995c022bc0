import { useSignal } from "@preact/signals";
import { useChange } from "../../settings/use_change.ts";

/** Starts the push on the server, which has the secrets. */
export function SecretRevert({ deviceId, items, title, onClose }: {
  deviceId: string;
  items: readonly string[];
  title: string;
  onClose: () => void;
}) {
  const typed = useSignal("");
  const change = useChange();
  async function push(event: SubmitEvent) {
    event.preventDefault();
    const answer = await change.run<{ id: string }>(
      "POST",
      `/api/devices/${deviceId}/drift/revert`,
      {
        ...{ items, title, confirm: "manual", windowSeconds: 300 },
        typedName: typed.value.trim() || null,
      },
    );
    if (!answer) return;
    onClose();
    location.assign(`/pushes/${answer.body.id}`);
  }
  return (
    <form class="mb-3 grid gap-2" onSubmit={(event) => void push(event)}>
      {change.problem.value && (
        <>
          <p class="break text-bad" role="alert">{change.problem.value}</p>
          <label>
            <span class="block text-sm text-text-2">
              The name of the router, to go on all the same
            </span>
            <input
              class="field"
              autocomplete="off"
              value={typed.value}
              onInput={(event) => typed.value = event.currentTarget.value}
            />
          </label>
        </>
      )}
      <button
        type="submit"
        class="btn btn-primary justify-self-start"
        disabled={change.isBusy.value}
      >
        Push
      </button>
    </form>
  );
}
