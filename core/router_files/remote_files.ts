import { messageOf, NotFound } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import type { Db } from "@/core/ports/db.ts";
import { subjects } from "@/core/subjects.ts";
import {
  FileAnswer,
  type FileRequest,
  PIECE_BYTES,
  type PieceRequest,
  sha256Of,
} from "./protocol.ts";
import { FileFailed, type FileRouter, MAX_FILE_BYTES, type RouterFiles } from "./router_files.ts";

/** A whole file over a slow line. */
const TRANSFER_MS = 300_000;
const PIECE_MS = 30_000;
const CLOSE_MS = 3_000;

/** Files through a poller of the device's region, in pieces over the bus. */
export function remoteFiles({ db, rpc }: { db: Db; rpc: Rpc }): RouterFiles {
  const regionOf = async ({ tenantId, deviceId }: FileRouter) => {
    const [device] = await db.tenant(
      tenantId,
      (sql) => sql<{ region: string }[]>`select region from devices where id = ${deviceId}`,
    );
    if (!device) throw new NotFound("Cannot find this device");
    return device.region;
  };
  return {
    async fetch(router, path) {
      const transfer = crypto.randomUUID();
      const whole = await ask(rpc, subjects.fileOpen(await regionOf(router)), {
        ...{ action: "fetch", transfer, ...router, path },
      }, TRANSFER_MS);
      const subject = subjects.file(router.tenantId, transfer);
      try {
        const data = new Uint8Array(whole.bytes);
        for (let offset = 0; offset < data.length; offset += PIECE_BYTES) {
          const piece = await ask(rpc, subject, { action: "read", offset }, PIECE_MS);
          data.set(Uint8Array.fromBase64(piece.data ?? ""), offset);
        }
        if (await sha256Of(data) !== whole.sha256) {
          throw new FileFailed("truncated", "The file was damaged on its way from the poller.");
        }
        return data;
      } finally {
        await close(rpc, subject);
      }
    },
    async put(router, path, data) {
      if (data.length > MAX_FILE_BYTES) {
        throw new FileFailed("too_large", `The file is too large: ${data.length} bytes.`);
      }
      const transfer = crypto.randomUUID();
      await ask(rpc, subjects.fileOpen(await regionOf(router)), {
        ...{ action: "put", transfer, ...router, path, bytes: data.length },
      }, PIECE_MS);
      const subject = subjects.file(router.tenantId, transfer);
      try {
        for (let offset = 0; offset < data.length; offset += PIECE_BYTES) {
          const piece = data.subarray(offset, offset + PIECE_BYTES).toBase64();
          await ask(rpc, subject, { action: "write", offset, data: piece }, PIECE_MS);
        }
        const sha256 = await sha256Of(data);
        await ask(rpc, subject, { action: "commit", sha256 }, TRANSFER_MS);
      } finally {
        await close(rpc, subject);
      }
    },
  };
}

async function close(rpc: Rpc, subject: string): Promise<void> {
  // Gone already, or it is forgotten when nobody asks for it.
  await ask(rpc, subject, { action: "close" }, CLOSE_MS).catch(() => {});
}

async function ask(
  rpc: Rpc,
  subject: string,
  request: FileRequest | PieceRequest,
  timeoutMs: number,
): Promise<Extract<FileAnswer, { ok: true }>> {
  let answer: FileAnswer;
  try {
    const data = new TextEncoder().encode(JSON.stringify(request));
    const reply = await rpc.request(subject, data, { timeoutMs });
    answer = FileAnswer.parse(JSON.parse(new TextDecoder().decode(reply)));
  } catch (error) {
    const message = error instanceof NobodyServes
      ? "No poller has it: none serves the region, or it ended meanwhile."
      : messageOf(error);
    throw new FileFailed("busy", message, { cause: error });
  }
  if (!answer.ok) throw new FileFailed(answer.reason, answer.detail);
  return answer;
}
