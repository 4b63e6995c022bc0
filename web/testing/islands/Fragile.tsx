import { type Signal, useSignal } from "@preact/signals";

/** Fails in an update, in the very turn in which others are drawn anew. */
export default function Fragile({ shared }: { shared: Signal<number> }) {
  const isBroken = useSignal(false);
  if (isBroken.value) throw new Error("broken in an update");
  const breakAll = () => {
    isBroken.value = true;
    shared.value += 100;
  };
  return <button type="button" data-testid="fragile" onClick={breakAll}>Break</button>;
}
