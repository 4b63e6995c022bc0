import type { ComponentChildren } from "preact";

/** Renders on the server, fails in every browser. */
export default function Broken({ children }: { children?: ComponentChildren }) {
  if (typeof document !== "undefined") throw new Error("broken in the browser");
  return <div data-testid="broken">still server HTML {children}</div>;
}
