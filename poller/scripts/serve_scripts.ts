import { ScriptRequest } from "@/core/contract/device_script.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import { subjects } from "@/core/subjects.ts";
import { runScript, type ScriptDeps } from "./run_script.ts";

/** Apart from exports and polls: a hundred slow commands hold up nobody else. */
const AT_ONCE = 48;

/** Runs scripts for bulk jobs until `signal` aborts. */
export async function serveScripts(
  deps: ScriptDeps & { rpc: Rpc },
  signal: AbortSignal,
): Promise<void> {
  const options = { group: "pollers", concurrency: AT_ONCE, signal };
  await deps.rpc.serve(subjects.deviceScript(deps.region), options, async (data) => {
    const request = ScriptRequest.parse(JSON.parse(new TextDecoder().decode(data)));
    return new TextEncoder().encode(JSON.stringify(await runScript(deps, request, signal)));
  });
}
