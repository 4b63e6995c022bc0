import { beginOperation, endOperation, noteRestoreSource } from "@/core/configs/operations.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import { recordAuditApart } from "@/core/audit/record.ts";
import { messageOf } from "@/core/errors.ts";
import { FileFailed } from "@/core/router_files/router_files.ts";
import { LinkFailed } from "@/core/router_link/link.ts";
import { compareFacts } from "./check_restore.ts";
import { findFile, newRestoreName, removeOurFiles } from "./files_on_router.ts";
import { changeRestore, ENDED, releaseRestore, type RestoreRow } from "./restore_row.ts";
import { readFacts } from "./router_facts.ts";
import { openBinary, openPassword } from "./store_binary.ts";
import { type BinaryDeps, takeBinary } from "./take_binary.ts";

const LOAD_MS = 60_000;
/** A router that was told to load restarts within this, or it was not told. */
const RESTARTS_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 5_000;
/** Past this it is unknown, and looked at less often. */
const BACK_WITHIN_MS = 10 * 60_000;
const LOOK_SELDOM_MS = 60_000;
/** Times that the router's uptime and our clock may disagree by. */
const BOOT_SLACK_MS = 15_000;
/** Uptimes are told in whole seconds. */
const SECOND_MS = 1_000;

/**
 * Brings a restore as far as it goes now: each state is stored before the step that it names, so that
 * whoever finds it after a crash knows what may have happened, and looks at the router rather than guess.
 *
 * @throws {StaleRestore} somebody else has it by now
 */
export async function driveRestore(deps: BinaryDeps, taken: RestoreRow): Promise<void> {
  let row = taken;
  try {
    while (!ENDED.includes(row.state)) {
      const next = await step(deps, row);
      if (next === undefined) {
        const pause = row.state === "unknown" ? LOOK_SELDOM_MS : LOOK_EVERY_MS;
        return await releaseRestore(deps.db, row, new Date(deps.clock.now() + pause));
      }
      row = next;
    }
  } catch (error) {
    if (!(error instanceof LinkFailed || error instanceof FileFailed)) throw error;
    const hasBegun = row.state === "loading" || row.state === "waiting" || row.state === "unknown";
    // Nothing was changed on the router so far: say so and stop, rather than surprise somebody later.
    if (!hasBegun) row = await fail(deps, row, `Nothing was changed. ${messageOf(error)}`);
    else return await releaseRestore(deps.db, row, new Date(deps.clock.now() + LOOK_EVERY_MS));
  }
  await tellEnd(deps, row);
}

/** The next state; `undefined`: nothing to do yet. */
function step(deps: BinaryDeps, row: RestoreRow): Promise<RestoreRow | undefined> {
  switch (row.state) {
    case "requested":
      return save(deps, row);
    case "saved":
      return upload(deps, row);
    case "uploaded":
      return load(deps, row);
    default:
      return lookAfter(deps, row);
  }
}

/** Keeps what the router holds now, as text and as a full backup: the way back. */
async function save(deps: BinaryDeps, row: RestoreRow): Promise<RestoreRow> {
  const { tenantId, deviceId, actor, id } = row;
  const operation = { ...operationOf(row), actor, title: `Full backup loaded (${id.slice(0, 8)})` };
  const text = await beginOperation(deps, operation);
  if (text.outcome === "failed") {
    return await fail(deps, row, `Nothing was changed. ${text.detail}`);
  }
  const full = await takeBinary(deps, {
    ...{ tenantId, deviceId, actor, trigger: "operation", isForced: false },
  });
  if (full.outcome === "failed") {
    return await fail(deps, row, `Nothing was changed. ${full.detail}`);
  }
  return await changeRestore(deps, row, {
    ...{ state: "saved", beforeVersion: text.versionId },
  });
}

async function upload(deps: BinaryDeps, row: RestoreRow): Promise<RestoreRow> {
  const { tenantId, deviceId } = row;
  const stored = await readStored(deps, row);
  if (!stored) return await fail(deps, row, "Nothing was changed: the backup is gone.");
  const connection = await deps.link.open({ tenantId, deviceId });
  try {
    const facts = await readFacts(connection);
    const { problems } = compareFacts(stored, facts);
    if (problems.length > 0) {
      return await fail(deps, row, `Nothing was changed. ${problems.join(" ")}`);
    }
    const name = await newRestoreName(connection, row.id);
    const read = <T>(work: Parameters<typeof deps.db.tenant<T>>[1]) =>
      deps.db.tenant(tenantId, work);
    const data = await openBinary(read, deps.kms, tenantId, stored);
    await deps.files.put({ tenantId, deviceId }, `/${name}`, data);
    const file = await findFile(connection, name);
    if (file?.bytes !== data.length) {
      const has = file ? `${file.bytes} of ${data.length} bytes` : "no such file";
      return await fail(deps, row, `Nothing was changed: the router has ${has} of the backup.`);
    }
    const bootedAt = new Date(deps.clock.now() - facts.uptimeSeconds * 1_000);
    return await changeRestore(deps, row, {
      ...{ state: "uploaded", fileName: name, bootedAt },
    });
  } finally {
    await connection.close();
  }
}

async function load(deps: BinaryDeps, row: RestoreRow): Promise<RestoreRow> {
  const { tenantId, deviceId } = row;
  const stored = await readStored(deps, row);
  if (!stored) return await fail(deps, row, "Nothing was changed: the backup is gone.");
  const password = await openPassword(deps.kms, tenantId, stored.id, stored.password);
  const connection = await deps.link.open({ tenantId, deviceId });
  try {
    const loading = await changeRestore(deps, row, {
      ...{ state: "loading", loadedAt: new Date(deps.clock.now()) },
    });
    try {
      await connection.run("/system/backup/load", {
        attributes: { name: row.fileName!, password },
        deadlineMs: LOAD_MS,
      });
    } catch (error) {
      // A router that restarts says no more; one that declines says why.
      if (error instanceof LinkFailed && error.reason === "trap") {
        return await fail(deps, loading, `The router declined to load it: ${error.message}`);
      }
      if (!(error instanceof LinkFailed)) throw error;
    }
    return await changeRestore(deps, loading, { state: "waiting" });
  } finally {
    await connection.close();
  }
}

/** Whether it has restarted since, and what it holds now: from a connection of its own. */
async function lookAfter(deps: BinaryDeps, row: RestoreRow): Promise<RestoreRow | undefined> {
  const { tenantId, deviceId } = row;
  const sinceMs = deps.clock.now() - row.loadedAt!.getTime();
  const unsure = async (detail: string) => {
    if (sinceMs <= BACK_WITHIN_MS || row.state === "unknown") return undefined;
    await changeRestore(deps, row, { state: "unknown", detail });
    return undefined;
  };
  let uptimeMs: number;
  try {
    const connection = await deps.link.open({ tenantId, deviceId });
    try {
      uptimeMs = (await readFacts(connection)).uptimeSeconds * 1_000;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
    return await unsure(
      `The router was told to load the backup and does not answer: ${error.message}`,
    );
  }
  if (!hasRestarted(row, uptimeMs, deps.clock.now())) {
    if (sinceMs <= RESTARTS_WITHIN_MS) return undefined;
    return await fail(deps, row, "The router did not restart: it loaded nothing.");
  }
  const text = await endOperation(deps, operationOf(row), "kept");
  if (text.outcome === "failed") {
    return await unsure(`The router is back, but its configuration cannot be read: ${text.detail}`);
  }
  await takeAway(deps, row);
  const isSame = await deps.db.tenant(tenantId, async (sql) => {
    const [found] = await sql<{ isSame: boolean; wanted: string }[]>`
      select n.content_id = w.content_id as "isSame", w.id as wanted
      from binary_backups b
      join config_versions w on w.tenant_id = b.tenant_id and w.id = b.version_id
      join config_versions n on n.tenant_id = b.tenant_id and n.id = ${text.versionId}
      where b.id = ${row.backupId}`;
    if (found) await noteRestoreSource(sql, found.wanted, new Date(deps.clock.now()));
    return found?.isSame ?? false;
  });
  return await changeRestore(deps, row, {
    state: isSame ? "restored" : "differs",
    afterVersion: text.versionId,
    detail: isSame
      ? "Back, and its configuration is that of the backup."
      : "Back after a restart, but its configuration is another than the backup's: compare them.",
  });
}

/** It runs for less long than when it was told, or since later than our clocks may disagree by. */
function hasRestarted(
  { bootedAt, loadedAt }: RestoreRow,
  uptimeMs: number,
  nowMs: number,
): boolean {
  const [before, told] = [bootedAt!.getTime(), loadedAt!.getTime()];
  return uptimeMs < told - before - SECOND_MS || nowMs - uptimeMs > before + BOOT_SLACK_MS;
}

const operationOf = ({ tenantId, deviceId, id }: RestoreRow) => ({
  ...{ tenantId, deviceId, kind: "binary_restore", id },
});

/** The file has done its work, or will not. */
async function takeAway(deps: BinaryDeps, { tenantId, deviceId, fileName }: RestoreRow) {
  try {
    const connection = await deps.link.open({ tenantId, deviceId });
    try {
      await removeOurFiles(connection, fileName!);
    } finally {
      await connection.close();
    }
  } catch (error) {
    deps.log.warn("a restored backup file stays on a router", { deviceId, error });
  }
}

async function fail(deps: BinaryDeps, row: RestoreRow, detail: string): Promise<RestoreRow> {
  if (row.fileName !== null) await takeAway(deps, row);
  return await changeRestore(deps, row, { state: "failed", detail });
}

interface StoredBinary {
  id: string;
  bytes: number;
  sha256: Uint8Array;
  password: Uint8Array;
  board: string;
  routerosVersion: string;
  serial: string | null;
}

async function readStored(deps: BinaryDeps, row: RestoreRow): Promise<StoredBinary | undefined> {
  const [stored] = await deps.db.tenant(row.tenantId, (sql) =>
    sql<StoredBinary[]>`
      select id, bytes, sha256, password, board, routeros_version as "routerosVersion", serial
      from binary_backups where id = ${row.backupId}`);
  return stored;
}

async function tellEnd(deps: BinaryDeps, row: RestoreRow): Promise<void> {
  const { tenantId, deviceId, state, id, actor } = row;
  const label = await deps.db.tenant(tenantId, (sql) => deviceName(sql, deviceId)) ?? deviceId;
  await recordAuditApart(deps.db, deps.kms, tenantId, [{
    ...{ at: new Date(deps.clock.now()), actor, action: "config.restore_ended" },
    outcome: "ok",
    ...{ details: { restore: id, state }, target: { kind: "device", id: deviceId, label } },
  }]);
}
