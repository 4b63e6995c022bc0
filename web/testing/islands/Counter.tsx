import type { Signal } from "@preact/signals";

export interface CounterProps {
  name: string;
  /** Shared with every other counter of the page. */
  shared: Signal<number>;
  at: Date;
  bytes: bigint;
  labels: Map<string, string>;
}

/** Shows its props as types and values, and counts. */
export default function Counter({ name, shared, at, bytes, labels }: CounterProps) {
  return (
    <p>
      <button type="button" data-testid={name} onClick={() => shared.value++}>
        {shared}
      </button>
      <output data-testid={`${name}-props`}>
        {at.toISOString()} {String(bytes + 1n)} {labels.get("site")}
      </output>
    </p>
  );
}
