import type { ComponentChildren } from "preact";
import type { Device } from "@/core/contract/device.ts";
import type { FleetColumn } from "@/core/contract/fleet_views.ts";
import { ago, bps, celsius, count, duration, utc } from "@/core/contract/format.ts";
import { Meter } from "./Meter.tsx";
import { Score } from "./Score.tsx";
import { shownStatus, Status } from "./Status.tsx";
import { Tags } from "./Tags.tsx";

interface Look {
  label: string;
  isNumber?: boolean;
  /** Largest first is what one wants of a number, A first of a name. */
  fallsFirst?: boolean;
  /** How wide a screen must be for it while nobody chose columns. */
  from?: "sm" | "md" | "lg" | "xl";
  /** `now` in milliseconds, for the age of stale data; `beside`: the other columns that are shown. */
  cell: (device: Device, now: number, beside: readonly FleetColumn[]) => ComponentChildren;
}

/** How each column of the fleet table looks. */
export const FLEET_LOOKS: Record<FleetColumn, Look> = {
  status: { label: "Status", cell: (device, now) => <StatusCell device={device} now={now} /> },
  name: { label: "Router", cell: (device, _, beside) => <NameCell {...{ device, beside }} /> },
  address: { label: "Address", cell: (device) => <span class="mono">{endpoint(device)}</span> },
  site: { label: "Site", from: "lg", cell: ({ site }) => <bdi>{site ?? ""}</bdi> },
  tags: { label: "Tags", cell: ({ tags }) => <Tags tags={tags} most={8} /> },
  region: { label: "Region", cell: ({ region }) => region },
  profile: { label: "Login", cell: ({ profile }) => <bdi>{profile ?? "its own"}</bdi> },
  model: {
    label: "Model",
    from: "md",
    cell: ({ boardName, model }) => <bdi class="line-clamp-3">{boardName ?? model ?? ""}</bdi>,
  },
  serial: {
    label: "Serial number",
    cell: ({ serialNumber }) => <bdi class="mono">{serialNumber ?? ""}</bdi>,
  },
  version: {
    ...{ label: "Version", from: "sm" },
    cell: ({ version }) => <bdi class="whitespace-nowrap">{version ?? ""}</bdi>,
  },
  firmware: { label: "Firmware", cell: (device) => <FirmwareCell device={device} /> },
  cpu: {
    ...{ label: "CPU", fallsFirst: true },
    cell: ({ cpuPercent }) => <Meter value={cpuPercent} />,
  },
  memory: {
    ...{ label: "Memory", fallsFirst: true, from: "md" },
    cell: ({ memoryPercent }) => <Meter value={memoryPercent} />,
  },
  temperature: {
    ...{ label: "Temp.", isNumber: true, fallsFirst: true, from: "xl" },
    cell: ({ temperatureC }) => celsius(temperatureC),
  },
  rx: {
    ...{ label: "Rx", isNumber: true, fallsFirst: true, from: "sm" },
    cell: ({ rxBps }) => bps(rxBps),
  },
  tx: {
    ...{ label: "Tx", isNumber: true, fallsFirst: true, from: "sm" },
    cell: ({ txBps }) => bps(txBps),
  },
  clients: {
    ...{ label: "Clients", isNumber: true, fallsFirst: true, from: "lg" },
    cell: ({ wirelessClients }) => count(wirelessClients),
  },
  uptime: {
    ...{ label: "Uptime", isNumber: true, fallsFirst: true, from: "xl" },
    cell: ({ uptimeSeconds }) => duration(uptimeSeconds),
  },
  health: {
    ...{ label: "Health", isNumber: true },
    cell: ({ healthScore, healthReasons }) => <Score score={healthScore} reasons={healthReasons} />,
  },
  seen: {
    ...{ label: "Last reading", isNumber: true, fallsFirst: true },
    cell: ({ sampledAt }, now) =>
      sampledAt ? <span title={utc(sampledAt)}>{ago(sampledAt, now)}</span> : "",
  },
  interval: {
    ...{ label: "Polled every", isNumber: true },
    cell: ({ pollIntervalSeconds }) =>
      pollIntervalSeconds === null ? "default" : duration(pollIntervalSeconds),
  },
};

const FROM = {
  sm: "hidden sm:table-cell",
  md: "hidden md:table-cell",
  lg: "hidden lg:table-cell",
  xl: "hidden xl:table-cell",
} as const;

/** Classes of a column's cells; chosen columns show on every screen. */
export function cellClass(column: FleetColumn, isChosen: boolean): string {
  const { isNumber, from } = FLEET_LOOKS[column];
  return [
    ...(isNumber ? ["num"] : []),
    ...(from && !isChosen ? [FROM[from]] : []),
    ...(column === "name" ? ["min-w-32 sm:min-w-44"] : []),
  ].join(" ");
}

const isOld = ({ status, sampledAt }: Device) => status !== "online" && sampledAt !== null;

/** Of figures that are not of now. */
export function rowClass(device: Device): string | undefined {
  return isOld(device) ? "text-text-2" : undefined;
}

function StatusCell({ device, now }: { device: Device; now: number }) {
  return (
    <>
      <Status status={shownStatus(device)} />
      {isOld(device) && (
        <div class="text-xs text-text-3" title={utc(device.sampledAt!)}>
          seen {ago(device.sampledAt, now)}
        </div>
      )}
    </>
  );
}

function NameCell({ device, beside }: { device: Device; beside: readonly FleetColumn[] }) {
  return (
    <>
      <a class="line-clamp-3 font-medium hover:underline" href={`/devices/${device.id}`}>
        <bdi>{device.name}</bdi>
      </a>
      {!beside.includes("address") && <div class="mono text-text-3">{endpoint(device)}</div>}
      {device.tags.length > 0 && !beside.includes("tags") && <Tags tags={device.tags} most={2} />}
    </>
  );
}

function FirmwareCell({ device: { firmwareCurrent, firmwareUpgrade } }: { device: Device }) {
  if (!firmwareCurrent) return null;
  const isBehind = firmwareUpgrade !== null && firmwareUpgrade !== firmwareCurrent;
  return (
    <bdi class={isBehind ? "text-warn" : undefined}>
      {isBehind ? `${firmwareCurrent} → ${firmwareUpgrade}` : firmwareCurrent}
    </bdi>
  );
}

/** The port only where it is not the usual one. */
function endpoint({ address, port }: Device): string {
  return port === 8728 || port === 8729 ? address : `${address}:${port}`;
}
