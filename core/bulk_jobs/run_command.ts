import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ScriptAnswer, type ScriptRequest } from "@/core/contract/device_script.ts";
import { messageOf } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { cleanOutput } from "./clean_output.ts";
import type { ItemResult } from "./finish_item.ts";
import type { BegunItem } from "./step_job.ts";

/** Connecting, and an answer on its way. */
const MARGIN_MS = 25_000;
const MAX_TRIES = 3;
const AGAIN_MS = 30_000;
const MAX_BYTES = 1 * 2 ** 20;
const decompress = promisify(gunzip);

/** Has a poller run a script on one router, once. Never throws: what is not known is said so. */
export async function runCommand(
  { rpc, clock }: { rpc: Rpc; clock: Clock },
  tenantId: TenantId,
  { deviceId, region, tries }: BegunItem,
  { script, timeoutSeconds }: { script: string; timeoutSeconds: number },
): Promise<ItemResult & { hostKey?: string }> {
  const timeoutMs = timeoutSeconds * 1_000;
  const request: ScriptRequest = { tenantId, deviceId, script, timeoutMs };
  const again = (reason: string): ItemResult => {
    const pauseMs = AGAIN_MS * tries;
    return tries < MAX_TRIES
      ? { state: "pending", reason, notBefore: new Date(clock.now() + pauseMs) }
      : { state: "failed", reason: `${reason} Nothing was done.` };
  };
  let answer: ScriptAnswer;
  try {
    const data = new TextEncoder().encode(JSON.stringify(request));
    const options = { timeoutMs: timeoutMs + MARGIN_MS };
    const reply = await rpc.request(subjects.deviceScript(region), data, options);
    answer = ScriptAnswer.parse(JSON.parse(new TextDecoder().decode(reply)));
  } catch (error) {
    if (error instanceof NobodyServes) return again(`No poller serves the region ${region}.`);
    return { state: "unknown", reason: `The poller did not say how it went: ${messageOf(error)}` };
  }
  switch (answer.ended) {
    case "not_begun":
      if (answer.isUnreachable) return again(answer.detail);
      return { state: "failed", reason: `${answer.detail} Nothing was done.` };
    case "unknown":
      return { state: "unknown", reason: answer.detail };
  }
  const packed = Uint8Array.fromBase64(answer.gzip);
  const bytes = new Uint8Array(await decompress(packed, { maxOutputLength: MAX_BYTES }));
  const { isCut, hostKey } = answer;
  const output = { bytes, isCut };
  if (answer.ended === "whole") return { state: "done", reason: null, output, hostKey };
  const last = cleanOutput(bytes).split("\n").findLast((line) => line.trim() !== "") ?? "";
  const reason = `The router stopped at: ${last.trim().slice(0, 300)}`;
  return { state: "failed", reason, output, hostKey };
}
