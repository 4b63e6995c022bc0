import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Alert } from "./(_components)/Alert.tsx";
import { explain } from "./api.ts";
import { saveFile } from "./save_file.ts";
import { SecretKeyStore } from "./secret_key_store.ts";

/** The Emergency Kit once more, in a browser that holds the Secret Key of the account. */
export default function KitAgain({ accountId, email, signInPath = "/login" }: {
  accountId: string;
  email: string;
  signInPath?: string;
}) {
  /** `undefined` until the browser's store was read, `null` where it has none. */
  const secretKey = useSignal<string | null | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);

  useEffect(() => {
    void new SecretKeyStore().list().catch(() => []).then((accounts) => {
      secretKey.value = accounts.find((one) => one.accountId === accountId)?.secretKey ?? null;
    });
  }, []);

  async function download(key: string) {
    try {
      problem.value = undefined;
      const { makeEmergencyKit } = await import("./emergency_kit.ts");
      const signInUrl = new URL(signInPath, location.origin).href;
      const kit = makeEmergencyKit({ email, signInUrl, secretKey: key, madeAt: new Date() });
      saveFile("TOD Emergency Kit.pdf", "application/pdf", kit);
    } catch (error) {
      problem.value = `The kit could not be made: ${explain(error)} Reload the page, try again.`;
    }
  }

  const key = secretKey.value;
  return (
    <div class="grid justify-items-start gap-3" data-testid="kit-again">
      <p class="text-text-2">
        {key === null
          ? "This browser does not keep your Secret Key: open this page where you enrolled, or sign in here again and let it keep the key."
          : "The paper with your Secret Key, which every new browser asks for. It is made in this browser; the server does not have the key."}
      </p>
      {key && (
        <button type="button" class="btn" onClick={() => void download(key)}>
          Download the Emergency Kit
        </button>
      )}
      <Alert text={problem.value} />
    </div>
  );
}
