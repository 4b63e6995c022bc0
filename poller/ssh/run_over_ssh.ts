import { Buffer } from "node:buffer";
import type { ClientChannel } from "ssh2";
import { SshFailed, sshFailure } from "./errors.ts";
import { type SshLimits, type SshTarget, withSsh } from "./with_ssh.ts";

export interface SshAnswer {
  readonly output: Uint8Array;
  /** SHA-256 of the host key that was shown. */
  readonly hostKey: string;
  /** More was printed than was kept. */
  readonly isCut: boolean;
  /** The very end of what was printed, kept or not. */
  readonly tailBytes: Uint8Array;
}

export interface ExecLimits extends SshLimits {
  /** What is printed beyond `maxBytes` is left out; else it fails as too large. */
  readonly dropsMore?: boolean;
  /** Called right before the router is given the command: from here on it may run. */
  readonly onBegin?: () => void;
}

const TAIL_BYTES = 200;

/**
 * Runs one command on an exec channel and answers everything it printed. The answer is whole only when
 * the channel has closed: RouterOS tells the exit status before the last bytes.
 *
 * @throws {SshFailed}
 */
export function runOverSsh(
  target: SshTarget,
  command: string,
  limits: ExecLimits,
): Promise<SshAnswer> {
  return withSsh(target, limits, (client, hostKey) =>
    new Promise((resolve, reject) => {
      limits.onBegin?.();
      client.exec(command, (error, channel) => {
        if (error) {
          reject(new SshFailed("refused", `The router refused the command: ${error.message}`));
        } else collect(channel, limits).then((all) => resolve({ ...all, hostKey }), reject);
      });
    }));
}

function collect(
  channel: ClientChannel,
  { silenceMs, maxBytes, dropsMore }: ExecLimits,
): Promise<Omit<SshAnswer, "hostKey">> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let tailBytes = Buffer.alloc(0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        done(() => reject(new SshFailed("no_answer", "The router stopped answering.")));
      }, silenceMs);
    };
    const done = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    const take = (chunk: Buffer) => {
      const room = maxBytes - size;
      size += chunk.length;
      tailBytes = Buffer.concat([tailBytes, chunk]).subarray(-TAIL_BYTES);
      if (size > maxBytes && dropsMore) {
        if (room > 0) chunks.push(chunk.subarray(0, room));
        listen();
      } else if (size > maxBytes) {
        const megabytes = Math.round(maxBytes / 2 ** 20);
        done(() =>
          reject(new SshFailed("too_large", `The router printed more than ${megabytes} MiB.`))
        );
        channel.destroy();
      } else {
        chunks.push(chunk);
        listen();
      }
    };
    channel.on("error", (error: Error) => done(() => reject(sshFailure(error))));
    channel.on("data", take);
    channel.stderr.on("data", take);
    channel.on("close", () =>
      done(() => {
        resolve({ output: Buffer.concat(chunks), isCut: size > maxBytes, tailBytes });
      }));
    listen();
  });
}
