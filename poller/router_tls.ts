import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { RouterTls } from "@/core/wire/routeros/mod.ts";

/**
 * How to trust a router.
 *
 * @param seen what it showed at the first contact, until its row says so
 */
export function routerTls(
  { tlsMode: mode, tlsCa, tlsFingerprint }: PollTarget,
  seen: string | null,
): RouterTls {
  if (mode === "ca") return { mode, ca: tlsCa ?? "" };
  if (mode === "pinned" || mode === "legacy") return { mode, fingerprint: tlsFingerprint ?? seen };
  return { mode };
}
