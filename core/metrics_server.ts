import type { Platform } from "./platform.ts";

/** Serves `/metrics` for Prometheus on a port of its own, until `signal` aborts. */
export async function serveMetrics(
  { config, registry, log }: Pick<Platform, "config" | "registry" | "log">,
  signal: AbortSignal,
): Promise<void> {
  const { host: hostname, port } = config.metrics;
  const server = Deno.serve({
    hostname,
    port,
    signal,
    onListen: ({ port }) => log.info("metrics", { address: `http://${hostname}:${port}/metrics` }),
  }, async (request) => {
    if (new URL(request.url).pathname !== "/metrics") {
      return new Response("see /metrics\n", { status: 404 });
    }
    return new Response(await registry.metrics(), {
      headers: { "content-type": registry.contentType },
    });
  });
  await server.finished;
}
