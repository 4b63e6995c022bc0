import type { ExportFailure } from "@/core/contract/config_export.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { messageOf } from "@/core/errors.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import {
  type FileAnswer,
  FileRequest,
  PIECE_BYTES,
  PieceRequest,
  sha256Of,
  TRANSFER_IDLE_MS,
} from "@/core/router_files/protocol.ts";
import { MAX_FILE_BYTES } from "@/core/router_files/router_files.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { SshFailed } from "../ssh/errors.ts";
import type { SshLimits, SshTarget } from "../ssh/with_ssh.ts";
import { readFile, writeFile } from "./sftp.ts";

export interface TransfersDeps {
  rpc: Rpc;
  clock: Clock;
  region: string;
  target(deviceId: string): Promise<PollTarget | undefined>;
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
}

/** Each holds a whole file. */
const MAX_TRANSFERS = 8;
const LIMITS = { connectMs: 15_000, silenceMs: 60_000, maxBytes: MAX_FILE_BYTES };

/** A file on its way, until it is fetched, written or forgotten. */
interface Transfer {
  readonly request: FileRequest;
  data: Uint8Array;
  usedAt: number;
  readonly stop: AbortController;
}

/** Files between routers and whoever asks over the bus, each as a whole. */
export class FileTransfers {
  readonly #deps: TransfersDeps;
  readonly #open = new Set<Transfer>();

  constructor(deps: TransfersDeps) {
    this.#deps = deps;
  }

  /** Takes transfers until `signal` aborts, then forgets those there are. */
  async serve(signal: AbortSignal): Promise<void> {
    const { rpc, region } = this.#deps;
    const options = { group: "pollers", concurrency: MAX_TRANSFERS, signal };
    await rpc.serve(subjects.fileOpen(region), options, (data) =>
      answering(async () => {
        const request = FileRequest.parse(decode(data));
        if (this.#open.size >= MAX_TRANSFERS) {
          throw new SshFailed("failed", "The poller moves enough files: try again soon.");
        }
        const isFetch = request.action === "fetch";
        const transfer: Transfer = {
          ...{ request, usedAt: this.#deps.clock.monotonic(), stop: new AbortController() },
          data: new Uint8Array(isFetch ? 0 : request.bytes),
        };
        this.#open.add(transfer);
        try {
          if (isFetch) {
            const [target, limits] = await this.#login(request, signal);
            transfer.data = await readFile(target, request.path, limits);
          }
          const sha256 = await sha256Of(transfer.data);
          void this.#serveOne(transfer, signal).finally(() => this.#open.delete(transfer));
          return { ok: true, bytes: transfer.data.length, sha256 };
        } catch (error) {
          this.#open.delete(transfer);
          throw error;
        }
      }));
    for (const { stop } of this.#open) stop.abort();
  }

  async #serveOne(transfer: Transfer, signal: AbortSignal): Promise<void> {
    const { clock, rpc } = this.#deps;
    const { request: { tenantId, transfer: id }, stop } = transfer;
    const subject = subjects.file(tenantId as TenantId, id);
    transfer.usedAt = clock.monotonic();
    const serving = rpc.serve(
      subject,
      { group: "file", concurrency: 1, signal: stop.signal },
      async (data) => {
        transfer.usedAt = Infinity; // not idle while a router is slow
        const answer = await answering(() => this.#piece(transfer, decode(data), signal));
        transfer.usedAt = clock.monotonic();
        return answer;
      },
    );
    while (!stop.signal.aborted) {
      await clock.sleep(TRANSFER_IDLE_MS / 4, stop.signal);
      if (clock.monotonic() - transfer.usedAt > TRANSFER_IDLE_MS) stop.abort();
    }
    await serving;
  }

  async #piece(transfer: Transfer, asked: unknown, signal: AbortSignal): Promise<FileAnswer> {
    const piece = PieceRequest.parse(asked);
    const { request } = transfer;
    switch (piece.action) {
      case "read": {
        const data = transfer.data.subarray(piece.offset, piece.offset + PIECE_BYTES);
        return { ok: true, bytes: data.length, data: data.toBase64() };
      }
      case "write": {
        const data = Uint8Array.fromBase64(piece.data);
        if (request.action !== "put" || piece.offset + data.length > transfer.data.length) {
          throw new SshFailed("failed", "The piece does not belong to this file.");
        }
        transfer.data.set(data, piece.offset);
        return { ok: true, bytes: data.length };
      }
      case "commit": {
        if (request.action !== "put" || await sha256Of(transfer.data) !== piece.sha256) {
          throw new SshFailed("failed", "The file did not reach the poller whole.");
        }
        // The router may take its time; whoever asked waits.
        const [target, limits] = await this.#login(request, signal);
        await writeFile(target, request.path, transfer.data, limits);
        return { ok: true, bytes: transfer.data.length };
      }
      case "close":
        transfer.stop.abort();
        return { ok: true, bytes: 0 };
    }
  }

  async #login(
    { tenantId, deviceId }: FileRequest,
    signal: AbortSignal,
  ): Promise<[SshTarget, SshLimits]> {
    const target = await this.#deps.target(deviceId);
    if (target?.tenantId !== tenantId || target.region !== this.#deps.region) {
      throw new SshFailed("failed", "The router was moved or removed.");
    }
    const login = await this.#deps.credential(target);
    if (!login) throw new SshFailed("failed", "The router has no credential.");
    const { address, sshPort: port, sshHostKey: hostKey } = target;
    return [{ address, port, hostKey, ...login }, { ...LIMITS, signal }];
  }
}

const decode = (data: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(data));

/** Never throws for what a router does: a refusal is an answer too. */
async function answering(work: () => Promise<FileAnswer>): Promise<Uint8Array> {
  let answer: FileAnswer;
  try {
    answer = await work();
  } catch (error) {
    const reason: ExportFailure = error instanceof SshFailed ? error.reason : "failed";
    answer = { ok: false, reason, detail: messageOf(error).slice(0, 500) };
  }
  return new TextEncoder().encode(JSON.stringify(answer));
}
