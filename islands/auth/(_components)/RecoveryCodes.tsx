import { useSignal } from "@preact/signals";
import { saveFile } from "../save_file.ts";

/** Codes that are shown this once. Kept apart from the kit: with one, kit and password are replaced. */
export function RecoveryCodes({ codes, email, goOn, onDone }: {
  codes: readonly string[];
  email: string;
  /** Words of the button. */
  goOn: string;
  onDone: () => void;
}) {
  const isTaken = useSignal(false);

  function download() {
    const text =
      `TOD recovery codes of ${email}\nEach opens a new enrolment, once. Keep them apart ` +
      `from the Emergency Kit.\n\n${codes.join("\n")}\n`;
    saveFile("TOD recovery codes.txt", "text/plain", text);
    isTaken.value = true;
  }

  return (
    <div class="grid gap-4" data-testid="recovery-codes">
      <p class="text-text-2">
        Should you lose password or Secret Key, one of these codes opens a new enrolment. They are
        shown this once: keep them apart from the Emergency Kit.
      </p>
      <ul class="panel mono grid gap-2 sm:grid-cols-2 p-4">
        {codes.map((code) => <li key={code}>{code}</li>)}
      </ul>
      <button type="button" class="btn justify-center" onClick={download}>Download codes</button>
      <label class="flex items-center gap-2">
        <input
          type="checkbox"
          checked={isTaken}
          onChange={(event) => isTaken.value = event.currentTarget.checked}
        />
        I have saved these codes
      </label>
      <button
        type="button"
        class="btn btn-primary justify-center"
        disabled={!isTaken.value}
        onClick={onDone}
      >
        {goOn}
      </button>
    </div>
  );
}
