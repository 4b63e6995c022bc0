import { z } from "zod";

const HOST = /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i;

/** An address or a host name, as a router takes both; nothing else fits, so nothing can be slipped in. */
export const HostOrAddress = z.string().trim().min(1).max(253).refine(
  (value) =>
    z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success || isName(value),
  "must be an address or a host name",
);

/** Digits and dots alone are a mistyped address, not a name. */
function isName(value: string): boolean {
  return HOST.test(value) && !/^[\d.]+$/.test(value);
}

/** The name of an interface on the router; checked there against those it has. */
export const InterfaceName = z.string().trim().min(1).max(128)
  .refine((name) => !/\p{Cc}/u.test(name), "must hold no control characters");

/** `""` of a form means: not given. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => value === "" ? undefined : value, schema.optional());
}
