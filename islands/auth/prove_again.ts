import type { SrpChallenge } from "@/core/contract/auth.ts";
import { startClient } from "@/core/srp/client.ts";
import { ask } from "../ask.ts";
import { post } from "./api.ts";
import type { OnEstimate } from "./derive.ts";
import { answerChallenge, type OwnSecrets } from "./secrets.ts";

/**
 * Proves to the server once more that one knows the secrets, for what a stolen session must not do.
 * Good for a minute, and once.
 *
 * @throws {Error} in words for people
 */
export async function proveAgain(
  accountId: string,
  secrets: OwnSecrets,
  onEstimate: OnEstimate,
): Promise<{ handshake: string; M1: string }> {
  const start = startClient();
  // `ask` renews the session. Not so what follows, where 401 means a wrong password.
  const challenge = await post<SrpChallenge>("/api/auth/proof", { A: start.A }, { fetcher: ask });
  if (challenge.identity !== accountId) {
    throw new Error("Another account is signed in meanwhile: reload the page, then try again.");
  }
  const { M1 } = await answerChallenge(start, challenge, secrets, onEstimate);
  return { handshake: challenge.handshake, M1 };
}
