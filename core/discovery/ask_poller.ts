import { HostFindings, HostQuestion, ProbeAnswer } from "@/core/contract/discovery.ts";
import type { TlsMode } from "@/core/contract/device.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";

const TIMEOUT_MS = 25_000;

export interface ProbeQuestion {
  address: string;
  port: number;
  tlsMode: TlsMode;
  tlsCa: string | null;
  region: string;
  /** A profile is decrypted by the poller alone. */
  login: { username: string; password: string } | { tenantId: TenantId; profileId: string };
}

/** What an address shows before a login. A poller of the region looks: only pollers reach routers. */
export async function examineAddress(rpc: Rpc, question: HostQuestion): Promise<HostFindings> {
  return HostFindings.parse(await ask(rpc, "examine", HostQuestion.parse(question)));
}

/** Connects and logs in; stores nothing. */
export async function probeRouter(rpc: Rpc, question: ProbeQuestion): Promise<ProbeAnswer> {
  return ProbeAnswer.parse(await ask(rpc, "probe", question));
}

async function ask(
  rpc: Rpc,
  command: string,
  { region, ...request }: { region: string },
): Promise<unknown> {
  const data = new TextEncoder().encode(JSON.stringify({ command, ...request }));
  const answer = await rpc.request(subjects.deviceCommand(region), data, { timeoutMs: TIMEOUT_MS });
  return JSON.parse(new TextDecoder().decode(answer));
}
