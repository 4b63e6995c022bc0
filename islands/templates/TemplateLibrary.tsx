import { useSignal } from "@preact/signals";
import type { LibraryTemplate, Template } from "@/core/contract/templates.ts";
import { useChange } from "../settings/use_change.ts";

/** What comes with the product, to be taken as one's own; and files of other installations. */
export default function TemplateLibrary({ library, mayWrite }: {
  library: LibraryTemplate[];
  mayWrite: boolean;
}) {
  const change = useChange();
  const taking = useSignal("");
  async function take(slug: string) {
    taking.value = slug;
    const made = await change.run<Template>("POST", "/api/templates/library", { slug });
    if (made) location.assign(`/templates/${made.body.id}`);
  }
  async function importFile(event: Event) {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...input.files ?? []].slice(0, 50);
    input.value = "";
    if (files.length === 0) return;
    taking.value = "";
    try {
      const read = await Promise.all(files.map(async (file) => JSON.parse(await file.text())));
      const templates = read.flatMap((one) => one.templates ?? one);
      const done = await change.run("POST", "/api/templates/import", { templates });
      if (done) location.reload();
    } catch {
      change.problem.value = "This file is no template: choose a .json that was exported here.";
    }
  }
  return (
    <section aria-labelledby="library">
      <div class="mb-2 flex flex-wrap items-center gap-3">
        <h2 id="library" class="flex-1 text-lg">Starter library</h2>
        {mayWrite && (
          <label class="btn cursor-pointer focus-within:outline-2 focus-within:outline-accent">
            Import a file
            <input
              type="file"
              class="sr-only"
              accept="application/json,.json"
              multiple
              onChange={(event) => void importFile(event)}
            />
          </label>
        )}
      </div>
      {taking.value === "" && change.problem.value && (
        <p class="break mb-2 text-bad" role="alert">{change.problem.value}</p>
      )}
      <ul class="grid gap-3 md:grid-cols-2" data-testid="library">
        {library.map((one) => (
          <li key={one.slug} class="panel flex flex-col gap-1 p-4">
            <h3 class="font-medium">{one.name}</h3>
            <p class="text-sm text-text-2">{one.description}</p>
            <p class="text-sm text-text-3">
              RouterOS {one.routeros}
            </p>
            <details class="text-sm">
              <summary class="cursor-pointer py-1">Text and variables</summary>
              <pre
                class="mono mt-1 max-h-72 overflow-auto p-2 text-xs"
                tabIndex={0}
              >{one.script}</pre>
              {one.variables.length > 0 && (
                <dl class="mt-1">
                  {one.variables.map(({ name, help, default: standard, isSecret }) => (
                    <div key={name} class="break">
                      <dt class="mono inline">{name}</dt>{" "}
                      <dd class="inline text-text-2">
                        {help}
                        {standard !== null && ` (${[standard].flat().join(", ")})`}
                        {isSecret && " (a secret)"}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </details>
            {mayWrite && (
              <div class="mt-auto pt-2">
                <button
                  type="button"
                  class="btn"
                  disabled={change.isBusy.value}
                  aria-label={`Use this: ${one.name}`}
                  onClick={() => void take(one.slug)}
                >
                  Use this
                </button>
                {taking.value === one.slug && change.problem.value && (
                  <p class="break mt-1 text-bad" role="alert">{change.problem.value}</p>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
