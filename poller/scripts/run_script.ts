import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ScriptAnswer, ScriptRequest } from "@/core/contract/device_script.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { messageOf } from "@/core/errors.ts";
import { SshFailed } from "../ssh/errors.ts";
import { runOverSsh } from "../ssh/run_over_ssh.ts";

export interface ScriptDeps {
  region: string;
  target(deviceId: string): Promise<PollTarget | undefined>;
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
}

const CONNECT_MS = 15_000;
/** Of one router; what it prints beyond is left out. */
const MAX_OUTPUT = 256 * 1_024;
const compress = promisify(gzip);

/**
 * Runs a script on a router over SSH, once. A tail of our own follows it, so that one that ran to its end
 * is told from one that broke off. Never throws: what is not known is answered as such.
 */
export async function runScript(
  deps: ScriptDeps,
  { tenantId, deviceId, script, timeoutMs }: ScriptRequest,
  signal: AbortSignal,
): Promise<ScriptAnswer> {
  let isBegun = false;
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const target = await deps.target(deviceId);
    if (target?.tenantId !== tenantId || target.region !== deps.region) {
      return notBegun("The router was moved or removed.");
    }
    if (!target.isEnabled) return notBegun("The router is paused: start polling it first.");
    const login = await deps.credential(target);
    if (!login) return notBegun("It has no credential: enter one where it is edited.");
    const { address, sshPort: port, sshHostKey: hostKey } = target;
    const tail = `tod-end-${crypto.randomUUID()}`;
    const answer = await runOverSsh(
      { address, port, hostKey, ...login },
      withTail(script, tail),
      {
        ...{ connectMs: Math.min(CONNECT_MS, timeoutMs), silenceMs: timeoutMs },
        ...{ maxBytes: MAX_OUTPUT, signal: AbortSignal.any([signal, late]) },
        dropsMore: true,
        onBegin: () => isBegun = true,
      },
    );
    return await packed(answer, tail);
  } catch (error) {
    const stopped = late.aborted
      ? `It took longer than ${Math.round(timeoutMs / 1_000)} s.`
      : signal.aborted
      ? "The poller was shut down meanwhile."
      : messageOf(error);
    if (isBegun) return { ended: "unknown", detail: stopped.slice(0, 500) };
    const isUnreachable = error instanceof SshFailed &&
      ["connection_refused", "connect_timeout", "connection_lost"].includes(error.reason);
    return { ended: "not_begun", isUnreachable, detail: stopped.slice(0, 500) };
  }
}

const notBegun = (detail: string): ScriptAnswer => ({
  ...{ ended: "not_begun", isUnreachable: false, detail },
});

/** A script of one line stays one: some versions run a command of several lines only in part. */
function withTail(script: string, tail: string): string {
  const trimmed = script.trim();
  const isOneLine = !trimmed.includes("\n") && !trimmed.startsWith("#");
  return `${trimmed}${isOneLine ? "; " : "\n"}:put ${tail}`;
}

async function packed(
  { output, hostKey, isCut, tailBytes }: {
    output: Uint8Array;
    hostKey: string;
    isCut: boolean;
    tailBytes: Uint8Array;
  },
  tail: string,
): Promise<ScriptAnswer> {
  const text = latin1.decode(output);
  const at = text.lastIndexOf(tail);
  const isWhole = at !== -1 || latin1.decode(tailBytes).includes(tail);
  const kept = at === -1 ? output : output.subarray(0, at);
  // Nothing at all: the router hung up, as it does when it reboots.
  if (!isWhole && text.trim() === "") {
    const detail = "The router ended the session before the script's end, as it does for a reboot.";
    return { ended: "unknown", detail };
  }
  const gzipped = (await compress(kept)).toString("base64");
  return { ended: isWhole ? "whole" : "broken_off", gzip: gzipped, isCut, hostKey };
}

const latin1 = new TextDecoder("latin1");
