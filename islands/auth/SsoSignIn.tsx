import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ownPath } from "./sign_in_link.ts";

/** The organisation that this browser signed in by last. */
const REMEMBERED = "tod_sso_tenant";

export interface SsoSignInProps {
  next?: string;
  /** From a link that an organisation hands to its people. */
  tenant?: string;
  provider?: string;
  isOpen: boolean;
}

/** Asks for the organisation's short name, then goes to its sign-in page. */
export default function SsoSignIn({ next, tenant = "", provider, isOpen }: SsoSignInProps) {
  const slug = useSignal(tenant);
  const isBusy = useSignal(false);
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const known = remembered();
    if (slug.value !== "" || known === null) return;
    slug.value = known;
    if (details.current) details.current.open = true;
  }, []);

  function go(event: Event) {
    event.preventDefault();
    isBusy.value = true;
    const name = slug.value.trim().toLowerCase();
    try {
      localStorage.setItem(REMEMBERED, name);
    } catch { /* a browser without storage asks again next time */ }
    const query = new URLSearchParams({ tenant: name, next: ownPath(next) });
    if (provider && name === tenant) query.set("provider", provider);
    // Not as a form: its rules would forbid to go on to another site.
    location.assign(`/api/auth/sso/start?${query}`);
  }

  return (
    <details ref={details} class="mt-5 border-t border-line pt-4" open={isOpen} data-testid="sso">
      <summary class="font-medium">Sign in with your organisation</summary>
      <form class="mt-3 grid gap-4" onSubmit={go}>
        <Field
          label="Organisation's short name"
          name="sso-tenant"
          hint="Letters a–z, digits and dashes; your administrator knows it."
        >
          <input
            id="sso-tenant"
            class="field"
            autocomplete="organization"
            autocapitalize="none"
            spellcheck={false}
            required
            maxlength={63}
            value={slug}
            onInput={(event) =>
              slug.value = event.currentTarget.value}
          />
        </Field>
        <button type="submit" class="btn justify-center" disabled={isBusy.value}>Continue</button>
      </form>
    </details>
  );
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}
