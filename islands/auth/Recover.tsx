import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { Alert } from "./(_components)/Alert.tsx";
import { explain, post } from "./api.ts";

/** A recovery code for a new enrolment. Says alike for every address whether it was wrong. */
export default function Recover({ enrolPath = "/enrol" }: { enrolPath?: string }) {
  const email = useSignal("");
  const code = useSignal("");
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);

  async function submit(event: Event) {
    event.preventDefault();
    isBusy.value = true;
    problem.value = undefined;
    try {
      const { token } = await post<{ token: string }>("/api/auth/recover", {
        email: email.value.trim(),
        code: code.value.trim(),
      });
      location.assign(`${enrolPath}#${token}`);
    } catch (error) {
      problem.value = explain(error);
      isBusy.value = false;
    }
  }

  return (
    <form class="grid gap-4" onSubmit={(event) => void submit(event)} data-testid="recover">
      <p class="text-text-2">
        A recovery code opens a new enrolment: you choose a new password and get a new Secret Key.
        Without a code, ask an administrator for a recovery link.
      </p>
      <Field label="E-mail" name="email">
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
      <Field label="Recovery code" name="code" hint="One of those you saved at enrolment.">
        <input
          id="code"
          name="code"
          class="field mono"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          required
          minLength={8}
          maxLength={100}
          value={code}
          onInput={(event) => code.value = event.currentTarget.value}
        />
      </Field>
      <Alert text={problem.value} />
      <button type="submit" class="btn btn-primary justify-center" disabled={isBusy.value}>
        {isBusy.value ? "Checking…" : "Continue"}
      </button>
    </form>
  );
}
