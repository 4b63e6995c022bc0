import { useChange } from "../settings/use_change.ts";
import type { Template } from "@/core/contract/templates.ts";

/** What can be done with a template as a whole. */
export default function TemplateActions({ id, name, mayWrite, mayPush }: {
  id: string;
  name: string;
  mayWrite: boolean;
  mayPush: boolean;
}) {
  const change = useChange();
  async function duplicate() {
    const made = await change.run<Template>("POST", `/api/templates/${id}/copies`);
    if (made) location.assign(`/templates/${made.body.id}`);
  }
  async function remove() {
    if (!confirm(`Remove the template ${name} with its history? Routers keep what they have.`)) {
      return;
    }
    if (await change.run("DELETE", `/api/templates/${id}`)) location.assign("/templates");
  }
  return (
    <div>
      <div class="flex flex-wrap gap-2">
        {mayPush && (
          <a class="btn btn-primary" href={`/jobs/new?template=${id}`}>
            Push to routers
          </a>
        )}
        <a class="btn" href={`/api/templates/${id}/file`} download>Export</a>
        {mayWrite && (
          <>
            <button
              type="button"
              class="btn"
              disabled={change.isBusy.value}
              onClick={() => void duplicate()}
            >
              Duplicate
            </button>
            <button
              type="button"
              class="btn btn-danger"
              disabled={change.isBusy.value}
              onClick={() => void remove()}
            >
              Remove
            </button>
          </>
        )}
      </div>
      {change.problem.value && (
        <p class="break mt-1 text-bad" role="alert">{change.problem.value}</p>
      )}
    </div>
  );
}
