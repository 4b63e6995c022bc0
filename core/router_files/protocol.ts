import { z } from "zod";
import { ExportFailure } from "@/core/contract/config_export.ts";
import { MAX_FILE_BYTES } from "./router_files.ts";

/** Bytes of a piece: in base64 a message of the bus, which holds a mebibyte, has room for it. */
export const PIECE_BYTES = 512 * 1_024;
/** A transfer that nobody asks for is forgotten after this. */
export const TRANSFER_IDLE_MS = 60_000;

const size = z.number().int().min(0).max(MAX_FILE_BYTES);
const target = { transfer: z.uuid(), tenantId: z.uuid(), deviceId: z.uuid() };
const path = z.string().min(1).max(200).regex(/^[\w./-]+$/);

/** To any poller of the region. */
export const FileRequest = z.discriminatedUnion("action", [
  /** Reads the file from the router and keeps it for {@linkcode PieceRequest}s. */
  z.object({ action: z.literal("fetch"), ...target, path }),
  /** Takes pieces for a file until `commit` writes it to the router. */
  z.object({ action: z.literal("put"), ...target, path, bytes: size }),
]);
export type FileRequest = z.infer<typeof FileRequest>;

/** To the one poller that has the transfer. */
export const PieceRequest = z.discriminatedUnion("action", [
  z.object({ action: z.literal("read"), offset: size }),
  z.object({ action: z.literal("write"), offset: size, data: z.base64() }),
  z.object({ action: z.literal("commit"), sha256: z.string() }),
  z.object({ action: z.literal("close") }),
]);
export type PieceRequest = z.infer<typeof PieceRequest>;

export const FileAnswer = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    bytes: size,
    sha256: z.string().optional(),
    data: z.base64().optional(),
  }),
  z.object({ ok: z.literal(false), reason: ExportFailure, detail: z.string() }),
]);
export type FileAnswer = z.infer<typeof FileAnswer>;

export const sha256Of = async (data: Uint8Array): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", data as BufferSource)).toHex();
