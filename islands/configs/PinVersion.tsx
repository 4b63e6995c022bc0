import { useSignal } from "@preact/signals";
import type { ConfigVersion } from "@/core/contract/configs.ts";
import { useChange } from "../settings/use_change.ts";

/** Names a version and keeps it from being taken away. */
export default function PinVersion({ deviceId, initial }: {
  deviceId: string;
  initial: Pick<ConfigVersion, "id" | "label" | "pinnedAt">;
}) {
  const version = useSignal(initial);
  const change = useChange();
  const isPinned = version.value.pinnedAt !== null;

  async function save(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const label = String(new FormData(form).get("label") ?? "").trim() || null;
    const wanted = (event.submitter as HTMLButtonElement | null)?.value !== "unpin";
    const path = `/api/devices/${deviceId}/configs/${initial.id}/pin`;
    const answer = await change.run<ConfigVersion>("PUT", path, { isPinned: wanted, label });
    if (answer) version.value = answer.body;
  }

  return (
    <form
      class="mb-3 flex flex-wrap items-center gap-2"
      onSubmit={(event) => void save(event)}
    >
      <input
        class="field max-w-60 flex-1"
        name="label"
        aria-label="Name of this version"
        placeholder="Name, for example: before the move"
        maxLength={200}
        value={version.value.label ?? ""}
      />
      <button type="submit" class="btn" value="pin" disabled={change.isBusy.value}>
        {isPinned ? "Save name" : "Keep for ever"}
      </button>
      {isPinned && (
        <button type="submit" class="btn" value="unpin" disabled={change.isBusy.value}>
          Keep as the rules say
        </button>
      )}
      <p class="text-sm text-text-2" role="status">
        {isPinned
          ? "Kept whatever its age."
          : version.value.label !== null
          ? "Named; it goes when the rules say so."
          : ""}
      </p>
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </form>
  );
}
