import { z } from "zod";
import type { TenantId } from "@/core/scope.ts";
import { LINK_FAILURES } from "./link.ts";

/** To any poller of the region: connect and hold it. */
export const OpenRequest = z.object({
  link: z.uuid(),
  tenantId: z.uuid().transform((id) => id as TenantId),
  deviceId: z.uuid(),
});
export type OpenRequest = z.input<typeof OpenRequest>;

const strings = z.array(z.string());
/** To the one poller that holds the link. */
export const UseRequest = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run"),
    command: z.string(),
    attributes: z.record(z.string(), z.string()).optional(),
    flags: strings.optional(),
    queries: strings.optional(),
    proplist: strings.optional(),
    deadlineMs: z.number(),
  }),
  z.object({ type: z.literal("close") }),
]);
export type UseRequest = z.infer<typeof UseRequest>;

const Failure = z.object({
  ok: z.literal(false),
  reason: z.enum(LINK_FAILURES),
  message: z.string(),
});
export const OpenAnswer = z.discriminatedUnion("ok", [z.object({ ok: z.literal(true) }), Failure]);
/** Rows travel compressed, in base64. */
export const UseAnswer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), rows: z.string(), ret: z.string().optional() }),
  Failure,
]);
export type OpenAnswer = z.infer<typeof OpenAnswer>;
export type UseAnswer = z.infer<typeof UseAnswer>;

export const encodeMessage = (value: unknown): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(value));
export const decodeMessage = (data: Uint8Array): unknown =>
  JSON.parse(new TextDecoder().decode(data));
