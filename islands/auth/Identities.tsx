import { useSignal } from "@preact/signals";
import type { OwnSso, SsoIdentity } from "@/core/contract/sso.ts";
import { ago } from "@/core/contract/format.ts";
import { parseSecretKey } from "@/core/srp/secret_key.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { Alert } from "./(_components)/Alert.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { explain, post } from "./api.ts";
import { proveAgain } from "./prove_again.ts";
import { useOwnKey } from "./use_own_key.ts";

export interface IdentitiesProps {
  initial: OwnSso;
  accountId: string;
  renderedAt: number;
}

type Provider = OwnSso["linkable"][number];

/** One's identities at the organisation's sign-in providers: link one, unlink one. */
export default function Identities({ initial, accountId, renderedAt }: IdentitiesProps) {
  const own = useSignal(initial);
  const linking = useSignal<Provider | undefined>(undefined);
  const change = useChange();

  async function unlink({ providerId, providerName }: SsoIdentity) {
    if (!confirm(`Unlink ${providerName}? It signs you in no more.`)) return;
    if (!await change.run("DELETE", `/api/auth/identities/${providerId}`)) return;
    const answer = await ask("/api/auth/identities");
    if (answer.ok) own.value = await answer.json();
  }

  const { identities, linkable } = own.value;
  if (identities.length === 0 && linkable.length === 0) {
    return (
      <p class="text-text-2">
        Your organisation has no sign-in of its own here. Administrators add one under{" "}
        <em>Organisation</em>.
      </p>
    );
  }
  return (
    <>
      {identities.length > 0 && (
        <ul class="divide-y divide-line" data-testid="identities">
          {identities.map((one) => (
            <li key={one.providerId} class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <span class="min-w-0 flex-1">
                <bdi class="font-medium">{one.providerName}</bdi>
                <span class="block text-sm text-text-3">
                  Linked {ago(one.createdAt, renderedAt)}
                  {!one.isEnabled && ", turned off by your organisation"}
                </span>
              </span>
              <button
                type="button"
                class="btn"
                aria-label={`Unlink ${one.providerName}`}
                disabled={change.isBusy.value}
                onClick={() =>
                  void unlink(one)}
              >
                Unlink
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="mt-3 flex flex-wrap gap-2">
        {linkable.map((provider) => (
          <button
            key={provider.id}
            type="button"
            class="btn"
            onClick={() => linking.value = provider}
          >
            <span>
              Link <bdi>{provider.name}</bdi>
            </span>
          </button>
        ))}
      </div>
      <Alert text={change.problem.value || undefined} />
      {linking.value && (
        <Linking
          key={linking.value.id}
          provider={linking.value}
          accountId={accountId}
          onCancel={() => linking.value = undefined}
        />
      )}
    </>
  );
}

/** A linked identity opens the account, so the password is asked for before. */
function Linking({ provider, accountId, onCancel }: {
  provider: Provider;
  accountId: string;
  onCancel: () => void;
}) {
  const password = useSignal("");
  const { typed: typedKey, isNeeded: needsKey } = useOwnKey(accountId);
  const isBusy = useSignal(false);
  const estimateMs = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);

  async function submit(event: Event) {
    event.preventDefault();
    isBusy.value = true;
    problem.value = estimateMs.value = undefined;
    try {
      const secrets = { password: password.value, secretKey: parseSecretKey(typedKey.value) };
      const proof = await proveAgain(accountId, secrets, (ms) => estimateMs.value = ms);
      const { url } = await post<{ url: string }>("/api/auth/identities", {
        providerId: provider.id,
        proof,
      });
      location.assign(url);
    } catch (error) {
      problem.value = explain(error);
      isBusy.value = false;
    }
  }

  return (
    <form
      class="mt-4 grid max-w-md gap-4 border-t border-line pt-4"
      onSubmit={(event) => void submit(event)}
      data-testid="link-identity"
    >
      <p>
        Whoever signs in at <bdi>{provider.name}</bdi>{" "}
        as you will be let in here as you, without password and Secret Key.
      </p>
      <PasswordField
        label="Your password"
        name="link-password"
        value={password}
        autocomplete="current-password"
      />
      {needsKey.value && <SecretKeyField value={typedKey} name="link-secret-key" />}
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Proving your password" estimateMs={estimateMs.value} />}
      <div class="flex gap-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy.value}>
          Go to sign in there
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}
