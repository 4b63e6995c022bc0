import { runAuditJobs } from "@/core/audit/jobs.ts";
import { firstRunToken } from "@/core/auth/first_run.ts";
import { type Config, describeConfig, readConfig } from "@/core/config.ts";
import { stderrLog } from "@/core/json_log.ts";
import { runLogIngest } from "@/core/device_logs/ingest_logs.ts";
import { runLogJobs } from "@/core/device_logs/log_jobs.ts";
import { keepLogHouse } from "@/core/device_logs/log_partitions.ts";
import { drainBus, handleSignals, type Role, runRoles } from "@/core/lifecycle.ts";
import { pushItemWith } from "@/core/bulk_jobs/push_items.ts";
import { runBulkJobs } from "@/core/bulk_jobs/jobs.ts";
import { runComplianceJobs } from "@/core/compliance/jobs.ts";
import { runBinaryJobs } from "@/core/binary_backups/run_jobs.ts";
import { runBackupJobs } from "@/core/configs/jobs.ts";
import { runConfigRetention } from "@/core/configs/retention_jobs.ts";
import { runPushJobs } from "@/core/pushes/jobs.ts";
import type { Logger } from "@/core/log.ts";
import { runDiscovery } from "@/core/discovery/run.ts";
import { runIngest } from "@/core/metrics/ingest.ts";
import { keepHouse, runMetricJobs } from "@/core/metrics/jobs.ts";
import { serveMetrics } from "@/core/metrics_server.ts";
import { observeProcess } from "@/core/observe.ts";
import { openPlatform, type Platform } from "@/core/platform.ts";
import { runTopologyJobs } from "@/core/topology/jobs.ts";
import { productVersion } from "@/core/version.ts";
import { startPoller } from "@/poller/mod.ts";
import { startHttp } from "@/routes/mod.ts";

/** `tod serve`: the configured roles until a signal. */
export async function serve(args: string[], env: Record<string, string>): Promise<number> {
  const config = readConfig({ args, env });
  const log = stderrLog(config.log.level);
  log.info("starting", { version: productVersion(), settings: describeConfig({ args, env }) });
  await serveConfig(config, log, (platform) => greetFirstUser(platform));
  return 0;
}

/** Nobody can sign in yet: shows the link that sets the installation up. Not through the log, which is kept. */
async function greetFirstUser(platform: Platform): Promise<void> {
  const { roles, http: { publicUrl, host, port } } = platform.config;
  if (!roles.includes("api")) return;
  const token = await firstRunToken(platform);
  if (token === undefined) return;
  platform.log.info("nobody can sign in yet: the link to set it up is on the standard output");
  const origin = publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  console.log(`
Nobody can sign in yet. Set TOD up with this link; it works once, within a day, and each start
makes a new one:

  ${origin}/enrol#${token}
`);
}

/** Opens the platform, runs the roles, closes in reverse. `onReady` runs beside them. */
export async function serveConfig(
  config: Config,
  log: Logger,
  onReady: (platform: Platform, signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  using signals = handleSignals(log);
  const { stop } = signals;
  failLoudly(log);
  await using platform = await openPlatform(config, log);
  using _observed = observeProcess(platform.registry);
  platform.failed.catch((error) => {
    log.error("stopping: the database is gone", { error });
    stop.abort();
    // The roles end in order, but what they stand on is gone: the exit must say so.
    Deno.exitCode = 1;
  });
  if (stop.signal.aborted) return;
  await runRoles(rolesOf(config, onReady), platform, stop);
  log.info("stopped");
}

function rolesOf(
  { roles }: Config,
  onReady: (platform: Platform, signal: AbortSignal) => Promise<void>,
): Map<string, Role> {
  // In the order of who needs whom: they end in reverse. Requests first, then the polls under way, and
  // what those published is stored before ingest ends.
  const running = new Map<string, Role>([["metrics", serveMetrics]]);
  const has = (role: Config["roles"][number]) => roles.includes(role);
  if (has("api")) {
    running.set("ingest", ingest);
    running.set("jobs", runMetricJobs);
    running.set("log-jobs", runLogJobs);
    running.set("audit", runAuditJobs);
    running.set("topology", runTopologyJobs);
    running.set("discovery", runDiscovery);
    running.set("backups", runBackupJobs);
    running.set("binary-backups", runBinaryJobs);
    running.set("config-retention", runConfigRetention);
    running.set("bulk-jobs", runBulk);
    running.set("compliance", runComplianceJobs);
  }
  if (has("poller")) running.set("poller", startPoller);
  // They need the poller to the last step.
  if (has("api")) running.set("pushes", runPushJobs);
  if (has("api") || has("web")) running.set("http", startHttp);
  running.set("ready", async (platform, signal) => {
    await onReady(platform, signal);
    platform.log.info("ready");
    if (signal.aborted) return;
    await new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true })
    );
  });
  return running;
}

/** Jobs on many routers, each push of them by the engine of pushes. */
function runBulk(platform: Platform, signal: AbortSignal): Promise<void> {
  const deps = { ...platform, backupHour: platform.config.backups.hour };
  return runBulkJobs({ ...platform, pushItem: pushItemWith(deps) }, signal);
}

async function ingest(platform: Platform, signal: AbortSignal): Promise<void> {
  // Samples and log lines need their partitions before they come.
  await keepHouse(platform);
  await keepLogHouse({ ...platform, nowMs: platform.clock.now() });
  const stop = new AbortController();
  signal.addEventListener("abort", async () => {
    try {
      if (!platform.config.bus.natsUrl) await drainBus(platform);
    } finally {
      stop.abort();
    }
  }, { once: true });
  if (signal.aborted) return;
  await Promise.all([runIngest(platform, stop.signal), runLogIngest(platform, stop.signal)]);
}

/** What nobody caught ends the process: going on in an unknown state would be worse. */
function failLoudly(log: Logger): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("an error nobody caught: ending", { error: event.reason });
    Deno.exit(70);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("an error nobody caught: ending", { error: event.error });
    Deno.exit(70);
  });
}
