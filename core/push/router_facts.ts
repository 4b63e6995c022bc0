import { LinkFailed, type LinkRow, type RouterConnection } from "@/core/router_link/link.ts";
import { durationMs, isAtLeast, isTrue } from "./device_values.ts";
import { firedName, scriptName } from "./revert_script.ts";

export interface RouterFacts {
  readonly version: string;
  readonly bootedAt: number;
  readonly identity: string;
  readonly resource: LinkRow;
  /** Of this push. */
  readonly jobs: readonly LinkRow[];
  readonly script: LinkRow | undefined;
  /** What the revert script says of itself; `undefined`: it did not run. */
  readonly fired: string | undefined;
  /** Jobs of other pushes: one of them may take its change back at any moment. */
  readonly others: readonly string[];
  readonly safeMode: SafeMode | undefined;
}

export interface SafeMode {
  readonly isHeld: boolean;
  /** By the connection that asks. */
  readonly isOurs: boolean;
  readonly user: string;
}

/** @throws {LinkFailed} */
export async function readFacts(
  connection: RouterConnection,
  token: string,
  now: number,
): Promise<RouterFacts> {
  const [resource = {}] = (await connection.run("/system/resource/print")).rows;
  const [identity = {}] = (await connection.run("/system/identity/print")).rows;
  const proplist = [".id", "name", "comment", "disabled", "run-count", "next-run"];
  const jobs = await ownRows(connection, "/system/scheduler", proplist);
  const scripts = await ownRows(connection, "/system/script", [".id", "name", "comment"]);
  const own = scriptName(token);
  const isOwn = (row: LinkRow) => row["name"] === own || row["name"]!.startsWith(`${own}-`);
  const version = resource["version"] ?? "";
  return {
    ...{ version, resource, identity: identity["name"] ?? "" },
    bootedAt: now - (durationMs(resource["uptime"] ?? "") ?? 0),
    jobs: jobs.filter(isOwn),
    script: scripts.find((row) => row["name"] === own),
    fired: scripts.find((row) => row["name"] === firedName(token))?.["comment"],
    // Scripts and marks alone do nothing.
    others: jobs.filter((row) => !isOwn(row)).map((row) => row["name"]!),
    safeMode: await readSafeMode(connection, version),
  };
}

async function ownRows(connection: RouterConnection, menu: string, proplist: string[]) {
  const { rows } = await connection.run(`${menu}/print`, { proplist });
  return rows.filter((row) => /^tod-[0-9a-f]{10}(?:-|$)/.test(row["name"] ?? ""));
}

export async function readSafeMode(
  connection: RouterConnection,
  version: string,
): Promise<SafeMode | undefined> {
  if (!isAtLeast(version, 7, 18)) return undefined;
  try {
    const [row = {}] = (await connection.run("/safe-mode/print")).rows;
    return {
      isHeld: isTrue(row["enabled"]),
      isOurs: isTrue(row["current"]),
      user: row["user"] ?? row["owner"] ?? "",
    };
  } catch (error) {
    if (error instanceof LinkFailed && error.reason === "trap") return undefined;
    throw error;
  }
}
