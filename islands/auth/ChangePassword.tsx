import { useSignal } from "@preact/signals";
import type { PasswordChange } from "@/core/contract/auth.ts";
import { formatSecretKey, parseSecretKey } from "@/core/srp/secret_key.ts";
import type { z } from "zod";
import { Alert } from "./(_components)/Alert.tsx";
import { isUsable, NewPassword } from "./(_components)/NewPassword.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { UsernameForManagers } from "./(_components)/UsernameForManagers.tsx";
import { explain, post } from "./api.ts";
import { proveAgain } from "./prove_again.ts";
import { SecretKeyStore } from "./secret_key_store.ts";
import { makeEnrolment } from "./secrets.ts";
import { useOwnKey } from "./use_own_key.ts";

/** Changes the password against a proof of the old one. The Secret Key stays, and so does the kit. */
export default function ChangePassword({ accountId, email }: { accountId: string; email: string }) {
  const old = useSignal("");
  const password = useSignal("");
  const again = useSignal("");
  const { typed: typedKey, isNeeded: needsKey } = useOwnKey(accountId);
  const keyError = useSignal<string | undefined>(undefined);
  const isChecked = useSignal(false);
  const isBusy = useSignal(false);
  const isDone = useSignal(false);
  const estimateMs = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);

  async function change(secretKey: Uint8Array<ArrayBuffer>) {
    const onEstimate = (ms: number) => estimateMs.value = 2 * ms;
    // First what takes long and needs no server: a handshake waits a minute only.
    const next = await makeEnrolment(
      accountId,
      { password: password.value, secretKey },
      onEstimate,
    );
    const secrets = { password: old.value, secretKey };
    const proof = await proveAgain(accountId, secrets, () => {});
    const body: z.infer<typeof PasswordChange> = { proof, next };
    await post("/api/auth/password", body);
    await new SecretKeyStore().remember({
      ...{ accountId, email, usedAt: new Date() },
      secretKey: formatSecretKey(secretKey),
    }).catch(() => {}); // a browser without storage asks again next time
  }

  async function submit(event: Event) {
    event.preventDefault();
    isChecked.value = true;
    isDone.value = false;
    problem.value = keyError.value = undefined;
    let secretKey: Uint8Array<ArrayBuffer>;
    try {
      secretKey = parseSecretKey(typedKey.value);
    } catch (error) {
      needsKey.value = true;
      keyError.value = explain(error);
      return;
    }
    if (!isUsable(password.value, again.value, email)) return;
    isBusy.value = true;
    estimateMs.value = undefined;
    try {
      await change(secretKey);
      old.value = password.value = again.value = "";
      isChecked.value = needsKey.value = false;
      isDone.value = true;
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <form
      class="grid max-w-md gap-4"
      onSubmit={(event) => void submit(event)}
      data-testid="change-password"
    >
      <UsernameForManagers email={email} />
      <PasswordField
        label="Present password"
        name="old-password"
        value={old}
        autocomplete="current-password"
      />
      {needsKey.value && <SecretKeyField value={typedKey} error={keyError.value} />}
      <NewPassword
        password={password}
        again={again}
        email={email}
        isChecked={isChecked.value}
      />
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Changing the password" estimateMs={estimateMs.value} />}
      <p role="status">
        {isDone.value && (
          <span class="text-ok">
            The password is changed. All other sessions have ended. Your Secret Key stays the same;
            a password written on your kit does not.
          </span>
        )}
      </p>
      <button type="submit" class="btn btn-primary justify-self-start" disabled={isBusy.value}>
        {isBusy.value ? "Changing…" : "Change password"}
      </button>
    </form>
  );
}
