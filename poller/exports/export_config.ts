import { gzip } from "node:zlib";
import { promisify } from "node:util";
import type { ExportAnswer } from "@/core/contract/config_export.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { messageOf } from "@/core/errors.ts";
import { NoCredential } from "../failure.ts";
import { SshFailed } from "../ssh/errors.ts";
import { runOverSsh } from "../ssh/run_over_ssh.ts";
import type { SshLimits } from "../ssh/with_ssh.ts";

export interface ExportDeps {
  target(deviceId: string): Promise<PollTarget | undefined>;
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
}

const CONNECT_MS = 15_000;
/** A busy small router prints nothing for a while between two menus. */
const SILENCE_MS = 60_000;
const MAX_BYTES = 8 * 2 ** 20;
/** Of the compressed answer: a message of the bus holds a mebibyte. */
const MAX_ANSWER = 700 * 1_024;

const compress = promisify(gzip);

/**
 * Reads the configuration of a device over SSH. A tail of our own follows the export, so that one that
 * was cut anywhere is told from a whole one. Never throws for what a router does.
 */
export async function exportConfig(
  deps: ExportDeps,
  deviceId: string,
  signal: AbortSignal,
): Promise<ExportAnswer> {
  try {
    const target = await deps.target(deviceId);
    if (!target) throw new SshFailed("failed", "The device is gone.");
    const { address, sshPort: port, sshHostKey: hostKey } = target;
    const limits: SshLimits = {
      ...{ connectMs: CONNECT_MS, silenceMs: SILENCE_MS, maxBytes: MAX_BYTES, signal },
    };
    // Asked for at each connection: who gives it notes each login that the router will tell of.
    const ask = async (command: string) => {
      const login = await deps.credential(target);
      if (!login) throw new NoCredential("It has no credential: enter one where it is edited.");
      return await runOverSsh({ address, port, hostKey, ...login }, command, limits);
    };
    const tail = `tod-end-${crypto.randomUUID()}`;
    let answer = await ask(`/export show-sensitive; :put ${tail}`);
    // RouterOS 6 prints secrets by itself and refuses the word.
    if (!isWhole(answer.output, tail) && isUnknownWord(answer.output)) {
      answer = await ask(`/export; :put ${tail}`);
    }
    return await packed(answer.output, answer.hostKey, tail);
  } catch (error) {
    if (signal.aborted) {
      const detail = "The poller was shut down meanwhile: it is read again soon.";
      return { ok: false, reason: "busy", detail };
    }
    if (error instanceof SshFailed) {
      return { ok: false, reason: error.reason, detail: error.message };
    }
    if (error instanceof NoCredential) {
      return { ok: false, reason: "no_credential", detail: error.message };
    }
    return { ok: false, reason: "failed", detail: messageOf(error).slice(0, 500) };
  }
}

async function packed(output: Uint8Array, hostKey: string, tail: string): Promise<ExportAnswer> {
  const text = textOf(output);
  const end = text.lastIndexOf(tail);
  if (end === -1) return incomplete(text);
  const gzipped = await compress(text.slice(0, end));
  if (gzipped.length > MAX_ANSWER) {
    const detail = `The export is too large: ${gzipped.length} bytes, compressed.`;
    return { ok: false, reason: "too_large", detail };
  }
  return { ok: true, gzip: gzipped.toString("base64"), hostKey };
}

function incomplete(text: string): ExportAnswer {
  const said = text.trim().slice(0, 200);
  if (said === "") {
    return { ok: false, reason: "empty", detail: "The router printed nothing: try again." };
  }
  if (/not enough permissions/.test(said)) {
    const detail =
      "The user may not export: its group needs the policies ssh, read and sensitive (7), " +
      "or ssh, read, sensitive and test (6).";
    return { ok: false, reason: "refused", detail };
  }
  const detail = "The export ended before its end: it was not kept.";
  return { ok: false, reason: "truncated", detail };
}

const isWhole = (output: Uint8Array, tail: string) => textOf(output).includes(tail);

function isUnknownWord(output: Uint8Array): boolean {
  return /expected end of command|bad command|syntax error/.test(textOf(output.subarray(0, 500)));
}

const strict = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/** RouterOS escapes what is no ASCII; older ones print raw bytes of whatever code page was typed. */
function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
