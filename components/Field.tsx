import type { ComponentChildren } from "preact";

/** A label, its control, a hint, and the error under it. */
export function Field({ label, name, hint, error, children }: {
  label: string;
  name: string;
  hint?: string;
  error?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div>
      <label class="mb-1 block font-medium" for={name}>{label}</label>
      {children}
      {error
        ? <p class="mt-1 text-sm text-bad" id={`${name}-error`}>{error}</p>
        : hint && <p class="mt-1 text-sm text-text-3">{hint}</p>}
    </div>
  );
}
