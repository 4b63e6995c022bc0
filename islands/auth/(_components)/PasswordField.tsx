import type { TargetedInputEvent } from "preact";
import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";

/** A password that can be shown while typing: what cannot be mailed back should be typed right. */
export function PasswordField({ label, name, value, autocomplete, hint, error }: {
  label: string;
  name: string;
  value: Signal<string>;
  autocomplete: "current-password" | "new-password";
  hint?: string;
  error?: string | undefined;
}) {
  const isShown = useSignal(false);
  const input = {
    id: name,
    name,
    class: "field",
    autocomplete,
    autocapitalize: "none",
    spellcheck: false,
    required: true,
    value,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": error ? `${name}-error` : undefined,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) =>
      value.value = event.currentTarget.value,
  } as const;
  return (
    <Field label={label} name={name} {...(hint && { hint })} error={error}>
      <div class="flex gap-2">
        {isShown.value ? <input type="text" {...input} /> : <input type="password" {...input} />}
        <button
          type="button"
          class="btn"
          aria-pressed={isShown.value}
          aria-label={`Show ${label.toLowerCase()}`}
          onClick={() => isShown.value = !isShown.value}
        >
          {isShown.value ? "Hide" : "Show"}
        </button>
      </div>
    </Field>
  );
}
