import { type Signal, signal } from "@preact/signals";
import type { ChangeConflicts, ChangeSet, RouterPreview } from "@/core/contract/change_sets.ts";
import { ask, send } from "../../ask.ts";

interface Problem {
  title?: string;
  issues?: { path: string; message: string }[];
}

const NO_ANSWER = "The server did not answer: check your connection, then try again.";

/** A change set, what is done with it, and what went wrong. */
export function setState(initial: ChangeSet) {
  const set = signal(initial);
  const isBusy = signal(false);
  const problem = signal("");
  const conflicts = signal<ChangeConflicts | undefined>(undefined);
  const previews = signal<{ items: RouterPreview[] } | undefined>(undefined);
  const isChecking = signal(false);
  const path = `/api/change-sets/${initial.id}`;

  async function reload(): Promise<void> {
    const answer = await ask(path).catch(() => undefined);
    if (answer?.ok) set.value = await answer.json();
  }

  /** Does one thing, then reads the set anew. `undefined`: it was refused. */
  async function write<Body>(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    suffix: string,
    body?: unknown,
  ): Promise<{ body: Body } | undefined> {
    isBusy.value = true;
    problem.value = "";
    try {
      const answer = await send(method, path + suffix, body).catch(() => undefined);
      const parsed = answer?.status === 204
        ? undefined
        : await answer?.json().catch(() => undefined);
      if (answer?.ok) return { body: parsed as Body };
      problem.value = inWords(parsed as Problem | undefined);
      return undefined;
    } finally {
      // After a refusal, too: mostly it was somebody else's change.
      await reload();
      isBusy.value = false;
    }
  }

  /** Looks at the routers: what speaks against the changes, and what a push would meet. */
  async function check(mayPush: boolean): Promise<void> {
    isChecking.value = true;
    const read = async <Body>(suffix: string, into: Signal<Body | undefined>) => {
      const answer = await ask(path + suffix).catch(() => undefined);
      const body = await answer?.json().catch(() => undefined);
      if (answer?.ok) into.value = body;
      else problem.value = inWords(body);
    };
    await Promise.all([
      read("/conflicts", conflicts),
      ...(mayPush ? [read("/preview", previews)] : []),
    ]);
    isChecking.value = false;
  }

  return { set, isBusy, problem, conflicts, previews, isChecking, write, check, reload };
}
export type SetState = ReturnType<typeof setState>;

function inWords(body: Problem | undefined): string {
  const reasons = (body?.issues ?? []).map(({ path, message }) =>
    path ? `${path} ${message}` : message
  );
  const title = body?.title ?? NO_ANSWER;
  return reasons.length > 0 ? `${title}: ${reasons.join("; ")}` : title;
}
