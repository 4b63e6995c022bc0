import { useSignal } from "@preact/signals";
import { ConfigChanges } from "@/components/ConfigDiff.tsx";
import { utc } from "@/core/contract/format.ts";
import type {
  ResolvedValue,
  Template,
  TemplatePreview as Preview,
} from "@/core/contract/templates.ts";
import { local } from "@/core/contract/zone_time.ts";
import { useChange } from "../settings/use_change.ts";
import { type PickedRouter, RouterPicker } from "./(_components)/RouterPicker.tsx";

const SOURCES: Record<ResolvedValue["source"], string> = {
  ...{ given: "given now", device: "of the router", site: "of the site", tenant: "of everybody" },
  ...{ default: "the default", built_in: "known of the router", missing: "missing" },
};

/** What a template would be, and change, on one router. Nothing is asked of the router. */
export default function TemplatePreview({ template }: { template: Template }) {
  const preview = useSignal<Preview | undefined>(undefined);
  const change = useChange();
  async function look({ id }: PickedRouter) {
    preview.value = undefined;
    const result = await change.run<Preview>("POST", `/api/templates/${template.id}/preview`, {
      deviceId: id,
    });
    if (result) preview.value = result.body;
  }
  return (
    <div class="grid grid-cols-1 gap-5">
      <RouterPicker label="On which router" onPick={(router) => void look(router)} />
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      {preview.value && <Shown preview={preview.value} />}
    </div>
  );
}

function Shown({ preview }: { preview: Preview }) {
  const { deviceId, deviceName, problems, changes, settled, comparedAt, script, values } = preview;
  return (
    <section aria-labelledby="previewed" class="grid grid-cols-1 gap-5">
      <h2 id="previewed" class="text-lg">
        On <bdi>{deviceName}</bdi>
      </h2>
      {problems.length > 0 && (
        <ul class="panel border-l-4 border-l-bad p-4" role="alert">
          {problems.map(({ line, message }, at) => (
            <li key={at} class="break">
              {line > 0 && `Line ${line}: `}
              {message}
            </li>
          ))}
        </ul>
      )}
      <div class="panel overflow-x-auto" role="region" aria-label="Values" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {values.map(({ name, value, source, sourceName, problem }) => (
              <tr key={name}>
                <th scope="row" class="mono">{name}</th>
                <td>
                  {value === null
                    ? <span class="text-text-3">none</span>
                    : <bdi class="mono break">{[value].flat().join(", ")}</bdi>}
                  {problem && <div class="text-bad">{problem}</div>}
                </td>
                <td>
                  {SOURCES[source]}
                  {sourceName && (
                    <>
                      {" "}
                      <bdi>{sourceName}</bdi>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changes
        ? (
          <div>
            <h3 class="mb-2 font-medium">
              {changes.length === 0
                ? "Nothing would change"
                : changes.length === 1
                ? "1 change"
                : `${changes.length} changes`}
              {settled > 0 && (
                <span class="font-normal text-text-2">
                  {`, ${settled} ${settled === 1 ? "command is" : "commands are"} settled already`}
                </span>
              )}
            </h3>
            {changes.length > 0 && <ConfigChanges changes={changes} />}
            {comparedAt && (
              <p class="mt-2 text-sm text-text-3">
                Against the configuration of{" "}
                <time dateTime={comparedAt} title={utc(comparedAt)}>{local(comparedAt)}</time>; a
                push reads it anew.
              </p>
            )}
          </div>
        )
        : problems.length === 0 && (
          <p class="text-text-2">
            No configuration of this router was kept so far:{" "}
            <a class="underline" href={`/devices/${deviceId}/config`}>back it up</a>{" "}
            to see what would change.
          </p>
        )}
      {script !== null && (
        <details>
          <summary class="cursor-pointer py-1">The text as it would be</summary>
          <pre class="panel mono mt-1 overflow-x-auto p-3 text-sm" tabIndex={0}>{script}</pre>
        </details>
      )}
    </section>
  );
}
