import { Registry } from "prom-client";
import { ClientHistory } from "@/core/clients/client_history.ts";
import type { DeviceSample, PollReport } from "@/core/contract/sample.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import type { TenantId } from "@/core/scope.ts";
import type { TestDb } from "./databases.ts";
import { silentLog } from "./log.ts";
import { insertDevice } from "./devices.ts";
import { makeInterface, makeSample, makeStatus } from "./samples.ts";

/** What a router can be told to call itself and everything on it. */
export const HOSTILE = [
  `<script>document.title="taken"</script><img src=x onerror=alert(1)>`,
  `=HYPERLINK("http://192.0.2.1","x")\u001b[2J\u001b]0;taken\u0007`,
  `\u202eevil\u202c ${"long".repeat(900)} مرحبا 🛰️`,
] as const;

/** Three routers whose every string attacks whoever shows it, through ingest; answers their ids. */
export async function plantHostileFleet(
  { db, ...test }: TestDb,
  tenantId: TenantId,
  now: number,
): Promise<string[]> {
  await ensureMetricPartitions(db, now - 86_400_000, now + 86_400_000);
  const previous = new PreviousReadings();
  const history = new ClientHistory({ db, log: silentLog, registry: new Registry() });
  const write = (report: PollReport, atMs: number) =>
    writeReports({ db, previous, nowMs: now }, tenantId, [{ tenantId, report, atMs }]);
  const ids: string[] = [];
  for (const [index, text] of HOSTILE.entries()) {
    const id = await insertDevice({ db, ...test }, tenantId, { name: null });
    ids.push(id);
    for (const ago of [120_000, 60_000, 0]) {
      const parts = hostileParts(text, 1_000_000_000 - ago * 1_000);
      const sample = makeSample(id, now - ago, parts);
      await write(sample, now - ago);
      await history.record(tenantId, [sample]);
    }
    if (index === 1) {
      await write(makeStatus(id, now, "offline", { detail: text.slice(0, 500) }), now);
    }
  }
  return ids;
}

function hostileParts(text: string, bytes: number): Partial<DeviceSample> {
  return {
    system: makeSample("", 0, { system: { identity: text, boardName: text, model: text } }).system,
    interfaces: [
      makeInterface("ether1", bytes, bytes / 2, { comment: text }),
      makeInterface(text.slice(0, 200), bytes, bytes / 4, { isRunning: false, comment: text }),
    ],
    wireless: {
      drivers: ["wifi"],
      radios: [{
        ...{ interface: "wifi1", ssid: text, band: text, channel: text, frequencyMhz: 5_500 },
        ...{ noiseDbm: -100, ccqPercent: null, clients: 1 },
      }],
      clients: [{
        ...{ interface: "wifi1", macAddress: "02:00:00:00:00:01", ssid: text, signalDbm: -60 },
        ...{ snrDb: 40, ccqPercent: null, txRateBps: 1e8, rxRateBps: 1e8, uptimeSeconds: 60 },
        lastIp: text.slice(0, 40),
      }],
    },
    neighbors: [{
      ...{ interface: "ether1", address: "192.0.2.9", macAddress: "02:00:00:00:00:02" },
      ...{ identity: text, platform: text, board: text, version: text, remoteInterface: text },
      discoveredBy: "lldp",
    }],
    clients: {
      clients: [
        {
          ...{ macAddress: "02:00:00:00:00:01", addresses: ["192.0.2.7"], interface: text },
          ...{ port: text, hostName: text, comment: text, isHere: true },
          lease: { status: text, isReserved: true },
        },
        {
          ...{ addresses: [text.slice(0, 45)], interface: text, isHere: true },
          ppp: { name: text, service: text, uptimeSeconds: 60 },
        },
      ],
      isCut: true,
    },
    packages: [{ name: text.slice(0, 200), version: text, isDisabled: false }],
  };
}
