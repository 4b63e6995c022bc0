import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export interface PanelProps {
  name: string;
  isOpen: boolean;
  children?: ComponentChildren;
}

/** Shows and hides server HTML, in which other islands may live. */
export function Panel({ name, isOpen, children }: PanelProps) {
  const open = useSignal(isOpen);
  return (
    <section>
      <button type="button" data-testid={`${name}-toggle`} onClick={() => open.value = !open.value}>
        {open.value ? "Hide" : "Show"}
      </button>
      {open.value && children}
    </section>
  );
}
