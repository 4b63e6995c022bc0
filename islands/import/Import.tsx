import { useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { TLS_MODE_CHOICES } from "@/components/tls_modes.ts";
import type { ImportReport } from "@/core/contract/device_import.ts";
import { tagNames } from "@/core/contract/tags.ts";
import { useChange } from "../settings/use_change.ts";
import { Report } from "./(_components)/Report.tsx";
import { readFile } from "./read_file.ts";

const EXAMPLE = `address,name,site,username,password
192.0.2.10,North tower,Vienna,tod,…
2001:db8::1,,Graz,,`;

/** Takes an inventory in: paste or choose a file, see what would happen, then add. */
export default function Import({ profiles }: { profiles: string[] }) {
  const text = useSignal("");
  const fileProblem = useSignal("");
  const report = useSignal<ImportReport | undefined>(undefined);
  const form = useRef<HTMLFormElement>(null);
  const change = useChange();

  async function choose(event: Event) {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    fileProblem.value = "";
    if (!file) return;
    try {
      text.value = await readFile(file);
      report.value = undefined;
    } catch (error) {
      fileProblem.value = error instanceof Error ? error.message : String(error);
    }
    input.value = ""; // the same file again, once it was mended, is a choice too
  }
  async function run(dryRun: boolean) {
    const data = new FormData(form.current!);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const password = String(data.get("password") ?? "");
    const result = await change.run<ImportReport>("POST", "/api/devices/import", {
      text: text.value,
      dryRun,
      defaults: {
        ...(field("username") && { username: field("username") }),
        ...(password && { password }),
        ...(field("profile") && { profile: field("profile") }),
        tlsMode: field("tlsMode"),
        ...(field("region") && { region: field("region") }),
        ...(field("site") && { site: field("site") }),
        ...(field("tags") && { tags: tagNames(field("tags")) }),
      },
    });
    if (result) report.value = result.body;
  }

  const planned = report.value?.dryRun ? report.value.counts.add : 0;
  const added = report.value && !report.value.dryRun ? report.value.counts.added : 0;
  return (
    <div class="grid gap-4">
      <form
        ref={form}
        class="panel grid gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          void run(true);
        }}
        onInput={() => report.value = undefined}
      >
        <Field
          label="List of routers"
          name="import-text"
          hint="With a head line. Paste from a spreadsheet, or choose a file."
        >
          <textarea
            id="import-text"
            class="field font-mono text-sm"
            rows={9}
            required
            spellcheck={false}
            placeholder={EXAMPLE}
            value={text}
            onInput={(event) => text.value = event.currentTarget.value}
          />
        </Field>
        <div>
          <label class="btn" for="import-file">Choose a file</label>
          <input
            id="import-file"
            type="file"
            class="sr-only"
            accept=".csv,.tsv,.txt,.db,.xlsx,text/csv,text/plain"
            onChange={(event) => void choose(event)}
          />
          <span class="ml-3 text-sm text-text-3">
            CSV, XLSX, or an export of The Dude, LibreNMS or Oxidized
          </span>
          {fileProblem.value && <p class="break mt-2 text-bad" role="alert">{fileProblem.value}</p>}
        </div>
        <fieldset class="grid gap-4 sm:grid-cols-2">
          <legend class="mb-2 font-medium">Where a row says nothing</legend>
          {profiles.length > 0 && (
            <div class="sm:col-span-2">
              <Field label="Log in with" name="import-profile">
                <select id="import-profile" name="profile" class="field">
                  <option value="">The user name and password below</option>
                  {profiles.map((name) => <option key={name} value={name}>{name}</option>)}
                </select>
              </Field>
            </div>
          )}
          <Field label="User name" name="import-username">
            <input
              id="import-username"
              name="username"
              class="field"
              autocomplete="off"
              spellcheck={false}
            />
          </Field>
          <Field label="Password" name="import-password" hint="Encrypted before it is stored">
            <input
              id="import-password"
              name="password"
              type="password"
              class="field"
              autocomplete="new-password"
            />
          </Field>
          <Field label="Connection security" name="import-mode">
            <select id="import-mode" name="tlsMode" class="field">
              {TLS_MODE_CHOICES.filter(([mode]) => mode !== "ca").map(([value, label]) => (
                <option key={value} value={value}>{label}</option>
              ))}
            </select>
          </Field>
          <Field label="Site" name="import-site">
            <input id="import-site" name="site" class="field" autocomplete="off" />
          </Field>
          <Field label="Tags" name="import-tags" hint="With commas between; on every new router">
            <input id="import-tags" name="tags" class="field" autocomplete="off" />
          </Field>
        </fieldset>
        {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
        <div class="flex flex-wrap items-center gap-2">
          <button
            type="submit"
            class={`btn ${planned > 0 ? "" : "btn-primary"}`}
            disabled={change.isBusy.value}
          >
            Check
          </button>
          {planned > 0 && (
            <button
              type="button"
              class="btn btn-primary"
              disabled={change.isBusy.value}
              onClick={() => void run(false)}
            >
              Add {planned === 1 ? "1 router" : `${planned.toLocaleString("en-US")} routers`}
            </button>
          )}
          <span role="status">
            {change.isBusy.value && "Working…"}
            {added > 0 && (
              <>
                {added === 1 ? "1 router was" : `${added.toLocaleString("en-US")} routers were`}
                {" added. "}
                <a class="underline" href="/devices">See the fleet</a>
              </>
            )}
          </span>
        </div>
      </form>
      {report.value && <Report key={String(report.value.dryRun)} report={report.value} />}
    </div>
  );
}
