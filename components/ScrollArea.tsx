import type { ComponentChildren } from "preact";

/** A panel that may be wider than its place: it scrolls within itself, by keys too, and the page does not. */
export function ScrollArea({ label, class: name = "", children }: {
  /** What stands in it; read out when it takes the focus. */
  label: string;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <div
      class={`panel relative overflow-x-auto ${name}`}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
