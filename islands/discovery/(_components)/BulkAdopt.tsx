import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { GroupField } from "@/components/GroupField.tsx";
import { SiteField } from "@/components/SiteField.tsx";
import { chosenTags, TagField } from "@/components/TagField.tsx";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { TlsMode } from "@/core/contract/device.ts";
import type { AdoptResult } from "@/core/contract/discovery.ts";
import type { TagChip } from "@/core/contract/tags.ts";
import { useChange } from "../../settings/use_change.ts";

/** A router that was chosen from what was found. */
export interface ChosenRouter {
  address: string;
  region: string;
  /** Absent: the address is looked at first. */
  place?: { port: number; tlsMode: TlsMode } | undefined;
}

/** Few at a time: each is logged in to, and what came of it is shown as it comes. */
const AT_ONCE = 5;

/** Adopts many routers with one shared login: each is logged in to first, and has its own result. */
export function BulkAdopt({ routers, profiles, sites, known, groups, onResults, onClose }: {
  routers: readonly ChosenRouter[];
  profiles: readonly ProfileChoice[];
  sites: readonly string[];
  /** Tags to choose from, and whether new ones may be named. */
  known: { tags: TagChip[]; mayMake: boolean };
  /** Groups whose members are chosen. */
  groups: readonly { id: string; name: string }[];
  onResults: (results: AdoptResult[]) => void;
  onClose: () => void;
}) {
  const results = useSignal<AdoptResult[]>([]);
  const total = useSignal(0);
  const isRunning = useSignal(false);
  const isStopped = useSignal(false);
  const change = useChange();

  async function run(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const site = String(form.get("site") ?? "").trim();
    const tags = chosenTags(form);
    const chosen = form.getAll("group").map(String);
    const options = {
      profileId: String(form.get("profileId")),
      allowPlain: form.has("allowPlain"),
      ...(site && { site }),
      ...(tags.length > 0 && { tags }),
      ...(chosen.length > 0 && { groups: chosen }),
    };
    const wanted = [...routers];
    results.value = [];
    total.value = wanted.length;
    isStopped.value = false;
    isRunning.value = true;
    while (wanted.length > 0 && !isStopped.value) {
      const { region } = wanted[0]!;
      const step: ChosenRouter[] = [];
      // A request goes to the pollers of one region.
      while (step.length < AT_ONCE && wanted[0]?.region === region) step.push(wanted.shift()!);
      const body = {
        ...options,
        region,
        routers: step.map(({ address, place }) => ({ address, ...place })),
      };
      const answer = await change.run<{ results: AdoptResult[] }>(
        "POST",
        "/api/discovery/adopt",
        body,
      );
      if (!answer) break; // the reason is shown; nothing of this step was told
      results.value = [...results.value, ...answer.body.results];
      onResults(answer.body.results);
    }
    isRunning.value = false;
  }

  const count = routers.length === 1 ? "1 router" : `${routers.length} routers`;
  return (
    <section class="panel mt-4 grid gap-4 p-5" aria-labelledby="bulk">
      <h2 id="bulk" class="font-semibold">
        {isRunning.value || results.value.length > 0
          ? `${results.value.length} of ${total.value} done`
          : `Adopt ${count}`}
      </h2>
      {profiles.length === 0
        ? (
          <p class="text-text-2">
            Many routers at once need a login that they share.{" "}
            <a class="underline" href="/settings/credentials">Add it under Router logins</a>, then
            come back; or adopt one by one.
          </p>
        )
        : (
          <form class="grid gap-4 sm:grid-cols-2" onSubmit={(event) => void run(event)}>
            <Field label="Log in with" name="bulk-profile">
              <select id="bulk-profile" name="profileId" class="field">
                {profiles.map(({ id, name, username }) => (
                  <option key={id} value={id}>{name} ({username})</option>
                ))}
              </select>
            </Field>
            <SiteField id="bulk-site" sites={sites} />
            <TagField id="bulk-tags" tags={known.tags} mayMake={known.mayMake} />
            <GroupField groups={groups} />
            <label class="flex items-start gap-2 sm:col-span-2">
              <input type="checkbox" name="allowPlain" class="mt-1" />
              <span>
                Also without TLS
                <span class="block text-sm text-text-3">
                  Where only the plain API answers, the password crosses the network in clear.
                </span>
              </span>
            </label>
            <div class="flex flex-wrap gap-2 sm:col-span-2">
              {(isRunning.value || routers.length > 0) && (
                <button type="submit" class="btn btn-primary" disabled={isRunning.value}>
                  {isRunning.value ? "Logging in…" : `Adopt ${count}`}
                </button>
              )}
              {isRunning.value
                ? (
                  <button type="button" class="btn" onClick={() => isStopped.value = true}>
                    {isStopped.value ? "Stopping…" : "Stop after these"}
                  </button>
                )
                : <button type="button" class="btn" onClick={onClose}>Close</button>}
            </div>
          </form>
        )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      {results.value.length > 0 && <Results results={results.value} />}
    </section>
  );
}

const WORDS = { added: "Added", present: "Managed already", failed: "Not added" };
const TONES = { added: "text-ok", present: "text-text-2", failed: "text-bad" };

function Results({ results }: { results: readonly AdoptResult[] }) {
  return (
    <div class="table-scroll" role="region" tabIndex={0} aria-label="What came of each router">
      <table class="table" data-testid="adopt-results">
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody aria-live="polite">
          {results.map(({ address, result, name, reason, deviceId }) => (
            <tr key={address}>
              <td class="break mono">{address}</td>
              <td class="break">
                <span class={TONES[result]}>{WORDS[result]}</span>
                {deviceId && (
                  <>
                    {": "}
                    <a class="underline" href={`/devices/${deviceId}`}>
                      <bdi>{name ?? address}</bdi>
                    </a>
                  </>
                )}
                {reason && <span class="block text-sm text-text-2">{reason}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
