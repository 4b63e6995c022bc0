import type { TlsMode } from "@/core/contract/device.ts";

/** How the API connection is secured, in the words of a choice; the best first. */
export const TLS_MODE_CHOICES: readonly (readonly [TlsMode, string])[] = [
  ["pinned", "Pinned certificate (recommended)"],
  ["ca", "Certificate of your own CA"],
  ["legacy", "Legacy TLS, for old routers or routers without certificate"],
  ["insecure", "Any certificate (insecure)"],
  ["plain", "No TLS (inside a VPN only)"],
];
