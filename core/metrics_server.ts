import { checkDependencies } from "./health.ts";
import type { Platform } from "./platform.ts";

/**
 * Serves `/metrics` for Prometheus on a port of its own, until `signal` aborts; `/health` and
 * `/health/ready` too, as a poller alone has no other port to ask.
 */
export async function serveMetrics(platform: Platform, signal: AbortSignal): Promise<void> {
  const { config, registry, log } = platform;
  const { host: hostname, port } = config.metrics;
  const server = Deno.serve({
    hostname,
    port,
    signal,
    onListen: ({ port }) => log.info("metrics", { address: `http://${hostname}:${port}/metrics` }),
  }, async (request) => {
    switch (new URL(request.url).pathname) {
      case "/metrics": {
        const headers = { "content-type": registry.contentType };
        return new Response(await registry.metrics(), { headers });
      }
      case "/health":
        return Response.json({ status: "alive" });
      case "/health/ready": {
        const dependencies = await checkDependencies(platform);
        const isReady = dependencies.every((dependency) => dependency.isReady);
        const status = isReady ? "ready" : "not_ready";
        return Response.json({ status, dependencies }, { status: isReady ? 200 : 503 });
      }
      default:
        return new Response("see /metrics\n", { status: 404 });
    }
  });
  await server.finished;
}
