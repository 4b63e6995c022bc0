import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { DELETION_WAIT_MS, type Tenant } from "@/core/contract/tenants.ts";
import { ask } from "../ask.ts";
import { useChange } from "./use_change.ts";

export interface TenantDeletionProps {
  tenant: Tenant;
  /** The page's clock, in ms: what is due is decided by the server anyway. */
  now: number;
  onChange: (tenant: Tenant) => void;
  onGone: () => void;
  onClose: () => void;
}

/** The two steps that delete a tenant, with the export between them. */
export function TenantDeletion({ tenant, now, onChange, onGone, onClose }: TenantDeletionProps) {
  const typed = useSignal("");
  const change = useChange();
  const path = `/api/tenants/${tenant.id}`;
  const due = tenant.deletionRequestedAt
    ? Date.parse(tenant.deletionRequestedAt) + DELETION_WAIT_MS
    : undefined;
  const isReady = due !== undefined && due <= now && tenant.exportedAt !== null;

  async function run(method: "POST" | "DELETE", to: string, body?: unknown) {
    const result = await change.run<Tenant>(method, to, body);
    typed.value = "";
    if (result && to.startsWith(`${path}?`)) onGone();
    else if (result) onChange(result.body);
  }
  async function download() {
    change.isBusy.value = true;
    try {
      const answer = await ask(`${path}/export`);
      if (!answer.ok) throw new Error((await answer.json()).title);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `tod-tenant-${tenant.slug}.jsonl`;
      link.click();
      URL.revokeObjectURL(link.href);
      onChange({ ...tenant, exportedAt: new Date().toISOString() });
    } catch (error) {
      change.problem.value = `The export was cut off: try again. ${(error as Error).message}`;
    } finally {
      change.isBusy.value = false;
    }
  }

  return (
    <section class="panel mb-4 border-bad p-4" aria-label={`Deletion of ${tenant.name}`}>
      <h2 class="mb-2 font-semibold">
        Delete <bdi>{tenant.name}</bdi>
      </h2>
      {due === undefined
        ? (
          <p class="mb-3 text-text-2">
            Deleting takes two steps. The first suspends the tenant: nobody of theirs signs in and
            their {tenant.devices}{" "}
            devices are polled no more. A day later, and after you exported the data, the second
            destroys their key and every row. It cannot be undone.
          </p>
        )
        : (
          <ol class="mb-3 list-decimal space-y-1 pl-5">
            <li>
              Asked for on{" "}
              <time dateTime={tenant.deletionRequestedAt!}>
                {new Date(tenant.deletionRequestedAt!).toLocaleString()}
              </time>. The tenant is suspended.
            </li>
            <li>
              {tenant.exportedAt ? "Exported." : "Export the data."}{" "}
              The audit log has an export of its own, on the audit page, once you work in this
              tenant.
            </li>
            <li>
              For good from{" "}
              <time dateTime={new Date(due).toISOString()}>{new Date(due).toLocaleString()}</time>.
            </li>
          </ol>
        )}
      {change.problem.value && (
        <p class="break mb-3 text-bad" role="alert">{change.problem.value}</p>
      )}
      <div class="flex flex-wrap items-end gap-2">
        {due !== undefined && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => void download()}
          >
            Export data
          </button>
        )}
        {due !== undefined && !tenant.isDeletionFinal && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => void run("DELETE", `${path}/deletion`)}
          >
            Keep this tenant
          </button>
        )}
        <Field label={`Type ${tenant.slug} to confirm`} name="confirm-slug">
          <input
            class="field"
            id="confirm-slug"
            autocomplete="off"
            value={typed.value}
            onInput={(event) => typed.value = event.currentTarget.value}
          />
        </Field>
        <button
          type="button"
          class="btn btn-danger"
          disabled={change.isBusy.value || typed.value !== tenant.slug ||
            (due !== undefined && !isReady)}
          onClick={() => void (due === undefined
            ? run("POST", `${path}/deletion`, { slug: typed.value })
            : run("DELETE", `${path}?slug=${encodeURIComponent(typed.value)}`))}
        >
          {due === undefined ? "Suspend and ask for deletion" : "Delete for good"}
        </button>
        <button type="button" class="btn" onClick={onClose}>Close</button>
      </div>
    </section>
  );
}
