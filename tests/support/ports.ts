/** Below the range that systems take from for port 0 and for outgoing connections. */
const FIRST = 10_000;
const COUNT = 20_000;

/**
 * A TCP port that is free now and that nobody is handed by chance before its taker binds it.
 * Programs that are told their port need this; who can, listens on port 0.
 */
export function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return Promise.resolve(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
