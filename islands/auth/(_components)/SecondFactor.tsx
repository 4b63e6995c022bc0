import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { FACTORS, SignInStep } from "@/core/contract/auth.ts";
import { explain, post } from "../api.ts";
import { Alert } from "./Alert.tsx";

export type Factor = typeof FACTORS[number];
export type PasskeyOptions = NonNullable<SignInStep["passkeyOptions"]>;

const WORDS: Record<Factor, string> = {
  totp: "Use a code from an app",
  passkey: "Use a passkey",
  recovery: "Use a recovery code",
};

/** The second step of a sign-in, by any factor the account has. `ticket` names the half-done sign-in. */
export function SecondFactor({ ticket, factors, passkeyOptions, onDone }: {
  ticket: string;
  factors: readonly Factor[];
  passkeyOptions: PasskeyOptions | undefined;
  onDone: () => void;
}) {
  const factor = useSignal<Factor>(factors[0] ?? "totp");
  const code = useSignal("");
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);

  async function attempt(proof: () => Promise<Record<string, unknown>>) {
    isBusy.value = true;
    problem.value = undefined;
    try {
      await post("/api/auth/second-factor", { ticket, ...await proof() });
      onDone();
    } catch (error) {
      problem.value = isCancelled(error)
        ? "No passkey was used: try again, or use another way below."
        : explain(error);
    } finally {
      isBusy.value = false;
    }
  }

  function submit(event: Event) {
    event.preventDefault();
    if (factor.value === "passkey") {
      if (passkeyOptions) void attempt(() => passkeyProof(passkeyOptions));
      else problem.value = "The server asked for no passkey now: use another way below.";
      return;
    }
    const text = code.value.replaceAll(/\s/g, "");
    if (factor.value === "totp" && !/^\d{6}$/.test(text)) {
      problem.value = "A code has six digits: type the one your app shows now.";
      return;
    }
    void attempt(() => Promise.resolve({ [factor.value]: text }));
  }

  const isTotp = factor.value === "totp";
  return (
    <form class="grid gap-4" onSubmit={submit} data-testid="second-factor">
      <p class="text-text-2">Your password is right. This account asks for a second factor.</p>
      {factor.value !== "passkey" && (
        <Field
          key={factor.value}
          label={isTotp ? "Six-digit code" : "Recovery code"}
          name="code"
          hint={isTotp
            ? "From your authenticator app. It changes every 30 seconds."
            : "One of those you saved at enrolment. Each works once."}
        >
          <input
            id="code"
            name="code"
            class="field mono"
            autocomplete={isTotp ? "one-time-code" : "off"}
            inputmode={isTotp ? "numeric" : "text"}
            maxLength={isTotp ? 7 : 40}
            autoFocus
            required
            value={code}
            onInput={(event) => code.value = event.currentTarget.value}
          />
        </Field>
      )}
      <Alert text={problem.value} />
      <button type="submit" class="btn btn-primary justify-center" disabled={isBusy.value}>
        {isBusy.value ? "Checking…" : factor.value === "passkey" ? WORDS.passkey : "Continue"}
      </button>
      {factors.filter((other) => other !== factor.value).map((other) => (
        <button
          key={other}
          type="button"
          class="btn justify-center"
          disabled={isBusy.value}
          onClick={() => {
            factor.value = other;
            code.value = "";
            problem.value = undefined;
          }}
        >
          {WORDS[other]}
        </button>
      ))}
    </form>
  );
}

/** Asks the browser for a signature by a passkey. Loaded when it is needed. */
async function passkeyProof(optionsJSON: PasskeyOptions): Promise<Record<string, unknown>> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  return { passkey: await startAuthentication({ optionsJSON }) };
}

function isCancelled(error: unknown): boolean {
  return error instanceof Error &&
    (error.name === "NotAllowedError" || error.name === "AbortError");
}
