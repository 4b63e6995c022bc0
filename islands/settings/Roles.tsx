import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { type CustomRole, roleWords } from "@/core/contract/users.ts";
import { useChange } from "./use_change.ts";

export interface RolesProps {
  initial: CustomRole[];
  builtIn: Record<string, string[]>;
  grantable: string[];
  mayWrite: boolean;
}

/** What each role may, as a matrix, and the organisation's own roles to edit. */
export default function Roles({ initial, builtIn, grantable, mayWrite }: RolesProps) {
  const roles = useSignal(initial);
  const edited = useSignal<CustomRole | undefined>(undefined);
  const change = useChange();

  async function save(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const body = {
      name: String(fields.get("name") ?? "").trim(),
      description: String(fields.get("description") ?? "").trim() || null,
      permissions: fields.getAll("permission"),
    };
    const now = edited.value;
    const result = now
      ? await change.run<CustomRole>("PUT", `/api/roles/${now.id}`, body)
      : await change.run<CustomRole>("POST", "/api/roles", body);
    if (!result) return;
    roles.value = [...roles.value.filter(({ id }) => id !== result.body.id), result.body]
      .sort((a, b) => a.name < b.name ? -1 : 1);
    edited.value = undefined;
    form.reset();
  }

  async function remove(role: CustomRole) {
    if (!confirm(`Delete the role ${role.name}?`)) return;
    const result = await change.run("DELETE", `/api/roles/${role.id}`);
    if (!result) return;
    roles.value = roles.value.filter(({ id }) => id !== role.id);
    if (edited.value?.id === role.id) edited.value = undefined;
  }

  const columns = [
    ...Object.entries(builtIn).map(([name, held]) => ({
      id: name,
      name: roleWords(name),
      held,
    })),
    ...roles.value.map(({ id, name, permissions }) => ({ id, name, held: permissions })),
  ];
  return (
    <>
      <ScrollArea label="What each role may do" class="mb-4">
        <table class="table min-w-[46rem]">
          <thead>
            <tr>
              <th scope="col">Permission</th>
              {columns.map(({ id, name }) => (
                <th key={id} scope="col">
                  <bdi>{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grantable.map((permission) => (
              <tr key={permission}>
                <th scope="row">
                  <code>{permission}</code>
                </th>
                {columns.map(({ id, held }) => (
                  <td key={id}>
                    {held.includes(permission)
                      ? <span class="text-ok">yes</span>
                      : <span class="text-text-3">–</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {roles.value.length > 0 && (
        <ul class="panel mb-4 divide-y divide-line">
          {roles.value.map((role) => (
            <li key={role.id} class="flex flex-wrap items-center gap-3 p-3">
              <div class="min-w-0 flex-1">
                <bdi class="font-medium">{role.name}</bdi>
                <p class="break text-sm text-text-2">
                  {role.description ? <bdi>{role.description}</bdi> : null} {role.users} users
                </p>
              </div>
              {mayWrite && (
                <>
                  <button
                    type="button"
                    class="btn"
                    onClick={() => edited.value = role}
                  >
                    Edit
                  </button>
                  <button
                    type="button"
                    class="btn btn-danger"
                    disabled={change.isBusy.value}
                    onClick={() =>
                      void remove(role)}
                  >
                    Delete
                  </button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayWrite && (
        <form
          key={edited.value?.id ?? "new"}
          class="panel p-4"
          onSubmit={(event) => void save(event)}
        >
          <h2 class="mb-3 font-semibold">
            {edited.value
              ? (
                <>
                  Edit <bdi>{edited.value.name}</bdi>
                </>
              )
              : "A role of your own"}
          </h2>
          <div class="grid gap-3 md:grid-cols-2">
            <Field label="Name" name="name">
              <input
                class="field"
                id="name"
                name="name"
                required
                maxlength={100}
                defaultValue={edited.value?.name ?? ""}
              />
            </Field>
            <Field label="What it is for" name="description">
              <input
                class="field"
                id="description"
                name="description"
                maxlength={1000}
                defaultValue={edited.value?.description ?? ""}
              />
            </Field>
          </div>
          <fieldset class="mt-3">
            <legend class="mb-1 font-medium">May</legend>
            <div class="flex flex-wrap gap-x-5 gap-y-1.5">
              {grantable.map((permission) => (
                <label key={permission} class="flex items-center gap-2">
                  <input
                    type="checkbox"
                    name="permission"
                    value={permission}
                    defaultChecked={edited.value?.permissions.includes(permission) ?? false}
                  />
                  <code>{permission}</code>
                </label>
              ))}
            </div>
          </fieldset>
          <div class="mt-4 flex gap-2">
            <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
              {edited.value ? "Save" : "Make role"}
            </button>
            {edited.value && (
              <button
                type="button"
                class="btn"
                onClick={() => edited.value = undefined}
              >
                Cancel
              </button>
            )}
          </div>
        </form>
      )}
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </>
  );
}
