import { LinkFailed, type LinkRow, type RouterConnection } from "@/core/router_link/link.ts";
import { deviceTime, isTrue, parseDeviceTime, printDeviceTime } from "./device_values.ts";
import type { PushRun } from "./push_run.ts";
import { bootJobName, jobName, printRevertScript, scriptName } from "./revert_script.ts";
import { readFacts } from "./router_facts.ts";

/** The router starts the revert this long after the last renewal, while the change is made and proven. */
export const GUARD_SECONDS = 22;
/** While it waits for a person: proven already, so that a longer silence is borne. */
export const WAIT_SECONDS = 60;
/** Narrower policies fail when the job runs, not when it is added. */
const POLICY = "ftp,reboot,read,write,policy,test";
const START_MS = 2_000;
const STARTS_WITHIN_MS = 12_000;

/** Jobs do not run on this router, or the script does not parse there. Nothing was changed. */
export class CannotArm extends Error {
  override readonly name = "CannotArm";
}

/**
 * Puts the revert script and its jobs on the router and waits until the first job is seen to run: it checks
 * that the script parses, says so with a write, and from then on counts down by itself, whatever becomes
 * of the router's clock.
 *
 * @throws {CannotArm} what was put there is removed
 * @throws {LinkFailed}
 */
export async function arm(run: PushRun, connection: RouterConnection): Promise<void> {
  const { token } = run.record;
  const { inverse: steps, backupFile, backupPassword, net } = run.plan;
  const backup = net === "backup" ? { file: backupFile!, password: backupPassword! } : null;
  try {
    await connection.run("/system/script/add", {
      attributes: {
        name: scriptName(token),
        policy: POLICY,
        source: printRevertScript({ token, steps, backup }),
      },
    });
    await connection.run("/system/scheduler/add", {
      attributes: {
        name: bootJobName(token),
        "start-time": "startup",
        interval: "0s",
        policy: POLICY,
        "on-event": `/system script run "${scriptName(token)}"`,
      },
    });
    await startJob(run, connection, 1, GUARD_SECONDS);
    const { jobs, others } = await readFacts(connection, token, run.clock.now());
    if (others.length > 0) throw new CannotArm("Another push has come to this router meanwhile");
    checkJob(jobs.find(({ name }) => name === bootJobName(token)));
  } catch (error) {
    const why = error instanceof LinkFailed && error.reason === "trap"
      ? new CannotArm(`The router declined the revert job: ${error.message}`)
      : error;
    if (why instanceof CannotArm) await sweep(connection, token, false);
    throw why;
  }
}

/** A new countdown, proven to run, on a new connection; only then is the old one removed. */
export async function renewLease(
  run: PushRun,
  seconds: number,
  onVisit?: (connection: RouterConnection) => Promise<void>,
): Promise<"renewed" | "fired" | "unreachable" | "refused"> {
  try {
    return await run.visit((connection) => renewOn(run, connection, seconds, onVisit)) ??
      "unreachable";
  } catch (error) {
    const isRefused = error instanceof CannotArm ||
      (error instanceof LinkFailed && error.reason === "trap");
    if (!isRefused) throw error;
    run.note(`The router's timer was not renewed: ${error.message}`);
    return "refused";
  }
}

async function renewOn(
  run: PushRun,
  connection: RouterConnection,
  seconds: number,
  onVisit: ((connection: RouterConnection) => Promise<void>) | undefined,
): Promise<"renewed" | "fired"> {
  const { token } = run.record;
  const { jobs, script, fired } = await readFacts(connection, token, run.clock.now());
  if (fired !== undefined || !script) return "fired";
  await onVisit?.(connection);
  const next = Math.max(0, ...jobs.map(generationOf), run.lease?.generation ?? 0) + 1;
  await startJob(run, connection, next, seconds);
  for (const job of jobs) {
    if (generationOf(job) > 0) await removeRow(connection, "/system/scheduler", job[".id"]!);
  }
  const now = await readFacts(connection, token, run.clock.now());
  return now.fired !== undefined || !now.script ? "fired" : "renewed";
}

const generationOf = (job: LinkRow) => Number(/-(\d+)$/.exec(job["name"] ?? "")?.[1] ?? 0);

async function startJob(
  run: PushRun,
  connection: RouterConnection,
  generation: number,
  seconds: number,
): Promise<void> {
  const { token } = run.record;
  const [clock = {}] = (await connection.run("/system/clock/print")).rows;
  const now = deviceTime(clock);
  if (!now) throw new CannotArm("The router does not tell the time");
  const { date, time } = printDeviceTime({ ...now, ms: now.ms + START_MS });
  const name = jobName(token, generation);
  const interval = seconds + 8;
  await connection.run("/system/scheduler/add", {
    attributes: {
      ...{ name, policy: POLICY, interval: `${interval}s` },
      // Jobs with the default start never run on 7.24.0 to 7.24.4.
      ...{ "start-date": date, "start-time": time },
      "on-event": countdown(token, generation, seconds),
    },
  });
  const script = scriptName(token);
  const startedMs = run.clock.monotonic();
  for (;;) {
    const askedMs = run.clock.monotonic();
    const { rows: scripts } = await connection.run("/system/script/print", {
      queries: [`name=${script}`],
      proplist: ["comment"],
    });
    const said = scripts[0]?.["comment"];
    if (said === `armed ${generation}`) {
      const { rows } = await connection.run("/system/scheduler/print", {
        queries: [`name=${name}`],
        proplist: [".id", "name", "comment", "disabled", "run-count", "next-run"],
      });
      checkJob(rows[0]);
      if (!(Number(rows[0]!["run-count"]) >= 1)) throw new CannotArm("The revert job did not run");
      checkNextRun(rows[0]!, now.ms, interval);
      run.lease = { generation, endsAt: Math.min(askedMs, startedMs + START_MS) + seconds * 1_000 };
      return;
    }
    if (said === `broken ${generation}`) {
      throw new CannotArm("The router cannot read the script that would take the change back");
    }
    if (run.clock.monotonic() - startedMs > STARTS_WITHIN_MS) {
      throw new CannotArm(
        "Jobs do not run on this router (device-mode, or a defect of its version)",
      );
    }
    await run.sleep(400);
  }
}

function checkJob(job: LinkRow | undefined): void {
  if (!job) throw new CannotArm("The revert job is not on the router");
  if (isTrue(job["disabled"])) throw new CannotArm("The revert job is disabled");
  if (/device-mode|inactivated|not allowed/i.test(job["comment"] ?? "")) {
    throw new CannotArm("The router's device-mode does not let jobs run");
  }
}

/** Its next run must be its interval away: seconds of a margin, as the start may be one. */
function checkNextRun(job: LinkRow, startMs: number, interval: number): void {
  const next = parseDeviceTime(job["next-run"] ?? "");
  // Versions write the next run as a time alone: nothing can be told from it.
  if (next && Math.abs(next.ms - startMs) > (interval + 20) * 1_000) {
    throw new CannotArm("The revert job would run at another time than it was told");
  }
}

function countdown(token: string, generation: number, seconds: number): string {
  const script = scriptName(token);
  const say = (word: string) =>
    `/system script set [find where name="${script}"] comment="${word} ${generation}"`;
  return `:do { :local code [:parse [/system script get [find where name="${script}"] source]]; ${
    say("armed")
  } } on-error={ ${say("broken")} }\n` +
    `:delay ${seconds}s\n` +
    `:if ([:len [/system scheduler find where name="${
      jobName(token, generation)
    }"]] > 0) do={ /system script run "${script}" }`;
}

/**
 * Takes the jobs and the script away and looks that they are gone. `fired`: the revert was faster.
 *
 * @throws {LinkFailed} a trap too: the router would not
 */
export async function disarm(
  run: PushRun,
  connection: RouterConnection,
): Promise<"disarmed" | "fired"> {
  const { token } = run.record;
  const look = () => readFacts(connection, token, run.clock.now());
  const facts = await look();
  if (facts.fired !== undefined) return "fired";
  for (const job of facts.jobs) await removeRow(connection, "/system/scheduler", job[".id"]!);
  // One that had begun is seen after a breath.
  for (let looks = 0; looks < 2; looks++) {
    const now = await look();
    if (now.fired !== undefined) return "fired";
    if (now.jobs.length > 0) throw new LinkFailed("trap", "The jobs are still on the router");
    if (looks === 0) await run.sleep(1_000);
  }
  await sweep(connection, token, false);
  return "disarmed";
}

/** Removes what this push left on the router, and looks that it is gone. */
export async function sweep(
  connection: RouterConnection,
  token: string,
  hasFiles: boolean,
): Promise<void> {
  const own = scriptName(token);
  const menus = ["/system/scheduler", "/system/script", ...(hasFiles ? ["/file"] : [])];
  for (const menu of menus) {
    for (const id of await ownIds(connection, menu, own)) await removeRow(connection, menu, id);
  }
  for (const menu of menus) {
    if ((await ownIds(connection, menu, own)).length > 0) {
      throw new LinkFailed("trap", `What the push left in ${menu} cannot be removed`);
    }
  }
}

async function ownIds(connection: RouterConnection, menu: string, own: string): Promise<string[]> {
  const { rows } = await connection.run(`${menu}/print`, { proplist: [".id", "name"] });
  return rows.filter((row) => (row["name"] ?? "").replace(/^.*\//, "").startsWith(own))
    .map((row) => row[".id"]!);
}

async function removeRow(connection: RouterConnection, menu: string, id: string): Promise<void> {
  try {
    await connection.run(`${menu}/remove`, { attributes: { ".id": id } });
  } catch (error) {
    // Gone already is what was wanted.
    if (!(error instanceof LinkFailed && /no such item/.test(error.message))) throw error;
  }
}
