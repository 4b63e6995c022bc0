import { useSignal } from "@preact/signals";
import { parseSecretKey } from "@/core/srp/secret_key.ts";
import { Alert } from "./(_components)/Alert.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { RecoveryCodes } from "./(_components)/RecoveryCodes.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { UsernameForManagers } from "./(_components)/UsernameForManagers.tsx";
import { explain, post } from "./api.ts";
import { proveAgain } from "./prove_again.ts";
import { useOwnKey } from "./use_own_key.ts";

/** New recovery codes against a proof of the password. The old ones are void from then on. */
export default function NewRecoveryCodes(
  { accountId, email }: { accountId: string; email: string },
) {
  const password = useSignal("");
  const { typed: typedKey, isNeeded: needsKey } = useOwnKey(accountId);
  const isBusy = useSignal(false);
  const estimateMs = useSignal<number | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const codes = useSignal<string[] | undefined>(undefined);

  async function submit(event: Event) {
    event.preventDefault();
    isBusy.value = true;
    problem.value = estimateMs.value = undefined;
    try {
      const secrets = { password: password.value, secretKey: parseSecretKey(typedKey.value) };
      const proof = await proveAgain(accountId, secrets, (ms) => estimateMs.value = ms);
      const answer = await post<{ recoveryCodes: string[] }>("/api/auth/recovery-codes", proof);
      password.value = "";
      codes.value = answer.recoveryCodes;
    } catch (error) {
      problem.value = explain(error);
    } finally {
      isBusy.value = false;
    }
  }

  if (codes.value) {
    return (
      <RecoveryCodes
        codes={codes.value}
        email={email}
        goOn="Done"
        onDone={() => codes.value = undefined}
      />
    );
  }
  return (
    <form
      class="grid max-w-md gap-4"
      onSubmit={(event) => void submit(event)}
      data-testid="new-recovery-codes"
    >
      <p class="text-text-2">
        Should you lose password or Secret Key, a recovery code opens a new enrolment. New codes
        make the old ones void.
      </p>
      <UsernameForManagers email={email} />
      <PasswordField
        label="Your password"
        name="proof-password"
        value={password}
        autocomplete="current-password"
      />
      {needsKey.value && <SecretKeyField value={typedKey} name="proof-secret-key" />}
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Proving your password" estimateMs={estimateMs.value} />}
      <button type="submit" class="btn justify-self-start" disabled={isBusy.value}>
        {isBusy.value ? "Making codes…" : "Make new codes"}
      </button>
    </form>
  );
}
