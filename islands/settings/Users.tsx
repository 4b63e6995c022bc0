import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { ago } from "@/core/contract/format.ts";
import { type CustomRole, type IssuedLink, roleWords, type User } from "@/core/contract/users.ts";
import { OneTimeSecret } from "./OneTimeSecret.tsx";
import { useChange } from "./use_change.ts";

export interface UsersProps {
  initial: User[];
  roles: CustomRole[];
  /** Who looks: their own row has no buttons. */
  userId: string;
  mayWrite: boolean;
  /** Built-in roles that they may give. */
  givable: string[];
  renderedAt: number;
}

/** The people of the organisation: invite, give a role, deactivate, make a link, delete. */
export default function Users(
  { initial, roles, userId, mayWrite, givable, renderedAt }: UsersProps,
) {
  const users = useSignal(initial);
  const shown = useSignal<{ user: User; link: IssuedLink } | undefined>(undefined);
  const change = useChange();

  const replace = (user: User) =>
    users.value = users.value.map((one) => one.id === user.id ? user : one);

  async function patch(user: User, body: Record<string, unknown>) {
    const result = await change.run<User>("PATCH", `/api/users/${user.id}`, body);
    if (result) replace(result.body);
    else users.value = [...users.value]; // the controls show again what is true
  }

  async function makeLink(user: User) {
    const result = await change.run<IssuedLink>("POST", `/api/users/${user.id}/link`);
    if (result) shown.value = { user, link: result.body };
  }

  async function remove(user: User) {
    const question =
      `Delete ${user.name}? Their account, sessions and API keys go, and the audit ` +
      "log forgets who they were. This cannot be undone.";
    if (!confirm(question)) return;
    const result = await change.run("DELETE", `/api/users/${user.id}`);
    if (result) users.value = users.value.filter(({ id }) => id !== user.id);
  }

  const options = [
    ...givable.map((role) => ({ value: role, label: roleWords(role) })),
    ...roles.map(({ id, name }) => ({ value: `custom:${id}`, label: name })),
  ];
  const valueOf = ({ role, customRoleId }: User) =>
    role === "custom" ? `custom:${customRoleId}` : role;
  const roleBody = (value: string) =>
    value.startsWith("custom:")
      ? { role: "custom", customRoleId: value.slice(7) }
      : { role: value, customRoleId: null };
  const nameOf = (user: User) => user.customRoleName ?? roleWords(user.role);

  return (
    <>
      {mayWrite && (
        <Invite
          options={options}
          onInvited={(user, link) => {
            users.value = [...users.value, user].sort((a, b) => a.email < b.email ? -1 : 1);
            shown.value = { user, link };
          }}
          roleBody={roleBody}
        />
      )}
      {shown.value && (
        <div class="mb-4">
          <OneTimeSecret
            label={`${
              shown.value.link.purpose === "invite" ? "Invitation" : "Recovery link"
            } for ${shown.value.user.name}, shown this once`}
            value={`${location.origin}/enrol#${shown.value.link.token}`}
          >
            {shown.value.link.purpose === "invite"
              ? "Give it to them in private: it works once, within three days."
              : "Whoever opens it takes over the account: hand it over in person. It works once, within an hour."}
          </OneTimeSecret>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      <ScrollArea label="Users">
        <table class="table min-w-[46rem]">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">State</th>
              <th scope="col">Last sign-in</th>
              {mayWrite && (
                <th scope="col">
                  <span class="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {users.value.map((user) => {
              const isOwn = user.id === userId;
              const mayEdit = mayWrite && !isOwn &&
                options.some(({ value }) => value === valueOf(user));
              return (
                <tr key={user.id}>
                  <td>
                    <bdi class="font-medium">{user.name}</bdi>
                    <bdi class="block text-sm text-text-2">{user.email}</bdi>
                  </td>
                  <td>
                    {mayEdit
                      ? (
                        <select
                          class="field"
                          aria-label={`Role of ${user.name}`}
                          value={valueOf(user)}
                          disabled={change.isBusy.value}
                          onChange={(event) =>
                            void patch(user, roleBody(event.currentTarget.value))}
                        >
                          {options.map(({ value, label }) => (
                            <option key={value} value={value}>{label}</option>
                          ))}
                        </select>
                      )
                      : <bdi>{nameOf(user)}</bdi>}
                  </td>
                  <td>
                    {!user.isActive
                      ? <span class="text-text-3">Deactivated</span>
                      : user.isEnrolled
                      ? <span class="text-ok">Active</span>
                      : <span class="text-warn">Invited</span>}
                    {user.hasSecondFactor && <span class="chip ml-2">2 factors</span>}
                  </td>
                  <td class="whitespace-nowrap text-text-2">{ago(user.lastLoginAt, renderedAt)}</td>
                  {mayWrite && (
                    <td>
                      {mayEdit && (
                        <div class="flex flex-wrap justify-end gap-1.5">
                          {user.isActive && (
                            <button
                              type="button"
                              class="btn"
                              disabled={change.isBusy.value}
                              onClick={() => void makeLink(user)}
                            >
                              {user.isEnrolled ? "Recovery link" : "New invitation"}
                            </button>
                          )}
                          <button
                            type="button"
                            class="btn"
                            disabled={change.isBusy.value}
                            onClick={() => void patch(user, { isActive: !user.isActive })}
                          >
                            {user.isActive ? "Deactivate" : "Activate"}
                          </button>
                          <button
                            type="button"
                            class="btn btn-danger"
                            disabled={change.isBusy.value}
                            onClick={() => void remove(user)}
                          >
                            Delete
                          </button>
                        </div>
                      )}
                      {isOwn && <a class="text-accent hover:underline" href="/account">You</a>}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}

function Invite({ options, onInvited, roleBody }: {
  options: { value: string; label: string }[];
  onInvited: (user: User, link: IssuedLink) => void;
  roleBody: (value: string) => Record<string, unknown>;
}) {
  const change = useChange();
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const result = await change.run<{ user: User; link: IssuedLink }>("POST", "/api/users", {
      email: text("email"),
      name: text("name"),
      ...roleBody(text("role")),
    });
    if (!result) return;
    form.reset();
    onInvited(result.body.user, result.body.link);
  }
  return (
    <form class="panel mb-4 p-4" onSubmit={(event) => void submit(event)}>
      <div class="grid items-end gap-3 md:grid-cols-[1fr_1fr_14rem_auto]">
        <Field label="Name" name="name">
          <input class="field" id="name" name="name" required maxlength={200} autocomplete="off" />
        </Field>
        <Field label="E-mail" name="email">
          <input
            class="field"
            id="email"
            name="email"
            type="email"
            required
            maxlength={254}
            autocomplete="off"
          />
        </Field>
        <Field label="Role" name="role">
          <select class="field" id="role" name="role">
            {options.toReversed().map(({ value, label }) => (
              <option key={value} value={value}>{label}</option>
            ))}
          </select>
        </Field>
        <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>Invite</button>
      </div>
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
