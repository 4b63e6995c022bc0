import { z } from "zod";
import { PortState } from "@/core/contract/discovery.ts";
import type { PushProbe } from "@/core/contract/pushes.ts";
import { messageOf } from "@/core/errors.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { PushRecord } from "@/core/push/record.ts";
import { byteString, type RouterConnection } from "@/core/router_link/link.ts";
import { subjects } from "@/core/subjects.ts";

export interface ProbeOutcome {
  ok: boolean;
  detail: string;
}

const PINGS = 3;
const PING_MS = 15_000;
const KNOCK_MS = 10_000;
const KnockAnswer = z.object({ state: PortState });

/** Whether something else still works on a router. Never throws: what cannot be found out does not work. */
export async function probeRouter(
  deps: { db: Db; rpc: Rpc },
  record: Pick<PushRecord, "tenantId" | "deviceId">,
  probe: PushProbe,
  connection: RouterConnection,
): Promise<ProbeOutcome> {
  try {
    if (probe.kind === "ping") return await ping(probe.address, connection);
    if (probe.kind === "neighbor") return await neighbor(probe.identity, connection);
    return await knock(deps, record, probe.port);
  } catch (error) {
    return { ok: false, detail: `${describeProbe(probe)}: ${messageOf(error)}` };
  }
}

/** In words: "ping of 192.0.2.1". */
export function describeProbe(probe: PushProbe): string {
  if (probe.kind === "ping") return `ping of ${probe.address}`;
  return probe.kind === "port" ? `TCP port ${probe.port}` : `neighbour ${probe.identity}`;
}

async function ping(address: string, connection: RouterConnection): Promise<ProbeOutcome> {
  const { rows } = await connection.run("/ping", {
    attributes: { address: byteString(address), count: String(PINGS) },
    deadlineMs: PING_MS,
  });
  const received = Math.max(0, ...rows.map((row) => Number(row["received"] ?? 0) || 0));
  return received > 0
    ? { ok: true, detail: `${address} answers the router's ping (${received} of ${PINGS})` }
    : { ok: false, detail: `${address} does not answer the router's ping` };
}

async function neighbor(identity: string, connection: RouterConnection): Promise<ProbeOutcome> {
  const { rows } = await connection.run("/ip/neighbor/print", {
    queries: [`identity=${identity}`],
    proplist: ["identity", "interface"],
  });
  return rows.length > 0
    ? { ok: true, detail: `the router sees its neighbour ${identity}` }
    : { ok: false, detail: `the router does not see its neighbour ${identity}` };
}

/** From a poller: only pollers reach routers. */
async function knock(
  { db, rpc }: { db: Db; rpc: Rpc },
  { tenantId, deviceId }: Pick<PushRecord, "tenantId" | "deviceId">,
  port: number,
): Promise<ProbeOutcome> {
  const [device] = await db.tenant(
    tenantId,
    (sql) =>
      sql<{ address: string; region: string }[]>`
        select address, region from devices where id = ${deviceId}`,
  );
  if (!device) return { ok: false, detail: "the router was removed" };
  const request = { command: "knock", address: device.address, port };
  const data = new TextEncoder().encode(JSON.stringify(request));
  const subject = subjects.deviceCommand(device.region);
  const answer = await rpc.request(subject, data, { timeoutMs: KNOCK_MS });
  const { state } = KnockAnswer.parse(JSON.parse(new TextDecoder().decode(answer)));
  return state === "open"
    ? { ok: true, detail: `port ${port} accepts connections` }
    : { ok: false, detail: `port ${port} is ${state}` };
}
