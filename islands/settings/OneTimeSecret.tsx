import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";

/** Something that is shown this once, with a button that copies it. */
export function OneTimeSecret({ label, value, children }: {
  label: string;
  value: string;
  children?: ComponentChildren;
}) {
  const isCopied = useSignal(false);
  return (
    <div class="rounded-panel border border-line bg-raised p-3" role="status">
      <p class="mb-1 text-sm text-text-2">{label}</p>
      <p class="flex flex-wrap items-center gap-2">
        <code class="break min-w-0 flex-1" data-testid="one-time-secret">{value}</code>
        <button
          type="button"
          class="btn"
          onClick={() =>
            void navigator.clipboard.writeText(value).then(() => isCopied.value = true, () => {})}
        >
          {isCopied.value ? "Copied" : "Copy"}
        </button>
      </p>
      {children && <p class="mt-2 text-sm text-text-2">{children}</p>}
    </div>
  );
}
