import type { RunInfo } from "@/core/contract/device_runs.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Scope } from "@/core/scope.ts";
import { askRun } from "./ask_poller.ts";
import { lookAtRun } from "./follow_run.ts";

/**
 * Stops a run: answers when the router has ended the command (or its session is closed). One that is
 * over already stays as it is.
 *
 * @throws {NotFound} if the tenant has no such run
 * @throws {Forbidden} if the scope may not what the run's kind needs
 */
export async function cancelRun(
  scope: Scope,
  { rpc }: { rpc: Rpc },
  run: string,
): Promise<RunInfo> {
  const info = await lookAtRun(scope, { rpc }, run);
  if (info.state === "ended") return info;
  return (await askRun(rpc, scope.tenantId, run, { type: "cancel" })).info;
}
