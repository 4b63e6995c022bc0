import { z } from "zod";

/** Reads of one secret by one actor for one purpose within an hour (a day for polling). */
export const SecretReadRow = z.object({
  id: z.string(),
  /** Begin of the hour or day, UTC. */
  bucket: z.iso.datetime(),
  span: z.enum(["hour", "day"]),
  actor: z.string(),
  actorName: z.string().nullable(),
  purpose: z.string(),
  /** Which kind of secret. */
  secret: z.string(),
  deviceId: z.uuid().nullable(),
  /** `null`: no device, or it was removed since. */
  deviceName: z.string().nullable(),
  count: z.number(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  lastRequestId: z.string().nullable(),
});
export type SecretReadRow = z.infer<typeof SecretReadRow>;

export const SecretReadPage = z.object({
  items: z.array(SecretReadRow),
  nextCursor: z.string().nullable(),
});
export type SecretReadPage = z.infer<typeof SecretReadPage>;

const Share = z.object({
  /** The actor, purpose or device id; `null`: no device. */
  key: z.string().nullable(),
  label: z.string().nullable(),
  count: z.number(),
  lastAt: z.iso.datetime(),
});

/** Sums over a time range. */
export const SecretReadSummary = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  total: z.number(),
  /** Without polling. */
  other: z.number(),
  devices: z.number(),
  byPurpose: z.array(Share),
  byActor: z.array(Share),
  /** The ten read most. */
  byDevice: z.array(Share),
  /** A point a day, days without a read too. */
  overTime: z.array(z.object({
    day: z.string(),
    polling: z.number(),
    other: z.number(),
  })),
});
export type SecretReadSummary = z.infer<typeof SecretReadSummary>;
