import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { describeConfig, readConfig } from "@/core/config.ts";
import { messageOf } from "@/core/errors.ts";
import { checkDependencies } from "@/core/health.ts";
import { stderrLog } from "@/core/json_log.ts";
import { openPlatform } from "@/core/platform.ts";
import { productVersion } from "@/core/version.ts";

interface Finding {
  name: string;
  isOk: boolean;
  detail: string;
  /** What to do about it. */
  fix?: string;
}

/** `tod doctor`: checks what the configured process stands on. Exit code 1 when something is wrong. */
export async function doctor(args: string[], env: Record<string, string>): Promise<number> {
  const isJson = args.includes("--json");
  const settings = args.filter((arg) => arg !== "--json");
  const findings: Finding[] = [
    { name: "version", isOk: true, detail: `${productVersion()} on Deno ${Deno.version.deno}` },
    ...await checkMachine(settings, env),
  ];
  const isSound = findings.every(({ isOk }) => isOk);
  if (isJson) console.log(JSON.stringify({ ok: isSound, findings }, null, 2));
  else {
    for (const { name, isOk, detail, fix } of findings) {
      console.log(`${isOk ? "ok  " : "FAIL"}  ${name.padEnd(12)} ${detail}`);
      if (!isOk && fix) console.log(`      ${" ".repeat(12)} → ${fix}`);
    }
  }
  return isSound ? 0 : 1;
}

async function checkMachine(args: string[], env: Record<string, string>): Promise<Finding[]> {
  let config;
  try {
    config = readConfig({ args, env });
  } catch (error) {
    return [{
      name: "config",
      isOk: false,
      detail: messageOf(error),
      fix: "see docs/configuration.md",
    }];
  }
  const given =
    Object.values(describeConfig({ args, env })).filter((value) => value !== null).length;
  const findings: Finding[] = [
    { name: "config", isOk: true, detail: `${config.roles.join(", ")}; ${given} settings` },
    checkClock(),
    ...config.database.mode === "embedded" ? [await checkDisk(config.dataDir)] : [],
    ...config.roles.includes("poller") ? [checkLegacyTls()] : [],
  ];
  try {
    // "error": the doctor speaks for itself, the log would repeat it.
    await using platform = await openPlatform(config, stderrLog("error"));
    for (const { name, isReady, detail, ms } of await checkDependencies(platform)) {
      findings.push({ name, isOk: isReady, detail: `${detail} (${ms} ms)`, fix: FIX[name] });
    }
  } catch (error) {
    const isRunning = /another instance holds it/.test(messageOf(error));
    findings.push({
      name: "platform",
      isOk: isRunning,
      detail: isRunning ? `in use: ask the running instance at /health/ready` : messageOf(error),
      fix: "start what it names, then run doctor again",
    });
  }
  return findings;
}

const FIX = {
  database: "check TOD_DATABASE_URL and that the server runs",
  bus: "check TOD_NATS_URL and that NATS runs with JetStream",
  locks: "check TOD_REDIS_URL and that Redis runs",
  kms: "check TOD_OPENBAO_ADDRESS, its token and that it is unsealed",
  api: "check TOD_API_URL and that the api role runs",
};

/** Certificates and schedules need a clock that is roughly right. */
function checkClock(): Finding {
  const year = new Date().getUTCFullYear();
  const isOk = year >= 2026 && year < 2100;
  return { name: "clock", isOk, detail: new Date().toISOString(), fix: "set the time, use NTP" };
}

const LEAST_FREE_BYTES = 2 ** 30;

/** PostgreSQL stops on a full disk. Looks at the nearest folder that exists: it may be the first start. */
async function checkDisk(dataDir: string): Promise<Finding> {
  const fix = `make room, or set TOD_DATA_DIR to another disk`;
  for (let dir = dataDir;; dir = dirname(dir)) {
    try {
      const { bavail, bsize } = await statfs(dir);
      const free = bavail * bsize;
      const detail = `${(free / 2 ** 30).toFixed(1)} GiB free at ${dir}`;
      return { name: "disk", isOk: free >= LEAST_FREE_BYTES, detail, fix };
    } catch (error) {
      if (dir === dirname(dir)) return { name: "disk", isOk: false, detail: messageOf(error), fix };
    }
  }
}

/** Only routers in TLS mode `legacy` need it, so its absence is no failure. */
function checkLegacyTls(): Finding {
  try {
    Deno.dlopen("libssl.so.3", {}).close();
    return { name: "legacy TLS", isOk: true, detail: "libssl 3 found" };
  } catch {
    return {
      name: "legacy TLS",
      isOk: true,
      detail: "libssl 3 not found: routers in TLS mode legacy need the package libssl3",
    };
  }
}
