import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Template } from "@/core/contract/templates.ts";
import { ask } from "../../ask.ts";

/** Values for this job alone, before all that is kept. */
export function GivenValues({ templateId, variables }: {
  templateId: string;
  variables: Signal<Template["variables"]>;
}) {
  useEffect(() => {
    const ending = new AbortController();
    variables.value = [];
    if (templateId === "") return;
    void ask(`/api/templates/${templateId}`, { signal: ending.signal }).then(async (answer) => {
      if (answer.ok) variables.value = (await answer.json()).variables;
    }).catch(() => {});
    return () => ending.abort();
  }, [templateId]);
  if (variables.value.length === 0) return null;
  return (
    <fieldset class="min-w-0">
      <legend class="mb-1 font-medium">Values for this job</legend>
      <p class="mb-2 text-sm text-text-3">
        Empty: what is kept for each router, its site or everybody, else the default.
      </p>
      <div class="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {variables.value.map((
          { name, help, type, isList, isSecret, options, default: standard },
        ) => (
          <label key={name}>
            <span class="mono break block text-sm">{name}</span>
            {!isList && (type === "boolean" || type === "choice")
              ? (
                <select class="field" name={`given-${name}`}>
                  <option value="">As kept</option>
                  {(type === "boolean" ? ["yes", "no"] : options).map((one) => (
                    <option key={one} value={one}>{one}</option>
                  ))}
                </select>
              )
              : isSecret
              ? (
                <input
                  class="field"
                  name={`given-${name}`}
                  type="password"
                  autocomplete="new-password"
                  maxlength={1_000}
                  placeholder="As kept"
                />
              )
              : (
                <input
                  class="field"
                  name={`given-${name}`}
                  type="text"
                  autocomplete="off"
                  maxlength={10_000}
                  placeholder={standard === null ? "As kept" : [standard].flat().join(", ")}
                />
              )}
            {help && <span class="break block text-sm text-text-3">{help}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
