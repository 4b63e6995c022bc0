import { Buffer } from "node:buffer";
import type { Client, SFTPWrapper } from "ssh2";
import { SshFailed } from "../ssh/errors.ts";
import { type SshLimits, type SshTarget, withSsh } from "../ssh/with_ssh.ts";

/** Bytes asked for at a time: what every server takes. */
const STEP = 32 * 1_024;
/** `SSH_FX_NO_SUCH_FILE`, `SSH_FX_PERMISSION_DENIED`. */
const CODES: Readonly<Record<number, string>> = {
  2: "The router has no such file.",
  3: "The router may not give or take this file: the user's group needs the policies ssh and ftp.",
};

/**
 * Reads a whole file. One that ends before the size that the router tells is no file.
 *
 * @throws {SshFailed}
 */
export function readFile(
  target: SshTarget,
  path: string,
  limits: SshLimits,
): Promise<Uint8Array> {
  return withSftp(target, limits, async (sftp, wait) => {
    const { size } = await wait<{ size: number }>((done) => sftp.stat(path, done));
    if (size > limits.maxBytes) {
      const megabytes = Math.round(limits.maxBytes / 2 ** 20);
      throw new SshFailed(
        "too_large",
        `The file has ${size} bytes; ${megabytes} MiB is the limit.`,
      );
    }
    const handle = await wait<Buffer>((done) => sftp.open(path, "r", done));
    const data = Buffer.alloc(size);
    for (let at = 0; at < size;) {
      const length = Math.min(STEP, size - at);
      const read = await wait<number>((done) =>
        sftp.read(handle, data, at, length, at, (error, count) => {
          // The end of the file is told as an error.
          if (error && (error as { code?: number }).code === 1) done(undefined, 0);
          else done(error, count);
        })
      );
      if (read === 0) {
        throw new SshFailed("truncated", `The file ended after ${at} of ${size} bytes.`);
      }
      at += read;
    }
    return data;
  });
}

/**
 * Writes a whole file, and looks whether the router has all of it.
 *
 * @throws {SshFailed}
 */
export function writeFile(
  target: SshTarget,
  path: string,
  data: Uint8Array,
  limits: SshLimits,
): Promise<void> {
  return withSftp(target, limits, async (sftp, wait) => {
    const handle = await wait<Buffer>((done) => sftp.open(path, "w", done));
    const bytes = Buffer.from(data);
    for (let at = 0; at < bytes.length; at += STEP) {
      const length = Math.min(STEP, bytes.length - at);
      await wait<void>((done) => sftp.write(handle, bytes, at, length, at, done));
    }
    await wait<void>((done) => sftp.close(handle, done));
    const { size } = await wait<{ size: number }>((done) => sftp.stat(path, done));
    if (size !== data.length) {
      throw new SshFailed("truncated", `The router has ${size} of ${data.length} bytes.`);
    }
  });
}

type Done<T> = (error?: Error | null, value?: T) => void;
type Wait = <T>(ask: (done: Done<T>) => void) => Promise<T>;

function withSftp<T>(
  target: SshTarget,
  limits: SshLimits,
  use: (sftp: SFTPWrapper, wait: Wait) => Promise<T>,
): Promise<T> {
  const wait: Wait = (ask) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new SshFailed("no_answer", "The router stopped answering.")),
        limits.silenceMs,
      );
      ask((error, value) => {
        clearTimeout(timer);
        if (error) reject(inWords(error));
        else resolve(value as never);
      });
    });
  return withSsh(target, limits, async (client: Client) => {
    const sftp = await wait<SFTPWrapper>((done) => client.sftp(done)).catch((error) => {
      if (error.reason === "no_answer") throw error;
      throw new SshFailed(
        "refused",
        "The router gives no files: the user's group needs the policies ssh and ftp.",
        { cause: error },
      );
    });
    sftp.on("error", () => {}); // it ends with its connection
    return await use(sftp, wait);
  });
}

function inWords(error: Error & { code?: unknown }): SshFailed {
  if (error instanceof SshFailed) return error;
  const known = typeof error.code === "number" ? CODES[error.code] : undefined;
  return new SshFailed("refused", known ?? `The router refused the file: ${error.message}`, {
    cause: error,
  });
}
