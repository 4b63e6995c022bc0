import { recordAudit } from "@/core/audit/record.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import {
  type EditorMenu,
  type EditorTable,
  type EditorTables,
  type EditorValues,
} from "@/core/contract/editor/table.ts";
import { type RouterVersion, routerVersion } from "@/core/contract/editor/router_version.ts";
import { DeviceRefused, InvalidInput } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { readable } from "@/core/router_link/link.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { menusOf } from "./menu_facts.ts";
import { readMenu } from "./read_menu.ts";
import type { RouterReader } from "./router_reader.ts";
import { isSecret } from "@/core/configs/secrets.ts";

export interface EditorDeps {
  kms: Kms;
  clock: Clock;
  routers: RouterReader;
}

/** Menus that this router should have, by what is known of its version. */
export async function listMenus(scope: Scope, deviceId: string): Promise<EditorMenu[]> {
  demand(scope, "configs:read");
  return menusOf(await versionOf(scope, deviceId));
}

/** A menu of a router as it is now. Secrets are hidden. */
export async function readTable(
  scope: Scope,
  deps: EditorDeps,
  deviceId: string,
  menu: string,
): Promise<EditorTable> {
  demand(scope, "configs:read");
  return await read(scope, deps, deviceId, menu, false);
}

/** Several menus on one session; one that the router lacks does not hide the others. */
export async function readTables(
  scope: Scope,
  { routers, clock }: EditorDeps,
  deviceId: string,
  menus: readonly string[],
): Promise<EditorTables> {
  demand(scope, "configs:read");
  const version = await versionOf(scope, deviceId);
  const router = { tenantId: scope.tenantId, deviceId };
  const items: EditorTables["items"] = [];
  for (const menu of new Set(menus)) {
    try {
      items.push(
        await routers.read(
          router,
          (ask) => readMenu(ask, menu, { version, isRevealed: false, now: clock.now() }),
        ),
      );
    } catch (error) {
      // A router that is away is away for all of them.
      if (!(error instanceof DeviceRefused)) throw error;
      items.push({ menu, problem: error.message });
    }
  }
  return { items };
}

/** The same with its secrets. Who, when and why is written down before it is given away. */
export async function revealTable(
  scope: Scope,
  deps: EditorDeps,
  deviceId: string,
  menu: string,
  reason: string,
): Promise<EditorTable> {
  demand(scope, "configs:reveal");
  const table = await read(scope, deps, deviceId, menu, true);
  const at = new Date(deps.clock.now());
  await scope.db.tenant(scope.tenantId, async (sql) => {
    await noteSecretRead(sql, scope.tenantId, {
      ...{ actor: scope.actor, purpose: "config.reveal", secret: "device.config", deviceId, at },
      requestId: scope.requestId,
    });
    await recordAudit(sql, deps.kms, scope.tenantId, {
      ...{ at, actor: scope.actor, action: "config.revealed", outcome: "ok" },
      details: { reason, menu },
      target: {
        kind: "device",
        id: deviceId,
        label: await deviceName(sql, deviceId) ?? deviceId,
      },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
  return table;
}

const MOST_VALUES = 500;

/** What an attribute of a menu's items is, each once: what other menus may name. */
export async function listValues(
  scope: Scope,
  { routers }: EditorDeps,
  deviceId: string,
  { menu, attribute }: { menu: string; attribute: string },
): Promise<EditorValues> {
  demand(scope, "configs:read");
  await demandDevice(scope, deviceId);
  if (isSecret(menu, { name: attribute, value: "x" })) {
    throw new InvalidInput("Cannot list these values: they are secrets");
  }
  const router = { tenantId: scope.tenantId, deviceId };
  const { rows } = await routers.read(
    router,
    (ask) => ask(`${menu}/print`, { proplist: [attribute], deadlineMs: 15_000 }),
  );
  const values = new Set(rows.map((row) => readable(row[attribute] ?? "")).filter(Boolean));
  const items = [...values].sort().slice(0, MOST_VALUES).map((value) => value.slice(0, 255));
  return { items, isCut: values.size > MOST_VALUES };
}

async function read(
  scope: Scope,
  { routers, clock }: EditorDeps,
  deviceId: string,
  menu: string,
  isRevealed: boolean,
): Promise<EditorTable> {
  const version = await versionOf(scope, deviceId);
  return await routers.read(
    { tenantId: scope.tenantId, deviceId },
    (ask) => readMenu(ask, menu, { version, isRevealed, now: clock.now() }),
  );
}

/** As it was read last. @throws {NotFound} also for another tenant's device */
export async function versionOf(scope: Scope, deviceId: string): Promise<RouterVersion> {
  await demandDevice(scope, deviceId);
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<{ version: string | null }[]>`
      select version from device_latest where device_id = ${deviceId}`,
  );
  return routerVersion(row?.version);
}
