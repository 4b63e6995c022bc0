import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import type { Client } from "ssh2";
import { SshFailed, sshFailure } from "./errors.ts";

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** SHA-256 of the pinned host key, lower-case hex; `null`: the first contact is trusted. */
  readonly hostKey: string | null;
}

export interface SshLimits {
  readonly connectMs: number;
  /** Longest silence while something runs. */
  readonly silenceMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * What old and new RouterOS can do and Deno can too: without ecdh-sha2-nistp521 and aes192-cbc, which
 * fail at run time here.
 */
const ALGORITHMS = {
  kex: [
    ...["curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"],
    ...["ecdh-sha2-nistp384", "diffie-hellman-group16-sha512", "diffie-hellman-group14-sha256"],
    ...["diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha1"],
    ...["diffie-hellman-group1-sha1"],
  ],
  serverHostKey: ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ssh-dss"],
  cipher: [
    ...["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr"],
    ...["aes256-ctr", "aes128-cbc", "aes256-cbc", "3des-cbc"],
  ],
  hmac: [
    ...["hmac-sha2-256-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha1"],
    ...["hmac-md5"],
  ],
} as const;

/**
 * Logs in, lets `use` work with the connection, and hangs up. What breaks the connection meanwhile
 * rejects, whatever `use` waits for.
 *
 * @throws {SshFailed}
 */
export async function withSsh<T>(
  target: SshTarget,
  { connectMs, signal }: Pick<SshLimits, "connectMs" | "signal">,
  use: (client: Client, hostKey: string) => Promise<T>,
): Promise<T> {
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let hostKey = "";
  let isKeyWrong = false;
  // Stays for the life of the client: what comes after the end must not end the process.
  client.on(
    "error",
    (error) => reject(isKeyWrong ? keyChanged(target, hostKey) : sshFailure(error)),
  );
  client.on("close", () => reject(new SshFailed("connection_lost", "The router hung up.")));
  client.on("ready", () => {
    client.setNoDelay(true);
    use(client, hostKey).then(resolve, reject);
  });
  const stop = () => reject(new SshFailed("failed", "It was stopped."));
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) stop();
    else {
      client.connect({
        host: target.address,
        port: target.port,
        username: target.username,
        password: target.password,
        readyTimeout: connectMs,
        // RouterOS does not answer these: they would end every session.
        keepaliveInterval: 0,
        algorithms: ALGORITHMS as never,
        hostVerifier: (key: Buffer) => {
          hostKey = createHash("sha256").update(key).digest("hex");
          isKeyWrong = target.hostKey !== null && target.hostKey !== hostKey;
          return !isKeyWrong;
        },
      });
    }
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    client.destroy();
  }
}

function keyChanged({ hostKey }: SshTarget, seen: string): SshFailed {
  return new SshFailed(
    "host_key_changed",
    `The router shows another SSH host key (${seen.slice(0, 16)}…) than the pinned one ` +
      `(${
        hostKey!.slice(0, 16)
      }…). If it was reset or replaced, forget the pin where it is edited; ` +
      "else somebody may stand between.",
  );
}
