/** Derives x beside the page, which stays usable meanwhile. One message in, two out. */
import { deriveX, type TwoSecrets } from "@/core/srp/two_secret.ts";

export type DeriveAnswer =
  | { kind: "estimate"; ms: number }
  | { kind: "x"; x: Uint8Array<ArrayBuffer> }
  | { kind: "failed"; message: string };

const TRIAL_ITERATIONS = 10_000;

/** How long it will take here, in ms: PBKDF2 itself tells nothing until it is done. */
async function estimate(secrets: TwoSecrets): Promise<number> {
  const began = performance.now();
  await deriveX({ ...secrets, iterations: TRIAL_ITERATIONS });
  return (performance.now() - began) * secrets.iterations / TRIAL_ITERATIONS;
}

addEventListener("message", async ({ data }: MessageEvent<TwoSecrets>) => {
  const answer = (message: DeriveAnswer) => postMessage(message);
  try {
    answer({ kind: "estimate", ms: await estimate(data) });
    answer({ kind: "x", x: await deriveX(data) });
  } catch (error) {
    answer({ kind: "failed", message: String(error) });
  }
});
