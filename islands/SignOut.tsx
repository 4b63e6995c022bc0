import { useSignal } from "@preact/signals";
import { noteSession } from "./ask.ts";

/** Ends the session on the server, then leaves. */
export default function SignOut() {
  const problem = useSignal("");
  async function signOut() {
    try {
      const answer = await fetch("/api/auth/logout", { method: "POST" });
      if (answer.ok) {
        noteSession(false);
        location.assign("/login");
      } else problem.value = "The server could not end the session: try again.";
    } catch {
      problem.value = "The server did not answer: you are still signed in.";
    }
  }
  return (
    <span class="flex flex-wrap items-center gap-3">
      <button type="button" class="btn" onClick={() => void signOut()}>Sign out</button>
      {problem.value && <span class="text-bad" role="alert">{problem.value}</span>}
    </span>
  );
}
