import type { ComponentChildren } from "preact";

/** An error that stays where it happened: what, why, what to do. */
export function Problem({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div role="alert" class="mb-4 rounded-panel border border-bad bg-bad-soft px-4 py-3">
      <p class="font-medium text-bad">{title}</p>
      {children && <div class="mt-1 text-sm">{children}</div>}
    </div>
  );
}
