import type { AuditRow } from "@/core/contract/audit.ts";

/** How an act ended: a shape and a word, never a colour alone. */
export function Outcome({ outcome }: { outcome: AuditRow["outcome"] }) {
  const isRefused = outcome === "refused";
  return (
    <span
      class={`inline-flex items-center gap-1.5 whitespace-nowrap ${
        isRefused ? "font-medium text-bad" : "text-text-2"
      }`}
    >
      <svg
        width="10"
        height="10"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        aria-hidden="true"
      >
        <path d={isRefused ? "M2 2l8 8M10 2l-8 8" : "M1.5 6.5l3 3 6-7"} />
      </svg>
      {isRefused ? "Refused" : "Done"}
    </span>
  );
}
