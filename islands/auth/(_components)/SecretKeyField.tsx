import type { Signal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";

/** The Secret Key, typed from an Emergency Kit. */
export function SecretKeyField({ value, error }: {
  value: Signal<string>;
  error?: string | undefined;
}) {
  return (
    <Field
      label="Secret Key"
      name="secret-key"
      hint="Starts with A3. It is in your Emergency Kit; this browser does not have it yet."
      error={error}
    >
      <input
        id="secret-key"
        name="secret-key"
        class="field mono"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        placeholder="A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX"
        required
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "secret-key-error" : undefined}
        onInput={(event) => value.value = event.currentTarget.value}
      />
    </Field>
  );
}
