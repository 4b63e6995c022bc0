import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { SignInStep, SrpChallenge } from "@/core/contract/auth.ts";
import { startClient } from "@/core/srp/client.ts";
import { formatSecretKey, parseSecretKey } from "@/core/srp/secret_key.ts";
import { Alert } from "./(_components)/Alert.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { type Factor, type PasskeyOptions, SecondFactor } from "./(_components)/SecondFactor.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { ApiProblem, explain, post } from "./api.ts";
import { whatBrowserLacks } from "./derive.ts";
import { isSameAddress, type KnownAccount, SecretKeyStore } from "./secret_key_store.ts";
import { answerChallenge } from "./secrets.ts";
import { ownPath, readSignInLink } from "./sign_in_link.ts";

interface Pending {
  ticket: string;
  factors: readonly Factor[];
  passkeyOptions: PasskeyOptions | undefined;
}

/**
 * Signs in by SRP: neither password nor Secret Key is sent. The Secret Key is asked for where this
 * browser has none for the address. `next` is the path to go on to.
 */
export default function SignIn({ next }: { next?: string }) {
  const email = useSignal("");
  const password = useSignal("");
  const typedKey = useSignal("");
  const keyError = useSignal<string | undefined>(undefined);
  /** `undefined` until the browser's store was read. */
  const known = useSignal<KnownAccount[] | undefined>(undefined);
  const wantsOtherKey = useSignal(false);
  const isRemembered = useSignal(true);
  const isBusy = useSignal(false);
  const estimateMs = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const pending = useSignal<Pending | undefined>(undefined);

  const account = known.value?.find((one) => isSameAddress(one.email, email.value));
  const needsKey = known.value !== undefined && (!account || wantsOtherKey.value);

  useEffect(() => {
    problem.value = whatBrowserLacks();
    const link = readSignInLink(location.hash);
    if (link) {
      email.value = link.email;
      typedKey.value = link.secretKey;
      wantsOtherKey.value = true;
      // The key stays neither in the address bar nor in the history.
      history.replaceState(null, "", location.pathname + location.search);
    }
    void new SecretKeyStore().list().catch(() => []).then((accounts) => {
      known.value = accounts;
      if (email.value === "") email.value = accounts[0]?.email ?? "";
    });
  }, []);

  function readKey(): Uint8Array<ArrayBuffer> | undefined {
    try {
      keyError.value = undefined;
      return parseSecretKey(needsKey || !account ? typedKey.value : account.secretKey);
    } catch (error) {
      keyError.value = explain(error);
      if (!needsKey) wantsOtherKey.value = true;
      return undefined;
    }
  }

  async function signIn(secretKey: Uint8Array<ArrayBuffer>) {
    const start = startClient();
    const address = email.value.trim();
    const challenge = await post<SrpChallenge>("/api/auth/srp/start", {
      email: address,
      A: start.A,
    });
    const secrets = { password: password.value, secretKey };
    const proof = await answerChallenge(start, challenge, secrets, (ms) => estimateMs.value = ms);
    const step = await post<SignInStep>("/api/auth/srp/finish", {
      handshake: challenge.handshake,
      M1: proof.M1,
    });
    if (!step.M2 || !proof.isServer(step.M2)) {
      throw new Error(
        "This server could not prove that it knows your account, so it may be another's: do not go " +
          "on, and tell who runs it.",
      );
    }
    password.value = "";
    if (isRemembered.value) {
      await new SecretKeyStore().remember({
        accountId: challenge.identity,
        email: address,
        secretKey: formatSecretKey(secretKey),
        usedAt: new Date(),
      }).catch(() => {}); // a browser without storage asks again next time
    }
    const { ticket, factors = [], passkeyOptions } = step;
    if (step.next === "second-factor" && ticket) {
      pending.value = { ticket, factors, passkeyOptions };
    } else leave();
  }

  async function submit(event: Event) {
    event.preventDefault();
    const secretKey = readKey();
    if (!secretKey) return;
    isBusy.value = true;
    problem.value = undefined;
    estimateMs.value = undefined;
    try {
      await signIn(secretKey);
    } catch (error) {
      problem.value = explain(error);
      if (error instanceof ApiProblem && error.status === 401) {
        problem.value += " Check all three; the Secret Key is in your Emergency Kit.";
      }
    } finally {
      isBusy.value = false;
    }
  }

  function leave() {
    location.assign(ownPath(next));
  }

  async function forget(accountId: string) {
    await new SecretKeyStore().forget(accountId);
    known.value = known.value?.filter((one) => one.accountId !== accountId);
  }

  if (pending.value) return <SecondFactor {...pending.value} onDone={leave} />;
  return (
    <form class="grid gap-4" onSubmit={(event) => void submit(event)} data-testid="sign-in">
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
      <PasswordField
        label="Password"
        name="password"
        value={password}
        autocomplete="current-password"
      />
      {needsKey && <SecretKeyField value={typedKey} error={keyError.value} />}
      {needsKey && (
        <label class="flex items-start gap-2">
          <input
            type="checkbox"
            class="mt-1"
            checked={isRemembered}
            onChange={(event) => isRemembered.value = event.currentTarget.checked}
          />
          <span>
            Keep the Secret Key in this browser
            <span class="block text-sm text-text-3">Not on a computer that others use.</span>
          </span>
        </label>
      )}
      {account && !wantsOtherKey.value && (
        <p class="text-sm text-text-2" data-testid="known">
          This browser has the Secret Key of this account.{" "}
          <button
            type="button"
            class="underline"
            onClick={() => wantsOtherKey.value = true}
          >
            Use another
          </button>{" "}
          or{" "}
          <button type="button" class="underline" onClick={() => void forget(account.accountId)}>
            forget it here
          </button>.
        </p>
      )}
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Signing in" estimateMs={estimateMs.value} />}
      <button type="submit" class="btn btn-primary justify-center" disabled={isBusy.value}>
        {isBusy.value ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
