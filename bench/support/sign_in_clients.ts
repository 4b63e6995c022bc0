/** Browsers that sign in all at once, in a thread of their own: their arithmetic is not the server's. */
import type { SrpChallenge } from "@/core/contract/auth.ts";
import { finishClient, startClient } from "@/core/srp/client.ts";

export interface SignInJob {
  url: string;
  users: { email: string; x: Uint8Array }[];
}
export interface SignInFigures {
  /** From the first request to the session, ms, one each. */
  took: number[];
  seconds: number;
  failed: string[];
}

async function post(url: string, body: unknown): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function signIn(url: string, { email, x }: SignInJob["users"][number]): Promise<number> {
  const began = performance.now();
  const client = startClient();
  const begun = await post(`${url}/api/auth/srp/start`, { email, A: client.A });
  if (!begun.ok) throw new Error(await begun.text());
  const { identity, srpSalt: salt, B, handshake }: SrpChallenge = await begun.json();
  const { M1, isServer } = await finishClient(client, { identity, salt, B, x });
  const done = await post(`${url}/api/auth/srp/finish`, { handshake, M1 });
  if (!done.ok) throw new Error(await done.text());
  if (!isServer((await done.json()).M2)) throw new Error("the server proved nothing");
  return performance.now() - began;
}

addEventListener("message", async ({ data: { url, users } }: MessageEvent<SignInJob>) => {
  const began = performance.now();
  const results = await Promise.allSettled(users.map((user) => signIn(url, user)));
  const figures: SignInFigures = {
    took: results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []),
    seconds: (performance.now() - began) / 1_000,
    failed: results.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason)] : []
    ),
  };
  postMessage(figures);
});
