import { useSignal } from "@preact/signals";
import {
  BINARY_SCHEDULES,
  type BinaryPolicy,
  type ConfigPolicy,
} from "@/core/contract/config_policy.ts";
import { useChange } from "../settings/use_change.ts";

const WORDS = { off: "Only when asked for", weekly: "Weekly", daily: "Nightly" } as const;

/** How often full backups are taken and how many are kept; and one of every router now. */
export default function BinaryRules({ initial, mayWrite, mayTake }: {
  initial: ConfigPolicy;
  mayWrite: boolean;
  mayTake: boolean;
}) {
  const said = useSignal("");
  const change = useChange();

  async function save(event: SubmitEvent) {
    event.preventDefault();
    said.value = "";
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const binaries: BinaryPolicy = {
      schedule: String(fields.get("schedule")) as BinaryPolicy["schedule"],
      keep: Number(fields.get("keep")),
    };
    const answer = await change.run("PUT", "/api/configs/policy", { binaries });
    if (answer) said.value = "Saved.";
  }

  async function everything() {
    said.value = "";
    const answer = await change.run<{ devices: number }>("POST", "/api/configs/binary-backups");
    if (!answer) return;
    const { devices } = answer.body;
    said.value = `${devices === 1 ? "1 router" : `${devices} routers`} will be asked, in turn.`;
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <p class="mb-3 text-text-2">
        A file that only the same router with the same RouterOS can load, with all that a text
        leaves out. One is taken where the configuration changed since the last. The user on the
        routers needs the policies ssh, ftp, read, write, policy, sensitive and test.
      </p>
      <div class="grid gap-3 sm:grid-cols-2">
        <div>
          <label class="mb-1 block font-medium" for="schedule">Taken</label>
          <select class="field" id="schedule" name="schedule" disabled={!mayWrite}>
            {BINARY_SCHEDULES.map((one) => (
              <option key={one} value={one} selected={initial.binaries.schedule === one}>
                {WORDS[one]}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label class="mb-1 block font-medium" for="keep">Kept of each router</label>
          <span class="flex items-center gap-2">
            <input
              class="field max-w-28"
              type="number"
              id="keep"
              name="keep"
              min={1}
              max={1_000}
              required
              disabled={!mayWrite}
              value={initial.binaries.keep}
            />{" "}
            newest
          </span>
        </div>
      </div>
      <div class="mt-3 flex flex-wrap items-center gap-2">
        {mayWrite && (
          <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>Save</button>
        )}
        {mayTake && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => void everything()}
          >
            Take one of every router now
          </button>
        )}
        {said.value && <p class="text-ok" role="status">{said.value}</p>}
      </div>
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
