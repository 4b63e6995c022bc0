import { HttpError } from "@/web/define.ts";

/** What `hc` answers, as far as pages use it. */
interface Answer<Body> {
  ok: boolean;
  status: number;
  json(): Promise<Body>;
}

export interface ProblemBody {
  title: string;
  status: number;
  issues?: { path: string; message: string }[];
}

type Success<A> = A extends Answer<infer Body> ? Exclude<Body, ProblemBody | undefined> : never;

/** The body of a successful answer; a problem becomes the page's own error. */
export async function data<A extends Answer<unknown>>(request: Promise<A>): Promise<Success<A>> {
  const answer = await request;
  const body = await answer.json();
  if (answer.ok) return body as Success<A>;
  throw new HttpError(answer.status, (body as ProblemBody).title);
}

/** As {@linkcode data}, with the problem as a value: for forms, which show it in place. */
export async function attempt<A extends Answer<unknown>>(
  request: Promise<A>,
): Promise<{ body: Success<A> } | { problem: ProblemBody }> {
  const answer = await request;
  const body = answer.status === 204 ? undefined : await answer.json();
  return answer.ok ? { body: body as Success<A> } : { problem: body as ProblemBody };
}

/** The message for one field of a form. */
export function issueOf(problem: ProblemBody | undefined, path: string): string | undefined {
  return problem?.issues?.find((issue) => issue.path === path)?.message;
}
