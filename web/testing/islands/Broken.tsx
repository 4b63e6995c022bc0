/** Renders on the server, fails in every browser. */
export default function Broken() {
  if (typeof document !== "undefined") throw new Error("broken in the browser");
  return <p data-testid="broken">still server HTML</p>;
}
