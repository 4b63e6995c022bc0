import type { InterfaceState, TlsMode } from "@/core/contract/device.ts";
import type { DeviceSample, StatusReport } from "@/core/contract/sample.ts";
import type { NewEvent } from "@/core/events/events.ts";
import { healthScore } from "./health_score.ts";
import { real } from "./insert_samples.ts";
import type { LatestRow } from "./latest_row.ts";
import { byName, countDown, type Previous } from "./previous_readings.ts";
import { hasRebooted, interfaceRates, NO_RATES } from "./rates.ts";
import { sampleFigures } from "./sample_figures.ts";

export interface TrackedDevice {
  id: string;
  givenName: string | null;
  address: string;
  region: string;
  tlsMode: TlsMode;
  tlsFingerprint: string | null;
  /** Of the last edit, ms since the epoch. */
  updatedAtMs: number;
}

export interface StatusChange {
  deviceId: string;
  at: string;
  status: "online" | "offline" | "unknown";
  reason: string;
  detail: string | null;
}

/** The sections of a sample that are kept as they are. */
const STATE_SECTIONS = [
  "wireless",
  "neighbors",
  "clients",
  "sensors",
  "counts",
  "routes",
  "peers",
  "poe",
  "optics",
  "packages",
] as const;
export interface StateRow {
  section: "interfaces" | typeof STATE_SECTIONS[number];
  sampledAt: string;
  data: unknown;
}

/**
 * One device through one batch: reports are applied in time order to what the database knew, and what
 * came of it is collected for one write. Touches nothing outside itself.
 */
export class DeviceTrack {
  readonly changes: StatusChange[] = [];
  readonly events: NewEvent[] = [];
  readonly state = new Map<string, StateRow>();
  /** The newest sample applied, with rates; for live pages. */
  newest: { sample: DeviceSample; interfaces: InterfaceState[] | undefined } | undefined;
  /** The fingerprint to pin. */
  pin: string | undefined;
  isChanged = false;
  latest: LatestRow;
  previous: Previous;

  constructor(readonly device: TrackedDevice, latest: LatestRow, previous: Previous) {
    this.latest = latest;
    this.previous = previous;
  }

  /** Answers the interfaces with their rates. A sample older than the newest known gets none. */
  applySample(sample: DeviceSample): InterfaceState[] | undefined {
    const atMs = Date.parse(sample.sampledAt);
    const isNewer = this.latest.sampledAt === null || atMs > Date.parse(this.latest.sampledAt);
    if (!isNewer) return sample.interfaces?.map((reading) => ({ ...reading, ...NO_RATES }));
    const { system } = sample;
    const before = this.latest;
    const rebooted = before.sampledAt !== null && before.uptimeSeconds !== null && hasRebooted(
      { atMs: Date.parse(before.sampledAt), uptimeSeconds: before.uptimeSeconds },
      { atMs, uptimeSeconds: system.uptimeSeconds },
    );
    const flaps = this.#linkFlaps(sample, rebooted);
    const interfaces = this.#rated(sample, atMs, rebooted);
    this.previous = {
      interfacesAtMs: sample.interfaces ? atMs : this.previous.interfacesAtMs,
      interfaces: sample.interfaces ? byName(sample.interfaces) : this.previous.interfaces,
      sensors: sample.sensors ?? this.previous.sensors,
      peersDown: sample.peers ? countDown(sample.peers) : this.previous.peersDown,
    };
    const figures = sampleFigures(sample, interfaces);
    const hasNoRates = rebooted || interfaces === undefined;
    this.latest = {
      ...before,
      sampledAt: sample.sampledAt,
      identity: system.identity,
      version: system.version,
      channel: system.channel,
      boardName: system.boardName,
      model: system.model ?? before.model,
      serialNumber: system.serialNumber ?? before.serialNumber,
      architecture: system.architecture,
      firmwareCurrent: system.firmwareCurrent ?? before.firmwareCurrent,
      firmwareUpgrade: system.firmwareUpgrade ?? before.firmwareUpgrade,
      cpuPercent: system.cpuPercent,
      memoryPercent: figures.memoryPercent,
      diskPercent: figures.diskPercent,
      temperatureC: sample.sensors ? real(figures.temperatureC) : before.temperatureC,
      voltageV: sample.sensors ? real(figures.voltageV) : before.voltageV,
      rxBps: figures.rxBps ?? (hasNoRates ? null : before.rxBps),
      txBps: figures.txBps ?? (hasNoRates ? null : before.txBps),
      wirelessClients: figures.wirelessClients ?? before.wirelessClients,
      uptimeSeconds: system.uptimeSeconds,
      bootedAt: before.bootedAt !== null && !rebooted
        ? before.bootedAt
        : new Date(atMs - system.uptimeSeconds * 1_000).toISOString(),
    };
    this.newest = { sample, interfaces };
    this.isChanged = true;
    this.#keepState(sample, interfaces);
    if (rebooted) {
      this.#tell(sample.sampledAt, "device.rebooted", "warning", "restarted", {
        uptimeSeconds: system.uptimeSeconds,
      });
    }
    if (before.version !== null && before.version !== "" && before.version !== system.version) {
      const what = `went from RouterOS ${before.version} to ${system.version}`;
      this.#tell(sample.sampledAt, "device.version_changed", "info", what);
    }
    this.#pinCertificate(sample, atMs);
    this.#setStatus(sample.sampledAt, "online", "polled", null);
    this.#score({
      badBlocksPercent: system.badBlocksPercent,
      errorsPerSecond: figures.errorsPerSecond,
      linkFlaps: flaps,
    });
    return interfaces;
  }

  applyStatus(report: StatusReport): void {
    if (report.reason === "certificate_changed" && this.latest.reason !== report.reason) {
      this.#tell(report.at, "device.certificate_changed", "critical", `: ${report.detail}`);
    }
    this.#setStatus(report.at, report.status, report.reason, report.detail);
    this.#score({ badBlocksPercent: null, errorsPerSecond: null, linkFlaps: 0 });
  }

  get name(): string {
    return this.device.givenName ?? (this.latest.identity || this.device.address);
  }

  #setStatus(
    at: string,
    status: StatusChange["status"],
    reason: LatestRow["reason"],
    detail: string | null,
  ): void {
    const { latest } = this;
    // A report that was overtaken says how it was, not how it is.
    if (latest.statusSince !== null && Date.parse(at) < Date.parse(latest.statusSince)) return;
    const sampledMs = latest.sampledAt === null ? -Infinity : Date.parse(latest.sampledAt);
    if (status === "offline" && Date.parse(at) < sampledMs) return;
    const isSame = latest.status === status;
    if (isSame && latest.reason === reason && latest.statusDetail === detail) return;
    const statusSince = isSame ? latest.statusSince ?? at : at;
    this.latest = { ...latest, status, reason, statusDetail: detail, statusSince };
    this.isChanged = true;
    if (isSame) return;
    this.changes.push({ deviceId: this.device.id, at, status, reason, detail });
    const what = {
      online: latest.status === "pending" ? "answered for the first time" : "is back online",
      offline: `is offline: ${detail || reason}`,
      unknown: `cannot be judged now: ${detail || reason}`,
    }[status];
    const severity = { online: "info", offline: "critical", unknown: "warning" } as const;
    this.#tell(at, `device.${status}`, severity[status], what, { reason });
  }

  /** The first contact pins; an edit made after the poll began may have changed the address. */
  #pinCertificate({ tlsFingerprint, sampledAt }: DeviceSample, atMs: number): void {
    const { device } = this;
    const pins = device.tlsMode === "pinned" || device.tlsMode === "legacy";
    if (!pins || !tlsFingerprint || device.tlsFingerprint !== null || this.pin !== undefined) {
      return;
    }
    if (!/^[0-9a-f]{64}$/.test(tlsFingerprint) || atMs < device.updatedAtMs) return;
    this.pin = tlsFingerprint;
    const what = `: pinned its certificate ${tlsFingerprint.slice(0, 16)}…`;
    this.#tell(sampledAt, "device.certificate_pinned", "info", what, { tlsFingerprint });
  }

  #rated(sample: DeviceSample, atMs: number, rebooted: boolean): InterfaceState[] | undefined {
    const { interfaces, interfacesAtMs } = this.previous;
    const elapsedMs = atMs - interfacesAtMs;
    const isBroken = rebooted || sample.system.uptimeSeconds * 1_000 < elapsedMs - 1_000;
    return sample.interfaces?.map((reading) => {
      const before = isBroken ? undefined : interfaces.get(reading.name);
      const speed = reading.speedBps ?? before?.speedBps ?? null;
      const rates = before ? interfaceRates(before, reading, elapsedMs, speed) : NO_RATES;
      return { ...reading, ...rates };
    });
  }

  #linkFlaps(sample: DeviceSample, rebooted: boolean): number {
    if (rebooted) return 0;
    return (sample.interfaces ?? []).reduce((sum, { name, linkDowns }) => {
      const before = this.previous.interfaces.get(name)?.linkDowns;
      return sum + (before == null || linkDowns === null ? 0 : Math.max(linkDowns - before, 0));
    }, 0);
  }

  #keepState(sample: DeviceSample, interfaces: InterfaceState[] | undefined): void {
    const { sampledAt } = sample;
    if (interfaces) {
      this.state.set("interfaces", { section: "interfaces", sampledAt, data: interfaces });
    }
    for (const section of STATE_SECTIONS) {
      const data = sample[section];
      if (data !== undefined) this.state.set(section, { section, sampledAt, data });
    }
  }

  #score(
    now: { badBlocksPercent: number | null; errorsPerSecond: number | null; linkFlaps: number },
  ): void {
    const { latest } = this;
    const { score, reasons } = healthScore({
      ...latest,
      ...now,
      sensors: this.previous.sensors,
      peersDown: this.previous.peersDown,
    });
    this.latest = { ...latest, healthScore: score, healthReasons: reasons };
  }

  #tell(
    at: string,
    kind: NewEvent["kind"],
    severity: NewEvent["severity"],
    what: string,
    data: Record<string, unknown> = {},
  ): void {
    const { name } = this;
    const message = what.startsWith(":") ? `${name}${what}` : `${name} ${what}`;
    this.events.push({
      at,
      kind,
      severity,
      deviceId: this.device.id,
      deviceName: name,
      message,
      data,
    });
  }
}
