import { useSignal } from "@preact/signals";
import type { Session } from "@/core/contract/auth.ts";
import { ago } from "@/core/contract/format.ts";
import { ask, send } from "./ask.ts";

/** One's own open sessions, each with a button that ends it. */
export default function Sessions({ initial, renderedAt }: {
  initial: Session[];
  renderedAt: number;
}) {
  const sessions = useSignal(initial);
  const now = useSignal(renderedAt);
  const problem = useSignal("");

  async function end(path: string) {
    problem.value = "";
    try {
      const answer = await send("DELETE", path);
      if (!answer.ok) problem.value = (await answer.json()).title;
      const list = await ask("/api/auth/sessions");
      if (list.ok) {
        sessions.value = (await list.json()).items;
        now.value = Date.now();
      }
    } catch {
      problem.value = "The server did not answer: check your connection, then try again.";
    }
  }

  const others = sessions.value.filter(({ isCurrent }) => !isCurrent);
  return (
    <>
      <ul class="divide-y divide-line">
        {sessions.value.map((session) => (
          <li key={session.id} class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <div class="min-w-0 flex-1">
              <p class="break">
                {browserOf(session.userAgent)}
                {session.isCurrent && <span class="chip ml-2">This browser</span>}
              </p>
              <p class="text-sm text-text-2">
                from <bdi>{session.address ?? "an unknown address"}</bdi>, used{" "}
                {ago(session.lastUsedAt, now.value)}
              </p>
            </div>
            {!session.isCurrent && (
              <button
                type="button"
                class="btn btn-danger"
                onClick={() => void end(`/api/auth/sessions/${session.id}`)}
              >
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <button
          type="button"
          class="btn mt-3"
          onClick={() => void end("/api/auth/sessions")}
        >
          End all others
        </button>
      )}
      {problem.value && <p class="mt-3 text-bad" role="alert">{problem.value}</p>}
    </>
  );
}

/** The browser and system in a few words; the header itself says too much and too little. */
function browserOf(userAgent: string | null): string {
  if (!userAgent) return "Unknown browser";
  const browser = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], [
    "Chrome/",
    "Chrome",
  ], ["Safari/", "Safari"]].find(([mark]) => userAgent.includes(mark!))?.[1];
  const system = [
    ["Windows", "Windows"],
    ["Android", "Android"],
    ["iPhone", "iPhone"],
    [
      "iPad",
      "iPad",
    ],
    ["Mac OS X", "macOS"],
    ["Linux", "Linux"],
  ].find(([mark]) => userAgent.includes(mark!))?.[1];
  if (!browser) return userAgent.slice(0, 60);
  return system ? `${browser} on ${system}` : browser;
}
