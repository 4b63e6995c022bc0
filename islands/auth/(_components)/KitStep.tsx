import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { EmergencyKit } from "../emergency_kit.ts";
import { explain } from "../api.ts";
import { saveFile } from "../save_file.ts";
import { Alert } from "./Alert.tsx";
import { QrCode } from "./QrCode.tsx";

/**
 * Shows the Emergency Kit and goes on only once it was downloaded or printed, and the last group of the
 * Secret Key was typed from it.
 */
export function KitStep({ kit, onSaved }: { kit: EmergencyKit; onSaved: () => void }) {
  const qr = useSignal<boolean[][] | undefined>(undefined);
  const isTaken = useSignal(false);
  const typed = useSignal("");
  const problem = useSignal<string | undefined>(undefined);
  const lastGroup = kit.secretKey.slice(kit.secretKey.lastIndexOf("-") + 1);

  useEffect(() => {
    // A chunk of its own: nobody but who enrols needs it.
    import("../emergency_kit.ts").then(({ kitQr }) => qr.value = kitQr(kit))
      .catch((error) => problem.value = explain(error));
  }, []);

  async function download() {
    try {
      const { makeEmergencyKit } = await import("../emergency_kit.ts");
      saveFile("TOD Emergency Kit.pdf", "application/pdf", makeEmergencyKit(kit));
      isTaken.value = true;
    } catch (error) {
      problem.value = `The kit could not be made: ${explain(error)} Print it instead.`;
    }
  }

  function print() {
    globalThis.print();
    isTaken.value = true;
  }

  function submit(event: Event) {
    event.preventDefault();
    const text = typed.value.trim().toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
    if (!isTaken.value) problem.value = "Download or print the kit first.";
    else if (text !== lastGroup) {
      problem.value = "This is not the last group: read it from the kit that you saved.";
    } else onSaved();
  }

  return (
    <form class="grid gap-4" onSubmit={submit} data-testid="kit">
      <p class="text-text-2 print:hidden">
        Your Secret Key was made in this browser and is known to nobody else. You need it to sign in
        from another browser. Nobody can send it to you again.
      </p>
      <div class="panel grid gap-3 p-4 text-text print:[color-scheme:light]">
        <h2 class="text-lg">TOD Emergency Kit</h2>
        <Row name="Sign-in address" value={kit.signInUrl} />
        <Row name="E-mail" value={kit.email} />
        <div>
          <p class="text-sm text-text-3">Secret Key</p>
          <p class="mono break font-semibold" data-testid="secret-key">{kit.secretKey}</p>
        </div>
        <div class="hidden print:block">
          <p class="text-sm">Password (write it here by hand, or leave it out)</p>
          <div class="mt-1 h-12 border border-line" />
        </div>
        {qr.value && <QrCode rows={qr.value} label="Sign-in address with e-mail and Secret Key" />}
        <p class="text-sm text-text-3">
          Scan it with a phone to sign in there. Keep the kit where you keep passports.
        </p>
      </div>
      <div class="flex flex-wrap gap-2 print:hidden">
        <button type="button" class="btn btn-primary" onClick={() => void download()}>
          Download PDF
        </button>
        <button type="button" class="btn" onClick={print}>Print</button>
      </div>
      <div class="grid gap-4 print:hidden">
        <Field
          label="I have saved it: last group of the key"
          name="last-group"
          hint="The last five characters, read from the kit that you saved."
        >
          <input
            id="last-group"
            name="last-group"
            class="field mono"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={10}
            required
            disabled={!isTaken.value}
            value={typed}
            onInput={(event) => typed.value = event.currentTarget.value}
          />
        </Field>
        <Alert text={problem.value} />
        <button
          type="submit"
          class="btn btn-primary justify-center"
          disabled={!isTaken.value}
        >
          Finish
        </button>
      </div>
    </form>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <p class="text-sm text-text-3">{name}</p>
      <p class="mono break">{value}</p>
    </div>
  );
}
