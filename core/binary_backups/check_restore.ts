import { deviceName } from "@/core/configs/tell_device.ts";
import type { BinaryBackup, RestoreCheck } from "@/core/contract/binary_backups.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findBinary } from "./read_binaries.ts";
import { readFacts, type RouterFacts } from "./router_facts.ts";
import type { BinaryDeps } from "./take_binary.ts";

const ALWAYS = [
  "Certificates are not in a backup: services that use one (api-ssl, https, VPN) may come back without.",
  "User manager and Dude keep their data apart: it stays as it is.",
  "The router restarts. Everything behind it is offline for a minute or two.",
];

/** What stands against loading this backup on its router as it is now. Asks the router. */
export async function checkRestore(
  scope: Scope,
  deps: BinaryDeps,
  deviceId: string,
  backupId: string,
): Promise<RestoreCheck> {
  demand(scope, "configs:push");
  const { backup } = await findBinary(scope, deviceId, backupId);
  const name = await scope.db.tenant(scope.tenantId, (sql) => deviceName(sql, deviceId));
  const connection = await deps.link.open({ tenantId: scope.tenantId, deviceId });
  try {
    return { routerName: name ?? deviceId, ...compareFacts(backup, await readFacts(connection)) };
  } finally {
    await connection.close();
  }
}

/** A backup loads on the same board with the same RouterOS alone. */
export function compareFacts(
  backup: Pick<BinaryBackup, "board" | "routerosVersion" | "serial">,
  router: Pick<RouterFacts, "board" | "version" | "serial">,
): Omit<RestoreCheck, "routerName"> {
  const problems: string[] = [];
  if (backup.board !== router.board) {
    problems.push(`The backup is of a ${backup.board}; this is a ${router.board}.`);
  }
  if (backup.routerosVersion !== router.version) {
    problems.push(
      `The backup is of RouterOS ${backup.routerosVersion}; the router runs ${router.version}: ` +
        "bring it to that version first.",
    );
  }
  const isOtherUnit = backup.serial !== router.serial;
  const warnings = isOtherUnit
    ? [
      `The backup is of the unit ${backup.serial ?? "without a serial number"}, this is ` +
      `${router.serial ?? "one without"}: it will have that unit's MAC addresses. Never run both.`,
      ...ALWAYS,
    ]
    : ALWAYS;
  return { problems, warnings, isOtherUnit };
}
