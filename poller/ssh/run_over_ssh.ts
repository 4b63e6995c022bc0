import { Buffer } from "node:buffer";
import type { ClientChannel } from "ssh2";
import { SshFailed, sshFailure } from "./errors.ts";
import { type SshLimits, type SshTarget, withSsh } from "./with_ssh.ts";

export interface SshAnswer {
  readonly output: Uint8Array;
  /** SHA-256 of the host key that was shown. */
  readonly hostKey: string;
}

/**
 * Runs one command on an exec channel and answers everything it printed. The answer is whole only when
 * the channel has closed: RouterOS tells the exit status before the last bytes.
 *
 * @throws {SshFailed}
 */
export function runOverSsh(
  target: SshTarget,
  command: string,
  limits: SshLimits,
): Promise<SshAnswer> {
  return withSsh(target, limits, (client, hostKey) =>
    new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) {
          reject(new SshFailed("refused", `The router refused the command: ${error.message}`));
        } else collect(channel, limits).then((output) => resolve({ output, hostKey }), reject);
      });
    }));
}

function collect(
  channel: ClientChannel,
  { silenceMs, maxBytes }: SshLimits,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
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
      size += chunk.length;
      if (size > maxBytes) {
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
    channel.on("close", () => done(() => resolve(Buffer.concat(chunks))));
    listen();
  });
}
