import type { TwoSecrets } from "@/core/srp/two_secret.ts";
import type { DeriveAnswer } from "./derive_worker.ts";

/** Hears once, in ms, how long the derivation will take on this device. */
export type OnEstimate = (ms: number) => void;

/**
 * x, made in a Worker of its own that ends afterwards and takes its memory along.
 *
 * @throws {Error} in words for people
 */
export function deriveInWorker(
  secrets: TwoSecrets,
  onEstimate: OnEstimate,
): Promise<Uint8Array<ArrayBuffer>> {
  const lack = whatBrowserLacks();
  if (lack) return Promise.reject(new Error(lack));
  const worker = new Worker(new URL("./derive_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  worker.addEventListener("message", ({ data }: MessageEvent<DeriveAnswer>) => {
    if (data.kind === "estimate") onEstimate(data.ms);
    else if (data.kind === "x") resolve(data.x);
    else reject(new Error(`The derivation failed: ${data.message}. Reload the page, try again.`));
  });
  worker.addEventListener("error", () => {
    reject(
      new Error("The derivation could not start in this browser: reload the page, try again."),
    );
  });
  worker.postMessage(secrets);
  return promise.finally(() => worker.terminate());
}

/** Why this browser cannot sign in, and what helps; `undefined` if it can. */
export function whatBrowserLacks(): string | undefined {
  if (!globalThis.isSecureContext) {
    return "Browsers offer their cryptography over HTTPS or on localhost only: open this page by its " +
      "https:// address.";
  }
  if (!("fromHex" in Uint8Array) || typeof Worker === "undefined") {
    return "This browser is too old for the cryptography of this page: update it, then try again.";
  }
  return undefined;
}
