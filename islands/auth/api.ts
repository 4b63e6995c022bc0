/** The server's refusal, in words for people. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

export type Fetcher = (path: string, init: RequestInit) => Promise<Response>;

/** The answer's body is believed to be `Answer`; who acts on its numbers checks them. */
async function call<Answer>(
  path: string,
  init: RequestInit,
  fetcher: Fetcher = fetch,
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetcher(path, init);
  } catch {
    throw new ApiProblem("The server did not answer: check your connection, then try again.", 0);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as Answer;
  throw new ApiProblem(wordsFor(response.status, body), response.status);
}

function wordsFor(status: number, body: unknown): string {
  const problem = (body ?? {}) as { title?: string; requestId?: string };
  if (status < 500 && problem.title) return `${problem.title.replace(/\.$/, "")}.`;
  const id = problem.requestId ? `, request ${problem.requestId}` : "";
  return `The server failed (status ${status}${id}): try again in a minute, then tell who runs it.`;
}

/** @throws {ApiProblem} */
export function post<Answer>(
  path: string,
  body: unknown,
  { headers = {}, fetcher }: { headers?: Record<string, string>; fetcher?: Fetcher } = {},
): Promise<Answer> {
  return call<Answer>(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  }, fetcher);
}

/** @throws {ApiProblem} */
export function get<Answer>(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return call<Answer>(path, { headers });
}

/** What to show for anything that was thrown. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
