import { useSignal } from "@preact/signals";
import { encodeQR } from "qr";
import { Field } from "@/components/Field.tsx";
import type { Factor } from "@/core/contract/auth.ts";
import { ago } from "@/core/contract/format.ts";
import { parseSecretKey } from "@/core/srp/secret_key.ts";
import { ask } from "../ask.ts";
import { Alert } from "./(_components)/Alert.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { QrCode } from "./(_components)/QrCode.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { explain, post } from "./api.ts";
import { proveAgain } from "./prove_again.ts";
import { useOwnKey } from "./use_own_key.ts";

interface NewApp {
  id: string;
  secret: string;
  uri: string;
}

export interface FactorsProps {
  initial: Factor[];
  accountId: string;
  renderedAt: number;
}

/** One's second factors: add an authenticator app or a passkey, take one away. */
export default function Factors({ initial, accountId, renderedAt }: FactorsProps) {
  const factors = useSignal(initial);
  const app = useSignal<NewApp | undefined>(undefined);
  const removing = useSignal<Factor | undefined>(undefined);
  const code = useSignal("");
  const isBusy = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);

  /** Runs one step; a refusal becomes words beside the buttons. */
  async function step(work: () => Promise<void>) {
    isBusy.value = true;
    problem.value = undefined;
    try {
      await work();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }
  const call = <Body,>(path: string, body: unknown) => post<Body>(path, body, { fetcher: ask });
  async function reload() {
    const answer = await ask("/api/auth/factors");
    if (answer.ok) factors.value = (await answer.json()).items;
  }

  const addApp = () =>
    step(async () => {
      app.value = await call<NewApp>("/api/auth/factors/totp", { name: "Authenticator app" });
      code.value = "";
    });
  const confirmApp = (event: Event) => {
    event.preventDefault();
    void step(async () => {
      const digits = code.value.replaceAll(/\s/g, "");
      await call("/api/auth/factors/totp/confirm", { id: app.value!.id, code: digits });
      app.value = undefined;
      await reload();
    });
  };
  const addPasskey = () =>
    step(async () => {
      type Options = Parameters<
        typeof import("@simplewebauthn/browser").startRegistration
      >[0]["optionsJSON"];
      const options = await call<Options>("/api/auth/factors/passkey/options", {});
      const { startRegistration } = await import("@simplewebauthn/browser");
      const response = await startRegistration({ optionsJSON: options });
      await call("/api/auth/factors/passkey", { name: "Passkey", response });
      await reload();
    });

  return (
    <>
      <p class="text-text-2">
        With a second factor a thief needs more than your password and Secret Key. A recovery code
        stands in for a lost one.
      </p>
      {factors.value.length > 0 && (
        <ul class="mt-3 divide-y divide-line" data-testid="factors">
          {factors.value.map((factor) => (
            <li key={factor.id} class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <div class="min-w-0 flex-1">
                <bdi>{factor.name}</bdi>
                <p class="text-sm text-text-2">last used {ago(factor.lastUsedAt, renderedAt)}</p>
              </div>
              <button
                type="button"
                class="btn btn-danger"
                onClick={() =>
                  removing.value = factor}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      {app.value
        ? (
          <form class="mt-4 grid max-w-md gap-4" onSubmit={confirmApp} data-testid="new-app">
            <p>Scan this with your authenticator app, then type the code it shows.</p>
            <QrCode
              rows={encodeQR(app.value.uri, "raw", { ecc: "medium", border: 4 })}
              label="QR code for the authenticator app"
            />
            <p class="text-sm text-text-2">
              Or type the key:{" "}
              <code class="break" data-testid="totp-secret">{app.value.secret}</code>
            </p>
            <Field label="Code" name="totp-code">
              <input
                class="field"
                id="totp-code"
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength={7}
                required
                value={code.value}
                onInput={(event) => code.value = event.currentTarget.value}
              />
            </Field>
            <div class="flex gap-2">
              <button type="submit" class="btn btn-primary" disabled={isBusy.value}>Confirm</button>
              <button type="button" class="btn" onClick={() => app.value = undefined}>
                Cancel
              </button>
            </div>
          </form>
        )
        : (
          <div class="mt-4 flex flex-wrap gap-2">
            <button type="button" class="btn" disabled={isBusy.value} onClick={() => void addApp()}>
              Add an authenticator app
            </button>
            <button
              type="button"
              class="btn"
              disabled={isBusy.value}
              onClick={() => void addPasskey()}
            >
              Add a passkey
            </button>
          </div>
        )}
      <Alert text={problem.value} />
      {removing.value && (
        <Removal
          key={removing.value.id}
          factor={removing.value}
          accountId={accountId}
          onDone={() => {
            removing.value = undefined;
            void reload();
          }}
          onCancel={() => removing.value = undefined}
        />
      )}
    </>
  );
}

/** Taking a factor away weakens the account, so the password is asked for. */
function Removal({ factor, accountId, onDone, onCancel }: {
  factor: Factor;
  accountId: string;
  onDone: () => void;
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
      await post("/api/auth/factors/remove", { id: factor.id, proof });
      onDone();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <form
      class="mt-4 grid max-w-md gap-4 border-t border-line pt-4"
      onSubmit={(event) => void submit(event)}
      data-testid="remove-factor"
    >
      <p>
        Remove <bdi>{factor.name}</bdi>? All other sessions end.
      </p>
      <PasswordField
        label="Your password"
        name="remove-password"
        value={password}
        autocomplete="current-password"
      />
      {needsKey.value && <SecretKeyField value={typedKey} name="remove-secret-key" />}
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Proving your password" estimateMs={estimateMs.value} />}
      <div class="flex gap-2">
        <button type="submit" class="btn btn-danger" disabled={isBusy.value}>Remove</button>
        <button type="button" class="btn" onClick={onCancel}>Keep it</button>
      </div>
    </form>
  );
}
