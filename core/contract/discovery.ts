import { z } from "zod";
import { TlsMode } from "./device.ts";

/** Services by which a router is known, and managed. */
export const KNOWN_PORTS = {
  8728: "API",
  8729: "API over TLS",
  8291: "WinBox",
  22: "SSH",
  80: "HTTP",
  443: "HTTPS",
} as const;

/** `open`: accepted; `closed`: refused; `silent`: no answer, as behind a firewall. */
export const PortState = z.enum(["open", "closed", "silent"]);
export type PortState = z.infer<typeof PortState>;

/** What an address shows to somebody without a login. */
export const HostFindings = z.object({
  address: z.string(),
  ports: z.array(z.object({ port: z.int(), service: z.string(), state: PortState })),
  /** First line of the SSH server; RouterOS says `SSH-2.0-ROSSSH`. */
  sshBanner: z.string().nullable(),
  /** SHA-256 of the certificate on the API's TLS port; `null`: none was shown. */
  fingerprint: z.string().nullable(),
  /** `null`: it cannot be told from outside. */
  isRouteros: z.boolean().nullable(),
  /** How to log in; `null`: no API port is open, or none that can be used safely. */
  suggestion: z.object({ port: z.int(), tlsMode: TlsMode }).nullable(),
  /** What stands in the way, and what to do about it. */
  advice: z.string().nullable(),
});
export type HostFindings = z.infer<typeof HostFindings>;

/** Where to look: `port` beside the usual ones. */
export const HostQuestion = z.strictObject({
  address: z.string().trim().min(1).max(253),
  port: z.int().min(1).max(65_535).optional(),
  region: z.string().max(40).default("default"),
});
export type HostQuestion = z.input<typeof HostQuestion>;
