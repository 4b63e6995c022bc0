import { useSignal } from "@preact/signals";
import { parseSecretKey } from "@/core/srp/secret_key.ts";
import { ask, noteSession } from "../ask.ts";
import { Alert } from "./(_components)/Alert.tsx";
import { PasswordField } from "./(_components)/PasswordField.tsx";
import { Progress } from "./(_components)/Progress.tsx";
import { SecretKeyField } from "./(_components)/SecretKeyField.tsx";
import { UsernameForManagers } from "./(_components)/UsernameForManagers.tsx";
import { explain, post } from "./api.ts";
import { proveAgain } from "./prove_again.ts";
import { SecretKeyStore } from "./secret_key_store.ts";
import { useOwnKey } from "./use_own_key.ts";

/** Deletes one's own account against a proof of the password; this browser's Secret Key goes too. */
export default function EraseAccount({ accountId, email }: { accountId: string; email: string }) {
  const isOpen = useSignal(false);
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
      await post("/api/auth/delete", proof, { fetcher: ask });
      noteSession(false);
      // A store that cannot be written keeps a key that opens nothing any more.
      await new SecretKeyStore().forget(accountId).catch(() => undefined);
      location.assign("/login");
    } catch (error) {
      problem.value = explain(error);
      isBusy.value = false;
    }
  }

  if (!isOpen.value) {
    return (
      <button type="button" class="btn btn-danger" onClick={() => isOpen.value = true}>
        Delete my account
      </button>
    );
  }
  return (
    <form class="grid max-w-md gap-4" onSubmit={(event) => void submit(event)}>
      <p class="text-text-2">
        Ends every session and API key of yours and erases your name and address, in the audit log
        too. What you did stays there, by nobody's name. It cannot be undone.
      </p>
      <UsernameForManagers email={email} />
      <PasswordField
        label="Your password"
        name="erase-password"
        value={password}
        autocomplete="current-password"
      />
      {needsKey.value && <SecretKeyField value={typedKey} name="erase-secret-key" />}
      <Alert text={problem.value} />
      {isBusy.value && <Progress label="Proving your password" estimateMs={estimateMs.value} />}
      <div class="flex gap-2">
        <button type="submit" class="btn btn-danger" disabled={isBusy.value}>
          {isBusy.value ? "Deleting…" : "Delete my account for good"}
        </button>
        <button
          type="button"
          class="btn"
          disabled={isBusy.value}
          onClick={() => isOpen.value = false}
        >
          Keep it
        </button>
      </div>
    </form>
  );
}
