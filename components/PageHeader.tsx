import type { ComponentChildren } from "preact";

/** Title, key figures in a sentence, and the primary action. */
export function PageHeader({ title, children, actions }: {
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <header class="mb-5 flex flex-wrap items-start gap-x-6 gap-y-3">
      <div class="min-w-[min(100%,14rem)] flex-1">
        <h1 class="text-xl">{title}</h1>
        {children && <div class="mt-0.5 text-text-2">{children}</div>}
      </div>
      {actions && <div class="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
