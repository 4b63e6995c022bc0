import type { TenantId } from "@/core/scope.ts";

/** Every subject of the bus, built here and nowhere else. The tenant is in the subject, never in a message. */
export const subjects = {
  /** Durable: one `PollReport` a message. */
  report: (tenant: TenantId, device: string) => `tod.sample.${tenant}.${device}`,
  everyReport: "tod.sample.>",
  /** Durable: one `LogReport` a message. */
  deviceLog: (tenant: TenantId, device: string) => `tod.device_log.${tenant}.${device}`,
  everyDeviceLog: "tod.device_log.>",
  /** Live: `LiveLog`s, lines of one device as they are stored; `*` for all devices of the tenant. */
  liveLog: (tenant: TenantId, device: string) => `tod.log_live.${tenant}.${device}`,
  /** Live: `LiveBatch`es of one tenant, for the fleet pages. */
  live: (tenant: TenantId) => `tod.live.${tenant}`,
  /** Live: the whole last sample of one device, for its page. */
  liveDevice: (tenant: TenantId, device: string) => `tod.device_live.${tenant}.${device}`,
  /** Live: a device of this region was added, changed or removed; the poller reads it again. */
  deviceChanged: (region: string) => `tod.device_changed.${region}`,
  /** Live: the routers of a credential profile have another login; the pollers read them again. */
  profileChanged: (region: string) => `tod.profile_changed.${region}`,
  /** Live: links of this tenant were worked out anew. */
  topologyChanged: (tenant: TenantId) => `tod.topology_changed.${tenant}`,
  everyTopologyChange: "tod.topology_changed.*",
  /** Live: somebody's rights changed somewhere; open streams look again whether they may go on. */
  accessChanged: "tod.access_changed",
  /** Request/reply: commands to routers of a region. */
  deviceCommand: (region: string) => `tod.device_cmd.${region}`,
  /** Request/reply: the configuration of a router of a region. */
  deviceExport: (region: string) => `tod.device_export.${region}`,
  /** Request/reply: a script for a router of a region, run by SSH. */
  deviceScript: (region: string) => `tod.device_script.${region}`,
  /** Live: a bulk job went on; `JobNews`. */
  bulkJob: (tenant: TenantId, job: string) => `tod.bulk_job.${tenant}.${job}`,
  /** Live: somebody made, paused, resumed, aborted or retried a bulk job; who drives it looks at once. */
  bulkJobAct: (tenant: TenantId, job: string) => `tod.bulk_job_act.${tenant}.${job}`,
  everyBulkJobAct: "tod.bulk_job_act.>",
  /** Request/reply: a poller of the region fetches a router's file, or takes one to put there. */
  fileOpen: (region: string) => `tod.file_open.${region}`,
  /** Live: a restore of this device went on; its page reads it again. */
  binaryRestore: (tenant: TenantId, device: string) => `tod.binary_restore.${tenant}.${device}`,
  /** Request/reply: with the one poller that has this transfer. */
  file: (tenant: TenantId, transfer: string) => `tod.file.${tenant}.${transfer}`,
  /** Request/reply: a poller of the region connects to a router and holds the session. */
  linkOpen: (region: string) => `tod.link_open.${region}`,
  /** Request/reply: with the one poller that holds this session. */
  link: (tenant: TenantId, link: string) => `tod.link.${tenant}.${link}`,
  /** Live: a push of this tenant went on; the message is `PushNews`. */
  pushChanged: (tenant: TenantId) => `tod.push_changed.${tenant}`,
  /** Request/reply: a poller of the region takes a scan. */
  scanStart: (region: string) => `tod.scan_start.${region}`,
  /** Request/reply: a poller says how its scan goes; the answer, whether to go on. */
  scanReport: "tod.scan_report",
  /** Live: news of one scan, for its page. */
  scan: (tenant: TenantId, scan: string) => `tod.scan.${tenant}.${scan}`,
  /** Request/reply: a poller of the region takes a live run. */
  runStart: (region: string) => `tod.run_start.${region}`,
  /** Request/reply: with the one poller that has this run; nobody serves it once the run is gone. */
  runControl: (tenant: TenantId, run: string) => `tod.run_ctl.${tenant}.${run}`,
  /** Live: what a run tells its followers. */
  run: (tenant: TenantId, run: string) => `tod.run.${tenant}.${run}`,
} as const;

/** Tenant and device of a report's subject; `undefined` when it is no such subject. */
export function parseReportSubject(subject: string): DeviceSubject | undefined {
  return parseDeviceSubject(subject, "sample");
}

/** The same of log lines. */
export function parseDeviceLogSubject(subject: string): DeviceSubject | undefined {
  return parseDeviceSubject(subject, "device_log");
}

interface DeviceSubject {
  tenantId: TenantId;
  deviceId: string;
}

function parseDeviceSubject(subject: string, wanted: string): DeviceSubject | undefined {
  const [root, kind, tenantId, deviceId, ...rest] = subject.split(".");
  if (root !== "tod" || kind !== wanted || !tenantId || !deviceId || rest.length > 0) return;
  return { tenantId: tenantId as TenantId, deviceId };
}
