import { type Signal, useSignal } from "@preact/signals";
import { send } from "../ask.ts";

interface ProblemBody {
  title?: string;
  issues?: { path: string; message: string }[];
}

export interface Change {
  readonly isBusy: Signal<boolean>;
  /** What went wrong, in words for people; empty when nothing did. */
  readonly problem: Signal<string>;
  /** Sends one change; answers its body, or `undefined` after a refusal. */
  run<Body>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ body: Body } | undefined>;
}

/** One change at a time, with its trouble beside the button that caused it. */
export function useChange(): Change {
  const isBusy = useSignal(false);
  const problem = useSignal("");
  return {
    isBusy,
    problem,
    async run(method, path, body) {
      isBusy.value = true;
      problem.value = "";
      try {
        const answer = await send(method, path, body);
        const parsed = answer.status === 204 ? undefined : await answer.json();
        if (answer.ok) return { body: parsed };
        problem.value = inWords(parsed as ProblemBody);
      } catch {
        problem.value = "The server did not answer: check your connection, then try again.";
      } finally {
        isBusy.value = false;
      }
      return undefined;
    },
  };
}

function inWords({ title = "The server refused it", issues = [] }: ProblemBody): string {
  const reasons = issues.map(({ path, message }) => path ? `${path} ${message}` : message);
  return reasons.length > 0 ? `${title}: ${reasons.join("; ")}` : title;
}
