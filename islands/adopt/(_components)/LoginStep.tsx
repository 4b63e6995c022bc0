import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { TLS_MODE_CHOICES } from "@/components/tls_modes.ts";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import type { TlsMode } from "@/core/contract/device.ts";
import type { HostFindings } from "@/core/contract/discovery.ts";
import { useChange } from "../../settings/use_change.ts";

export type Login =
  & { port: number; tlsMode: TlsMode }
  & ({ username: string; password: string } | { profileId: string });

/** Who answered a login. */
export interface Reached {
  identity: string;
  version: string;
  boardName: string | null;
}
type Answer = ({ ok: true } & Reached) | { ok: false; detail: string };

/** A CA needs its certificate: that is for the one form. */
const MODES = TLS_MODE_CHOICES.filter(([mode]) => mode !== "ca");

/** Tries a login before anything is stored. */
export function LoginStep({ findings, region, profiles, onBack, onNext }: {
  findings: HostFindings;
  region: string;
  profiles: readonly ProfileChoice[];
  onBack: () => void;
  onNext: (login: Login, reached: Reached) => void;
}) {
  const { suggestion } = findings;
  const mode = useSignal<TlsMode>(suggestion?.tlsMode ?? "pinned");
  const port = useSignal(String(suggestion?.port ?? 8729));
  const profileId = useSignal(profiles[0]?.id ?? "");
  const refusal = useSignal("");
  const change = useChange();

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const login: Login = {
      port: Number(port.value),
      tlsMode: mode.value,
      ...(profileId.value ? { profileId: profileId.value } : {
        username: String(form.get("username")).trim(),
        password: String(form.get("password")),
      }),
    };
    refusal.value = "";
    const body = { address: findings.address, region, ...login };
    const result = await change.run<Answer>("POST", "/api/devices/probe", body);
    if (result?.body.ok) onNext(login, result.body);
    else if (result) refusal.value = (result.body as { detail: string }).detail;
  }

  return (
    <form class="panel grid gap-4 p-5 sm:grid-cols-2" onSubmit={(event) => void submit(event)}>
      {profiles.length > 0 && (
        <div class="sm:col-span-2">
          <Field
            label="Log in with"
            name="adopt-profile"
            hint="The password of a shared login is changed in one place, for all its routers."
          >
            <select
              id="adopt-profile"
              class="field"
              value={profileId.value}
              onChange={(event) => profileId.value = event.currentTarget.value}
            >
              {profiles.map(({ id, name, username }) => (
                <option key={id} value={id}>{name} ({username})</option>
              ))}
              <option value="">A login of its own</option>
            </select>
          </Field>
        </div>
      )}
      {!profileId.value && (
        <>
          <Field label="User name" name="adopt-username">
            <input
              id="adopt-username"
              name="username"
              class="field"
              required
              autocomplete="off"
              spellcheck={false}
            />
          </Field>
          <Field label="Password" name="adopt-password" hint="Encrypted before it is stored">
            <input
              id="adopt-password"
              name="password"
              type="password"
              class="field"
              autocomplete="new-password"
            />
          </Field>
        </>
      )}
      <Field label="Connection security" name="adopt-mode">
        <select
          id="adopt-mode"
          class="field"
          value={mode.value}
          onChange={(event) => mode.value = event.currentTarget.value as TlsMode}
        >
          {MODES.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
      </Field>
      <Field label="API port" name="adopt-login-port">
        <input
          id="adopt-login-port"
          class="field"
          inputmode="numeric"
          pattern="\d{1,5}"
          required
          value={port.value}
          onInput={(event) => port.value = event.currentTarget.value}
        />
      </Field>
      <p class="text-sm text-text-2 sm:col-span-2">
        A read-only login with the policy <code>api</code> is enough to watch a router.
      </p>
      {(refusal.value || change.problem.value) && (
        <p class="break text-bad sm:col-span-2" role="alert">
          {refusal.value || change.problem.value}
        </p>
      )}
      <div class="flex gap-2 sm:col-span-2">
        <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
          {change.isBusy.value ? "Logging in…" : "Log in"}
        </button>
        <button type="button" class="btn" onClick={onBack}>Back</button>
      </div>
    </form>
  );
}
