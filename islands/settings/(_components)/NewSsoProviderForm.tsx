import { useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { SsoDiscovery, SsoProvider } from "@/core/contract/sso.ts";
import { useChange } from "../use_change.ts";

/** Adds a provider; its issuer can be tried before. */
export function NewSsoProviderForm({ onMade }: { onMade: (provider: SsoProvider) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const found = useSignal<SsoDiscovery | undefined>(undefined);
  const change = useChange();
  const field = (name: string) => String(new FormData(form.current!).get(name) ?? "").trim();

  async function check() {
    found.value = undefined;
    const issuer = field("issuer");
    const result = await change.run<SsoDiscovery>("POST", "/api/sso-providers/check", { issuer });
    found.value = result?.body;
  }
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const result = await change.run<SsoProvider>("POST", "/api/sso-providers", {
      name: field("name"),
      issuer: field("issuer"),
      clientId: field("clientId"),
      clientSecret: field("clientSecret") || null,
      emailDomains: field("domains").split(/[\s,]+/).filter(Boolean),
    });
    if (!result) return;
    form.current?.reset();
    found.value = undefined;
    onMade(result.body);
  }

  return (
    <form
      ref={form}
      class="panel p-4"
      aria-labelledby="new-provider"
      onSubmit={(event) => void submit(event)}
    >
      <h2 id="new-provider" class="mb-3 font-semibold">Add a provider</h2>
      <div class="grid gap-3 md:grid-cols-2">
        <Field label="Name" name="name" hint="What your people call it">
          <input class="field" id="name" name="name" required maxlength={100} autocomplete="off" />
        </Field>
        <Field label="Issuer" name="issuer" hint="Its address, as its discovery document says it">
          <input
            class="field"
            id="issuer"
            name="issuer"
            type="url"
            required
            placeholder="https://login.example.net"
            autocomplete="off"
          />
        </Field>
        <Field label="Client ID" name="clientId">
          <input class="field" id="clientId" name="clientId" required autocomplete="off" />
        </Field>
        <Field label="Client secret" name="clientSecret" hint="Empty for a public client">
          <input
            class="field"
            id="clientSecret"
            name="clientSecret"
            type="password"
            autocomplete="new-password"
          />
        </Field>
        <Field label="E-mail domains" name="domains" hint="Whose addresses it may vouch for">
          <input
            class="field"
            id="domains"
            name="domains"
            placeholder="example.net"
            autocomplete="off"
          />
        </Field>
      </div>
      <div class="mt-4 flex flex-wrap gap-2">
        <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
          Add provider
        </button>
        <button
          type="button"
          class="btn"
          disabled={change.isBusy.value}
          onClick={() => void check()}
        >
          Check discovery
        </button>
      </div>
      <div role="status">
        {found.value && (
          <p class="break mt-3 text-ok">
            The issuer answers. People will go to {found.value.authorizationEndpoint}
          </p>
        )}
      </div>
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
