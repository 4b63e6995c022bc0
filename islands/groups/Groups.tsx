import { useSignal } from "@preact/signals";
import type { Group } from "@/core/contract/groups.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { GroupForm } from "./(_components)/GroupForm.tsx";

/** The groups there are, what makes each, and how its routers are. */
export default function Groups({ initial, mayWrite }: { initial: Group[]; mayWrite: boolean }) {
  const groups = useSignal(initial);
  const editing = useSignal<Group | "new" | undefined>(initial.length === 0 ? "new" : undefined);
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/groups");
    if (answer.ok) groups.value = (await answer.json()).items;
  }
  async function save(body: Record<string, unknown>) {
    const now = editing.value!;
    const result = now === "new"
      ? await change.run("POST", "/api/groups", body)
      : await change.run("PATCH", `/api/groups/${now.id}`, body);
    if (!result) return;
    editing.value = undefined;
    await reload();
  }
  async function remove({ id, name }: Group) {
    if (!confirm(`Remove the group ${name}? Its routers stay.`)) return;
    if (await change.run("DELETE", `/api/groups/${id}`)) await reload();
  }
  function edit(next: Group | "new") {
    change.problem.value = "";
    editing.value = next;
  }

  const now = editing.value;
  return (
    <>
      {groups.value.length > 0 && (
        <div class="panel mb-4 overflow-x-auto">
          <table class="table" data-testid="groups">
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col">Routers</th>
                <th scope="col" class="hidden md:table-cell">Members</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {groups.value.map((group) => (
                <tr key={group.id}>
                  <th scope="row" class="max-w-96 whitespace-normal!">
                    <bdi class="break text-sm font-medium text-text">{group.name}</bdi>
                    {group.description && (
                      <div class="break font-normal">
                        <bdi>{group.description}</bdi>
                      </div>
                    )}
                    {group.problems.map((problem) => (
                      <div key={problem} class="break font-normal text-warn">{problem}</div>
                    ))}
                  </th>
                  <td>
                    <Routers group={group} />
                  </td>
                  <td class="hidden md:table-cell">
                    {group.rule === null ? "Chosen" : <bdi class="mono break">{group.rule}</bdi>}
                  </td>
                  {mayWrite && (
                    <td>
                      <span class="flex flex-wrap gap-1.5">
                        <button
                          type="button"
                          class="btn"
                          aria-label={`Edit ${group.name}`}
                          onClick={() => edit(group)}
                        >
                          Edit
                        </button>
                        <button
                          type="button"
                          class="btn btn-danger"
                          aria-label={`Remove ${group.name}`}
                          disabled={change.isBusy.value}
                          onClick={() => void remove(group)}
                        >
                          Remove
                        </button>
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && now && (
        <GroupForm
          key={now === "new" ? "new" : now.id}
          group={now === "new" ? undefined : now}
          isBusy={change.isBusy.value}
          onSave={(body) => void save(body)}
          onCancel={() => editing.value = undefined}
        />
      )}
      {mayWrite && !now && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => edit("new")}
        >
          Add group
        </button>
      )}
    </>
  );
}

function Routers({ group: { name, devices, online, offline } }: { group: Group }) {
  const query = new URLSearchParams({ q: `group:"${name}"` });
  return (
    <span class="flex flex-wrap gap-x-3">
      <a class="underline" href={`/devices?${query}`}>
        {devices === 0 ? "none" : devices === 1 ? "1 router" : `${devices} routers`}
      </a>
      {offline > 0 && <span class="text-bad">{offline} offline</span>}
      {offline === 0 && online > 0 && <span class="text-ok">{online} online</span>}
    </span>
  );
}
