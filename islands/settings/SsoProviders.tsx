import { useSignal } from "@preact/signals";
import type { SsoProvider, SsoProviderPatch } from "@/core/contract/sso.ts";
import { Copyable } from "./(_components)/Copyable.tsx";
import { NewSsoProviderForm } from "./(_components)/NewSsoProviderForm.tsx";
import { useChange } from "./use_change.ts";

export interface SsoProvidersProps {
  initial: SsoProvider[];
  redirectUri: string;
  /** Of the sign-in page, for this organisation. */
  signInUrl: string;
  mayWrite: boolean;
}

/** The organisation's sign-in providers: add, turn off and on, decide whom they let in, remove. */
export default function SsoProviders(
  { initial, redirectUri, signInUrl, mayWrite }: SsoProvidersProps,
) {
  const providers = useSignal(initial);
  const change = useChange();

  async function patch({ id }: SsoProvider, wanted: SsoProviderPatch) {
    const result = await change.run<SsoProvider>("PATCH", `/api/sso-providers/${id}`, wanted);
    if (!result) {
      // A checkbox shows what is stored, not what was refused.
      providers.value = providers.value.map((one) => ({ ...one }));
      return;
    }
    providers.value = providers.value.map((one) => one.id === id ? result.body : one);
  }
  async function remove({ id, name, identities }: SsoProvider) {
    const loss = identities === 1 ? "1 linked account" : `${identities} linked accounts`;
    if (!confirm(`Remove ${name}? It signs nobody in any more; ${loss} need another way.`)) return;
    if (!await change.run("DELETE", `/api/sso-providers/${id}`)) return;
    providers.value = providers.value.filter((one) => one.id !== id);
  }

  return (
    <>
      <section class="panel mb-4 p-4" aria-labelledby="sso-addresses">
        <h2 id="sso-addresses" class="mb-3 font-semibold">Addresses</h2>
        <div class="grid gap-3">
          <Copyable label="Redirect URI, for the provider's settings" value={redirectUri} />
          <Copyable label="Sign-in link, for your people" value={signInUrl} />
        </div>
      </section>
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {providers.value.length === 0
        ? <p class="panel mb-4 p-6 text-center text-text-2">No provider yet.</p>
        : (
          <ul class="mb-4 grid gap-4" data-testid="sso-providers">
            {providers.value.map((provider) => (
              <li key={provider.id} class="panel p-4">
                <Provider
                  provider={provider}
                  isLocked={!mayWrite || change.isBusy.value}
                  onPatch={(wanted) => void patch(provider, wanted)}
                  onRemove={() => void remove(provider)}
                />
              </li>
            ))}
          </ul>
        )}
      {mayWrite && (
        <NewSsoProviderForm onMade={(made) => providers.value = [...providers.value, made]} />
      )}
    </>
  );
}

function Provider({ provider, isLocked, onPatch, onRemove }: {
  provider: SsoProvider;
  isLocked: boolean;
  onPatch: (patch: SsoProviderPatch) => void;
  onRemove: () => void;
}) {
  const { id, name, issuer, clientId, isEnabled, emailDomains, identities } = provider;
  return (
    <article aria-labelledby={`name-${id}`}>
      <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id={`name-${id}`} class="min-w-0 flex-1 font-semibold">
          <bdi>{name}</bdi> <span class="chip">{isEnabled ? "Enabled" : "Disabled"}</span>
        </h2>
        <button
          type="button"
          class="btn"
          disabled={isLocked}
          onClick={() => onPatch({ isEnabled: !isEnabled })}
        >
          {isEnabled ? "Disable" : "Enable"}
        </button>
        <button type="button" class="btn btn-danger" disabled={isLocked} onClick={onRemove}>
          Remove
        </button>
      </div>
      <dl class="my-3 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
        <dt class="text-text-3">Issuer</dt>
        <dd>{issuer}</dd>
        <dt class="text-text-3">Client</dt>
        <dd>{clientId} {provider.hasSecret ? "with a secret" : "without a secret"}</dd>
        <dt class="text-text-3">Linked accounts</dt>
        <dd>{identities}</dd>
      </dl>
      <Domains id={id} domains={emailDomains} isLocked={isLocked} onPatch={onPatch} />
      <div class="mt-3 grid gap-2">
        <label class="flex items-start gap-3">
          <input
            type="checkbox"
            class="mt-1"
            checked={provider.admitsViewers}
            disabled={isLocked}
            onChange={(event) => onPatch({ admitsViewers: event.currentTarget.checked })}
          />
          <span>
            New people of these domains become viewers
            <span class="block text-sm text-text-2">Never more: other roles are given here.</span>
          </span>
        </label>
        <label class="flex items-start gap-3">
          <input
            type="checkbox"
            class="mt-1"
            checked={provider.matchesInvited}
            disabled={isLocked}
            onChange={(event) => onPatch({ matchesInvited: event.currentTarget.checked })}
          />
          <span>
            People of these domains can accept an invitation by signing in there
            <span class="block text-sm text-text-2">
              Matched once, by verified address. Administrators accept theirs by its link.
            </span>
          </span>
        </label>
      </div>
    </article>
  );
}

function Domains({ id, domains, isLocked, onPatch }: {
  id: string;
  domains: string[];
  isLocked: boolean;
  onPatch: (patch: SsoProviderPatch) => void;
}) {
  const text = useSignal(domains.join(", "));
  return (
    <form
      class="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onPatch({ emailDomains: text.value.split(/[\s,]+/).filter(Boolean) });
      }}
    >
      <div class="min-w-0 flex-1">
        <label class="mb-1 block text-sm" for={`domains-${id}`}>E-mail domains</label>
        <input
          class="field"
          id={`domains-${id}`}
          placeholder="example.net"
          autocomplete="off"
          disabled={isLocked}
          value={text}
          onInput={(event) => text.value = event.currentTarget.value}
        />
      </div>
      <button type="submit" class="btn" disabled={isLocked}>Save domains</button>
    </form>
  );
}
