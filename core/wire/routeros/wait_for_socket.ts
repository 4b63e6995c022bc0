import type { Socket } from "node:net";
import { ConnectFailed } from "./errors.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";

/**
 * Waits for a socket's `event` under the options' connect timeout and signal. On any other end the
 * socket is destroyed, and nothing was sent on it.
 *
 * @throws what `failure` makes of the socket's error, {@linkcode ConnectFailed} when time is up,
 *   the signal's reason when it aborts
 */
export function waitForSocket(
  socket: Socket,
  event: "connect" | "secureConnect",
  options: LinkOptions,
  failure: (error: Error & { code?: string }) => Error,
): Promise<void> {
  const { connectTimeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.off(event, onReady);
      socket.off("error", onError);
      socket.off("close", onClose);
      if (!error) return resolve();
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const onReady = () => settle();
    const onError = (error: Error) => settle(failure(error));
    const onClose = () =>
      settle(failure(Object.assign(new Error("connection closed"), { code: "ECONNRESET" })));
    const onAbort = () => settle(signal!.reason);
    const timer = setTimeout(() => {
      settle(
        new ConnectFailed(
          `Cannot connect to ${peerOf(options)}: no answer within ${connectTimeoutMs} ms` +
            (event === "secureConnect" && !socket.connecting
              ? "; TCP is open but TLS is not answered: is this address allowed in /ip/service?"
              : ""),
        ),
      );
    }, connectTimeoutMs);
    socket.on(event, onReady);
    socket.on("error", onError);
    socket.on("close", onClose);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}
