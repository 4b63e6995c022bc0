import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { ApiKey } from "@/core/contract/api_keys.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { OneTimeSecret } from "./OneTimeSecret.tsx";
import { useChange } from "./use_change.ts";

export interface ApiKeysProps {
  initial: ApiKey[];
  /** What a key of this person can hold. */
  grantable: string[];
  mayWrite: boolean;
  renderedAt: number;
}

/** The keys of programs: make one, see when each was last used, revoke. */
export default function ApiKeys({ initial, grantable, mayWrite, renderedAt }: ApiKeysProps) {
  const keys = useSignal(initial);
  const made = useSignal<{ key: ApiKey; secret: string } | undefined>(undefined);
  const change = useChange();

  async function revoke(key: ApiKey) {
    if (!confirm(`Revoke ${key.name}? Whatever uses it is refused from now on.`)) return;
    const result = await change.run("DELETE", `/api/api-keys/${key.id}`);
    if (!result) return;
    const revokedAt = new Date().toISOString();
    keys.value = keys.value.map((one) => one.id === key.id ? { ...one, revokedAt } : one);
  }

  return (
    <>
      {mayWrite && (
        <NewKey
          grantable={grantable}
          onMade={(key, secret) => {
            keys.value = [key, ...keys.value];
            made.value = { key, secret };
          }}
        />
      )}
      {made.value && (
        <div class="mb-4">
          <OneTimeSecret
            label={`Key ${made.value.key.name}, shown this once`}
            value={made.value.secret}
          >
            Send it as <code>Authorization: Bearer …</code>. Only a hash of it is kept here.
          </OneTimeSecret>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {keys.value.length === 0
        ? <p class="panel p-6 text-center text-text-2">No program has a key yet.</p>
        : (
          <ScrollArea label="API keys">
            <table class="table min-w-[46rem]">
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  <th scope="col">May</th>
                  <th scope="col">From</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Ends</th>
                  <th scope="col">
                    <span class="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.value.map((key) => (
                  <tr key={key.id} class={isOver(key, renderedAt) ? "text-text-3" : ""}>
                    <td>
                      <bdi class="font-medium">{key.name}</bdi>
                      <span class="block text-sm">
                        <code>{key.prefix}…</code> by <bdi>{key.owner.name}</bdi>
                        {!key.owner.isActive && ", who is deactivated"}
                      </span>
                    </td>
                    <td class="text-sm">{key.permissions.join(", ")}</td>
                    <td class="text-sm">{key.allowedFrom.join(", ") || "anywhere"}</td>
                    <td class="whitespace-nowrap">
                      {ago(key.lastUsedAt, renderedAt)}
                      {key.lastUsedFrom && (
                        <span class="block text-sm">
                          from <bdi>{key.lastUsedFrom}</bdi>
                        </span>
                      )}
                    </td>
                    <td class="whitespace-nowrap">
                      {key.revokedAt ? "revoked" : key.expiresAt ? utc(key.expiresAt) : "never"}
                    </td>
                    <td>
                      {mayWrite && !key.revokedAt && (
                        <button
                          type="button"
                          class="btn btn-danger"
                          disabled={change.isBusy.value}
                          onClick={() => void revoke(key)}
                        >
                          Revoke
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
    </>
  );
}

function isOver({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now);
}

const DAY_MS = 86_400_000;

function NewKey({ grantable, onMade }: {
  grantable: string[];
  onMade: (key: ApiKey, secret: string) => void;
}) {
  const change = useChange();
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const days = Number(fields.get("days"));
    const result = await change.run<{ key: ApiKey; secret: string }>("POST", "/api/api-keys", {
      name: String(fields.get("name") ?? "").trim(),
      permissions: fields.getAll("permission"),
      allowedFrom: String(fields.get("from") ?? "").split(/[\s,]+/).filter(Boolean),
      expiresAt: days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : null,
    });
    if (!result) return;
    form.reset();
    onMade(result.body.key, result.body.secret);
  }
  return (
    <form class="panel mb-4 p-4" onSubmit={(event) => void submit(event)}>
      <div class="grid gap-3 md:grid-cols-3">
        <Field label="Name" name="name" hint="What uses it: billing, Grafana, …">
          <input class="field" id="name" name="name" required maxlength={100} autocomplete="off" />
        </Field>
        <Field label="From" name="from" hint="Addresses or networks; empty: from anywhere">
          <input
            class="field"
            id="from"
            name="from"
            placeholder="192.0.2.0/24"
            autocomplete="off"
          />
        </Field>
        <Field label="Ends" name="days">
          <select class="field" id="days" name="days">
            <option value="90">in 90 days</option>
            <option value="365">in a year</option>
            <option value="0">never</option>
          </select>
        </Field>
      </div>
      <fieldset class="mt-3">
        <legend class="mb-1 font-medium">May</legend>
        <div class="flex flex-wrap gap-x-5 gap-y-1.5">
          {grantable.map((permission) => (
            <label key={permission} class="flex items-center gap-2">
              <input type="checkbox" name="permission" value={permission} />
              <code>{permission}</code>
            </label>
          ))}
        </div>
      </fieldset>
      <button type="submit" class="btn btn-primary mt-4" disabled={change.isBusy.value}>
        Make key
      </button>
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
