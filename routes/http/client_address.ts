import type { Context } from "hono";
import { networkSet, plainAddress } from "@/core/networks.ts";

/** Finds the address of who asks. */
export type AddressOf = (c: Context) => string;

/**
 * The address a connection came from; where that is a trusted proxy, the last one in X-Forwarded-For
 * that is none. Headers of anybody else are not believed: rate limits and the audit trail stand on it.
 */
export function clientAddress(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = networkSet(trustedProxies);
  return (c) => {
    const peer = plainAddress(remoteOf(c.env) ?? "0.0.0.0");
    if (!isTrusted(peer)) return peer;
    const hops = (c.req.header("x-forwarded-for") ?? "").split(",")
      .map((hop) => plainAddress(hop.trim().replace(/^\[([^\]]*)\].*$/, "$1")))
      .filter(Boolean);
    const client = hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? peer;
    // Whatever a proxy passes on ends up in logs and tables.
    return /^[0-9a-f.:]{2,45}$/i.test(client) ? client : peer;
  };
}

/** `Deno.serve` hands this in with each request; calls within the process hand the same form in. */
export interface ServeInfo {
  remoteAddr: { hostname: string };
}

function remoteOf(env: unknown): string | undefined {
  return (env as Partial<ServeInfo> | undefined)?.remoteAddr?.hostname;
}
