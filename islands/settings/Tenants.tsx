import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { Tenant } from "@/core/contract/tenants.ts";
import type { IssuedLink } from "@/core/contract/users.ts";
import { OneTimeSecret } from "./OneTimeSecret.tsx";
import { TenantDeletion } from "./TenantDeletion.tsx";
import { useChange } from "./use_change.ts";

export interface TenantsProps {
  initial: Tenant[];
  /** Where one works now. */
  tenantId: string;
  /** When the page was made, in ms. */
  renderedAt: number;
}

/** The customers of the installation: make one, enter one to work in it, suspend one. */
export default function Tenants({ initial, tenantId, renderedAt }: TenantsProps) {
  const tenants = useSignal(initial);
  const made = useSignal<{ tenant: Tenant; link: IssuedLink } | undefined>(undefined);
  const doomed = useSignal<string | undefined>(undefined);
  const change = useChange();
  const deleting = tenants.value.find(({ id }) => id === doomed.value);
  const replace = (next: Tenant) => {
    tenants.value = tenants.value.map((one) => one.id === next.id ? next : one);
  };

  async function create(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = Object.fromEntries(new FormData(form));
    type Made = { tenant: Tenant; link: IssuedLink };
    const result = await change.run<Made>("POST", "/api/tenants", body);
    if (!result) return;
    form.reset();
    made.value = result.body;
    tenants.value = [...tenants.value, result.body.tenant].sort((a, b) => a.name < b.name ? -1 : 1);
  }
  async function enter({ id }: Tenant) {
    if (await change.run("POST", "/api/auth/tenant", { tenantId: id })) location.assign("/");
  }
  async function suspend(tenant: Tenant) {
    const isActive = !tenant.isActive;
    const question =
      `Suspend ${tenant.name}? Nobody of theirs signs in and no key works until you resume it.`;
    if (!isActive && !confirm(question)) return;
    const result = await change.run<Tenant>("PATCH", `/api/tenants/${tenant.id}`, { isActive });
    if (result) replace(result.body);
  }

  return (
    <>
      <form class="panel mb-4 p-4" onSubmit={(event) => void create(event)}>
        <div class="grid items-end gap-3 md:grid-cols-[1fr_10rem_1fr_1fr_auto]">
          <Field label="Name" name="name">
            <input class="field" id="name" name="name" required maxlength={200} />
          </Field>
          <Field label="Short name" name="slug">
            <input
              class="field"
              id="slug"
              name="slug"
              required
              maxlength={63}
              pattern="[a-z0-9][a-z0-9\-]*"
              title="a-z, 0-9 and -"
            />
          </Field>
          <Field label="First administrator" name="adminName">
            <input class="field" id="adminName" name="adminName" required maxlength={200} />
          </Field>
          <Field label="Their e-mail" name="adminEmail">
            <input class="field" id="adminEmail" name="adminEmail" type="email" required />
          </Field>
          <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
            Make tenant
          </button>
        </div>
      </form>
      {made.value && (
        <div class="mb-4">
          <OneTimeSecret
            label={`Invitation for the first administrator of ${made.value.tenant.name}, shown this once`}
            value={`${location.origin}/enrol#${made.value.link.token}`}
          >
            It works once, within three days.
          </OneTimeSecret>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {deleting && (
        <TenantDeletion
          key={deleting.id}
          tenant={deleting}
          now={renderedAt}
          onChange={replace}
          onGone={() => {
            tenants.value = tenants.value.filter(({ id }) => id !== deleting.id);
            doomed.value = undefined;
          }}
          onClose={() => doomed.value = undefined}
        />
      )}
      <ScrollArea label="Tenants">
        <table class="table min-w-[46rem]">
          <thead>
            <tr>
              <th scope="col">Tenant</th>
              <th scope="col" class="num">Users</th>
              <th scope="col" class="num">Devices</th>
              <th scope="col">State</th>
              <th scope="col">
                <span class="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tenants.value.map((tenant) => (
              <tr key={tenant.id}>
                <td>
                  <bdi class="font-medium">{tenant.name}</bdi>
                  <code class="block text-sm text-text-2">{tenant.slug}</code>
                </td>
                <td class="num">{tenant.users}</td>
                <td class="num">{tenant.devices}</td>
                <td>
                  {tenant.deletionRequestedAt
                    ? <span class="text-bad">To be deleted</span>
                    : tenant.isActive
                    ? <span class="text-ok">Active</span>
                    : <span class="text-warn">Suspended</span>}
                </td>
                <td>
                  <div class="flex justify-end gap-1.5">
                    {tenant.id === tenantId ? <span class="chip">You work here</span> : (
                      <button
                        type="button"
                        class="btn"
                        disabled={change.isBusy.value}
                        onClick={() => void enter(tenant)}
                      >
                        Work here
                      </button>
                    )}
                    {tenant.slug !== "default" && !tenant.deletionRequestedAt && (
                      <button
                        type="button"
                        class="btn"
                        disabled={change.isBusy.value}
                        onClick={() => void suspend(tenant)}
                      >
                        {tenant.isActive ? "Suspend" : "Resume"}
                      </button>
                    )}
                    {tenant.slug !== "default" && tenant.id !== tenantId && (
                      <button
                        type="button"
                        class="btn"
                        aria-label={`Delete ${tenant.name}`}
                        onClick={() => doomed.value = tenant.id}
                      >
                        Delete
                      </button>
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}
