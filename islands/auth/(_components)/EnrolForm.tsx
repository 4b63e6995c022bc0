import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { LinkInfo } from "@/core/contract/auth.ts";
import { UsernameForManagers } from "./UsernameForManagers.tsx";
import { isUsable, NewPassword } from "./NewPassword.tsx";

export interface EnrolInput {
  password: string;
  name?: string;
  email?: string;
  organisation?: string;
}

const INTRO: Record<LinkInfo["purpose"], string> = {
  setup: "Nobody uses this installation yet: you become its first administrator.",
  invite: "You were invited. Choose a password; your Secret Key is made in this browser.",
  recover: "Choose a new password. A new Secret Key replaces the old one, and all sessions end.",
  demo: "This link opens the demo.",
};

/** Who enrols, and the password they choose. */
export function EnrolForm({ info, isBusy, onSubmit }: {
  info: LinkInfo;
  isBusy: boolean;
  onSubmit: (input: EnrolInput) => void;
}) {
  const name = useSignal(info.name ?? "");
  const email = useSignal(info.email ?? "");
  const organisation = useSignal("");
  const password = useSignal("");
  const again = useSignal("");
  const isChecked = useSignal(false);
  const isSetup = info.purpose === "setup";

  function submit(event: Event) {
    event.preventDefault();
    isChecked.value = true;
    if (!isUsable(password.value, again.value, email.value)) return;
    onSubmit({
      password: password.value,
      ...(isSetup && {
        name: name.value.trim(),
        email: email.value.trim(),
        organisation: organisation.value.trim(),
      }),
    });
  }

  const text = (
    label: string,
    id: string,
    value: typeof name,
    autocomplete: "name" | "organization",
    hint: string,
  ) => (
    <Field label={label} name={id} hint={hint}>
      <input
        id={id}
        name={id}
        class="field"
        autocomplete={autocomplete}
        required
        maxLength={200}
        value={value}
        onInput={(event) => value.value = event.currentTarget.value}
      />
    </Field>
  );

  return (
    <form class="grid gap-4" onSubmit={submit} data-testid="enrol">
      <p class="text-text-2">{INTRO[info.purpose]}</p>
      {!isSetup && (
        <p class="break">
          <bdi class="font-semibold">{info.organisation}</bdi>
          <span class="block text-text-2">{info.email}</span>
        </p>
      )}
      {isSetup &&
        text("Organisation", "organisation", organisation, "organization", "Shown to your team.")}
      {isSetup && text("Your name", "name", name, "name", "Shown in the audit log.")}
      {isSetup
        ? (
          <Field label="E-mail" name="email" hint="You sign in with it.">
            <input
              id="email"
              name="email"
              type="email"
              class="field"
              autocomplete="username"
              required
              value={email}
              onInput={(event) => email.value = event.currentTarget.value}
            />
          </Field>
        )
        : <UsernameForManagers email={info.email ?? ""} />}
      <NewPassword
        password={password}
        again={again}
        email={email.value}
        isChecked={isChecked.value}
      />
      <button type="submit" class="btn btn-primary justify-center" disabled={isBusy}>
        {isBusy ? "Making your keys…" : "Continue"}
      </button>
    </form>
  );
}
