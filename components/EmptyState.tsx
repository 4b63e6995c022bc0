import type { ComponentChildren } from "preact";

/** What belongs here, why there is nothing, and the one thing to do about it. */
export function EmptyState({ title, children, action }: {
  title: string;
  children: ComponentChildren;
  action?: { href: string; label: string };
}) {
  return (
    <div class="panel mx-auto my-8 max-w-lg p-8 text-center">
      <h2 class="text-lg">{title}</h2>
      <p class="mt-2 text-text-2">{children}</p>
      {action && <a class="btn btn-primary mt-5" href={action.href}>{action.label}</a>}
    </div>
  );
}
