import { useSignal } from "@preact/signals";
import { ask } from "./ask.ts";

interface Answer {
  ok: boolean;
  identity?: string;
  version?: string;
  fingerprint?: string | null;
  detail?: string;
  title?: string;
}

/** Tries the login that stands in the form, before anything is stored. */
export default function TestConnection({ formId }: { formId: string }) {
  const isBusy = useSignal(false);
  const answer = useSignal<Answer | undefined>(undefined);

  async function test() {
    const form = document.getElementById(formId) as HTMLFormElement;
    if (!form.reportValidity()) return;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? "");
    const tlsMode = text("tlsMode");
    isBusy.value = true;
    answer.value = undefined;
    try {
      const response = await ask("/api/devices/probe", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          address: text("address").trim(),
          port: Number(text("port")) || (tlsMode === "plain" ? 8728 : 8729),
          tlsMode,
          tlsCa: text("tlsCa") || null,
          ...(text("profileId") ? { profileId: text("profileId") } : {
            username: text("username").trim(),
            password: text("password"),
          }),
        }),
      });
      answer.value = await response.json();
    } catch {
      answer.value = { ok: false, detail: "The server did not answer: check that it runs." };
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <>
      <button type="button" class="btn" onClick={() => void test()} disabled={isBusy.value}>
        {isBusy.value ? "Testing…" : "Test connection"}
      </button>
      <div class="w-full" aria-live="polite">
        {answer.value && (answer.value.ok
          ? (
            <p class="mt-2 text-ok">
              <bdi>{answer.value.identity}</bdi> answers, RouterOS {answer.value.version}.
              {answer.value.fingerprint && (
                <span class="break block text-sm text-text-2">
                  Certificate <code>{answer.value.fingerprint}</code>
                </span>
              )}
            </p>
          )
          : (
            <p class="break mt-2 text-bad" role="alert">
              {answer.value.detail ?? answer.value.title}
            </p>
          ))}
      </div>
    </>
  );
}
