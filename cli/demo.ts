import { join } from "node:path";
import { demoToken } from "@/core/auth/first_run.ts";
import { readConfig } from "@/core/config.ts";
import type { NewDevice } from "@/core/contract/device.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { stderrLog } from "@/core/json_log.ts";
import type { Platform } from "@/core/platform.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { serveConfig } from "./serve.ts";

const DEFAULT_ROUTERS = 24;
const POLL_SECONDS = 10;

interface SimulatedRouter {
  name: string;
  site: string;
  address: string;
  port: number;
  tlsPort: number;
  tls: "none" | "rsa" | "anonymous";
  sshPort: number;
  username: string;
  password: string;
}

/**
 * `tod demo`: every role on embedded defaults, in a temporary data directory, beside a fleet of
 * simulated routers that are adopted and polled like real ones. Leaves nothing behind.
 */
export async function demo(args: string[], env: Record<string, string>): Promise<number> {
  const routers = Number(
    args.find((arg) => arg.startsWith("--routers="))?.slice(10) ?? DEFAULT_ROUTERS,
  );
  const settings = args.filter((arg) => !arg.startsWith("--routers="));
  const dir = await Deno.makeTempDir({ prefix: "tod-demo-", dir: tempRoot() });
  try {
    // The database runs as another user when we are root: it must be able to come in.
    await Deno.chmod(dir, 0o755);
    const config = readConfig({
      env: {
        TOD_POLL_INTERVAL_SECONDS: String(POLL_SECONDS),
        TOD_SLOW_INTERVAL_SECONDS: "60",
        ...env,
      },
      args: [`--data-dir=${join(dir, "data")}`, ...settings],
    });
    const log = stderrLog(config.log.level === "info" ? "warn" : config.log.level);
    await using fleet = await startSimulator(dir, routers);
    await serveConfig(config, log, async (platform, signal) => {
      await adopt(platform, fleet.routers);
      if (signal.aborted) return; // something failed meanwhile: nothing is running
      const { host, port } = config.http;
      const token = await demoToken(platform);
      console.log(`
TOD is running with ${fleet.routers.length} simulated routers.

  Open   http://${host}:${port}/demo#${token}
         (the link signs you in, once)
  Stop   Ctrl-C (everything it made is removed)
`);
    });
    return 0;
  } finally {
    await Deno.remove(dir, { recursive: true }).catch(() => {});
  }
}

/** A socket path must be short, so the shortest usable temporary directory is taken. */
function tempRoot(): string {
  return Deno.build.os === "windows" ? Deno.cwd() : "/tmp";
}

async function startSimulator(
  dir: string,
  count: number,
): Promise<AsyncDisposable & { routers: SimulatedRouter[] }> {
  const manifest = join(dir, "fleet.json");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...simulatorProgram(),
      `--count=${count}`,
      `--manifest=${manifest}`,
      "--ssh",
      "--json",
      "--stdin-lifeline", // it ends with us, however we end
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    detached: true, // Ctrl-C is for us: we stop it when nobody polls it any more
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let said = "";
  while (!said.includes("\n")) {
    const { value, done } = await lines.next();
    if (done) throw new Error("Cannot start the simulated fleet: it ended at once");
    said += value;
  }
  void (async () => {
    while (!(await lines.next()).done); // a full pipe would stop it
  })();
  const routers: SimulatedRouter[] = JSON.parse(await Deno.readTextFile(manifest));
  return {
    routers,
    async [Symbol.asyncDispose]() {
      await child.stdin.close().catch(() => {});
      await child.status;
    },
  };
}

/** The simulator is a program of its own: `sim.js` in the artifact, its source in the checkout. */
function simulatorProgram(): string[] {
  const self = new URL(import.meta.url);
  if (self.pathname.endsWith(".ts")) {
    return ["run", "-A", "--quiet", new URL("../tools/sim/main.ts", self).pathname];
  }
  const isCompiled = Deno.build.standalone;
  if (isCompiled) return ["simulated-fleet"];
  const flags = ["--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only", "--quiet"];
  return ["run", ...flags, "-A", new URL("./sim.js", self).pathname];
}

async function adopt({ db, kms, bus, clock }: Platform, routers: SimulatedRouter[]): Promise<void> {
  const tenantId = await ensureDefaultTenant(db);
  const permissions = new Set(PERMISSIONS);
  const scope = { db, tenantId, actor: "system:demo", permissions };
  for (const router of routers) {
    const secure = router.tls === "none" || router.tlsPort === 0
      ? { tlsMode: "plain" as const, port: router.port }
      : {
        tlsMode: router.tls === "anonymous" ? "legacy" as const : "pinned" as const,
        port: router.tlsPort,
      };
    const device: NewDevice = {
      ...secure,
      address: router.address,
      sshPort: router.sshPort,
      site: router.site,
      region: "default",
      username: router.username,
      password: router.password,
    };
    await addDevice(scope, { kms, bus, clock }, device);
  }
}
