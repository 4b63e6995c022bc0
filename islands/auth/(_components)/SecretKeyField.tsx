import type { Signal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";

/** The Secret Key, typed from an Emergency Kit. */
export function SecretKeyField({ value, name = "secret-key", error }: {
  value: Signal<string>;
  /** Of its own where a page has two. */
  name?: string;
  error?: string | undefined;
}) {
  return (
    <Field
      label="Secret Key"
      name={name}
      hint="Starts with A3. It is in your Emergency Kit; this browser does not have it yet."
      error={error}
    >
      <input
        id={name}
        name={name}
        class="field mono"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        placeholder="A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX"
        required
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
        onInput={(event) => value.value = event.currentTarget.value}
      />
    </Field>
  );
}
