import { useSignal } from "@preact/signals";
import type { CredentialProfile } from "@/core/contract/credentials.ts";
import { ago } from "@/core/contract/format.ts";
import { ask } from "../ask.ts";
import { ProfileForm } from "./(_components)/ProfileForm.tsx";
import { useChange } from "./use_change.ts";

export interface CredentialProfilesProps {
  initial: CredentialProfile[];
  mayWrite: boolean;
  renderedAt: number;
}

/** Logins that many routers share: add one, set another password, see who uses it. */
export default function CredentialProfiles(
  { initial, mayWrite, renderedAt }: CredentialProfilesProps,
) {
  const profiles = useSignal(initial);
  const editing = useSignal<CredentialProfile | "new" | undefined>(
    initial.length === 0 && mayWrite ? "new" : undefined,
  );
  const told = useSignal("");
  const change = useChange();

  async function save(body: Record<string, unknown>) {
    const now = editing.value!;
    const result = now === "new"
      ? await change.run<CredentialProfile>("POST", "/api/credential-profiles", body)
      : await change.run<CredentialProfile>("PATCH", `/api/credential-profiles/${now.id}`, body);
    if (!result) return;
    const { name, devices } = result.body;
    told.value = "password" in body && devices > 0
      ? `${name} was saved. ${routers(devices)} ${devices === 1 ? "logs" : "log"} in anew.`
      : `${name} was saved.`;
    editing.value = undefined;
    await reload();
  }
  async function remove(profile: CredentialProfile) {
    if (!confirm(`Remove the login ${profile.name}?`)) return;
    told.value = "";
    const result = await change.run("DELETE", `/api/credential-profiles/${profile.id}`);
    if (!result) return;
    told.value = `${profile.name} was removed.`;
    await reload();
  }
  async function reload() {
    const answer = await ask("/api/credential-profiles");
    if (answer.ok) profiles.value = (await answer.json()).items;
  }
  function edit(next: CredentialProfile | "new" | undefined) {
    change.problem.value = "";
    told.value = "";
    editing.value = next;
  }

  const now = editing.value;
  return (
    <>
      {profiles.value.length === 0 && (
        <p class="panel mb-4 p-6 text-center text-text-2">
          {mayWrite
            ? "No shared login yet. Add the one that your routers have in common, then choose it where you add routers."
            : "No shared login yet. Administrators add them."}
        </p>
      )}
      {profiles.value.length > 0 && (
        <div class="panel table-scroll mb-4">
          <table class="table" data-testid="profiles">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">User name</th>
                <th scope="col">Routers</th>
                <th scope="col" class="hidden md:table-cell">Login set</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {profiles.value.map((profile) => (
                <tr key={profile.id}>
                  <th scope="row">
                    <bdi class="break">{profile.name}</bdi>
                    {profile.notes && (
                      <span class="break block text-sm font-normal text-text-3">
                        <bdi>{profile.notes}</bdi>
                      </span>
                    )}
                  </th>
                  <td class="break">
                    <bdi>{profile.username}</bdi>
                  </td>
                  <td>
                    <Users profile={profile} />
                  </td>
                  <td class="hidden whitespace-nowrap md:table-cell">
                    {ago(profile.secretAt, renderedAt)}
                  </td>
                  {mayWrite && (
                    <td>
                      <span class="flex flex-wrap gap-1.5">
                        <button
                          type="button"
                          class="btn"
                          aria-label={`Edit ${profile.name}`}
                          onClick={() => edit(profile)}
                        >
                          Edit
                        </button>
                        <button
                          type="button"
                          class="btn btn-danger"
                          aria-label={`Remove ${profile.name}`}
                          disabled={change.isBusy.value}
                          onClick={() => void remove(profile)}
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
      <p class="mb-4 text-ok empty:hidden" role="status">{told.value}</p>
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && now && (
        <ProfileForm
          key={now === "new" ? "new" : now.id}
          profile={now === "new" ? undefined : now}
          isBusy={change.isBusy.value}
          onSave={(body) => void save(body)}
          onCancel={() => edit(undefined)}
        />
      )}
      {mayWrite && !now && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => edit("new")}
        >
          Add login
        </button>
      )}
    </>
  );
}

function Users({ profile: { name, devices } }: { profile: CredentialProfile }) {
  if (devices === 0) return <span class="text-text-3">none</span>;
  const query = new URLSearchParams({ q: `profile:"${name.replaceAll('"', "")}"` });
  return <a class="underline" href={`/devices?${query}`}>{routers(devices)}</a>;
}

function routers(count: number): string {
  return count === 1 ? "1 router" : `${count.toLocaleString("en-US")} routers`;
}
