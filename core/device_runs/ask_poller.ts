import { NotFound } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { ControlAnswer, type ControlRequest } from "./protocol.ts";

const ANSWER_MS = 3_000;
/** A router has five seconds to end a command that was cancelled. */
const CANCEL_MS = 10_000;

export const toBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(value));
export const fromBytes = (data: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(data));

/**
 * Asks the poller that has a run. The tenant is in the subject, so a run of another is nobody's.
 *
 * @throws {NotFound} if no poller has it (any more)
 */
export async function askRun(
  rpc: Rpc,
  tenantId: TenantId,
  run: string,
  request: ControlRequest,
): Promise<ControlAnswer> {
  const timeoutMs = request.type === "cancel" ? CANCEL_MS : ANSWER_MS;
  const subject = subjects.runControl(tenantId, run);
  try {
    return ControlAnswer.parse(
      fromBytes(await rpc.request(subject, toBytes(request), { timeoutMs })),
    );
  } catch (error) {
    if (error instanceof NobodyServes) {
      throw new NotFound("Cannot find this run: it is over, or never was", { cause: error });
    }
    throw error;
  }
}
