import { useSignal } from "@preact/signals";

/** A value to take elsewhere, with a button that copies it. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const isCopied = useSignal(false);
  return (
    <div>
      <p class="mb-1 text-sm text-text-2">{label}</p>
      <p class="flex flex-wrap items-center gap-2">
        <code class="break min-w-0 flex-1">{value}</code>
        <button
          type="button"
          class="btn"
          aria-label={`Copy: ${label}`}
          onClick={() =>
            void navigator.clipboard.writeText(value).then(() => isCopied.value = true, () => {})}
        >
          {isCopied.value ? "Copied" : "Copy"}
        </button>
      </p>
    </div>
  );
}
