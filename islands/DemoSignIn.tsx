import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Signs in by the one-time link that `tod demo` prints: the token is behind the `#`, unseen by logs. */
export default function DemoSignIn() {
  const problem = useSignal("");
  useEffect(() => {
    const token = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    void (async () => {
      try {
        const headers = { "x-link-token": token };
        const answer = await fetch("/api/auth/demo", { method: "POST", headers });
        if (answer.ok) location.replace("/");
        else problem.value = (await answer.json()).title;
      } catch {
        problem.value = "The server did not answer: check that the demo runs.";
      }
    })();
  }, []);
  return problem.value
    ? (
      <div role="alert">
        <p class="font-medium text-bad">{problem.value}</p>
        <p class="mt-1 text-text-2">
          Each start of <code>tod demo</code> prints a new link, which works once.
        </p>
      </div>
    )
    : <p class="text-text-2" aria-live="polite">Signing in…</p>;
}
