import { findItems, type FoundItem } from "@/core/config_editor/read_items.ts";
import { menuFacts } from "@/core/config_editor/menu_facts.ts";
import type { Ask } from "@/core/config_editor/router_reader.ts";
import type { ChangeConflict, ChangeConflicts } from "@/core/contract/change_sets.ts";
import type { ItemTarget } from "@/core/contract/config_commands.ts";
import { fieldOf } from "@/core/contract/editor/field.ts";
import { itemLabel } from "@/core/contract/editor/item_label.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import type { RouterVersion } from "@/core/contract/editor/router_version.ts";
import { isSameValue } from "@/core/contract/editor/same_value.ts";
import { DeviceRefused, DeviceUnreachable, NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { maskAttribute } from "@/core/configs/secrets.ts";
import { versionOf } from "@/core/config_editor/editor.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { attributesOf } from "./merge_change.ts";
import { type ChangeRow, openChanges, readChanges } from "./rows.ts";
import type { StoredChange } from "./merge_change.ts";

type Opened = ChangeRow & StoredChange;
type Deps = Pick<ChangeSetDeps, "kms" | "clock" | "routers">;

/** Looks at the routers: which pending changes were made against something else than they hold now. */
export async function findConflicts(
  scope: Scope,
  deps: Deps,
  id: string,
): Promise<ChangeConflicts> {
  demand(scope, "configs:read");
  const rows = await scope.db.tenant(scope.tenantId, async (sql) => {
    const [set] = await sql`select from change_sets where id = ${id}`;
    if (!set) throw new NotFound("Cannot find this change set");
    return await readChanges(sql, id);
  });
  const changes = await openChanges(deps.kms, scope.tenantId, rows);
  const items = await conflictsOf(scope, deps, changes);
  return { checkedAt: new Date(deps.clock.now()).toISOString(), items };
}

/** The same for changes that are open already. */
export async function conflictsOf(
  scope: Scope,
  { routers }: Pick<Deps, "routers">,
  changes: readonly Opened[],
): Promise<ChangeConflict[]> {
  const found: ChangeConflict[] = [];
  for (const [deviceId, own] of Map.groupBy(changes, (change) => change.deviceId)) {
    const version = await versionOf(scope, deviceId);
    try {
      found.push(
        ...await routers.read(
          { tenantId: scope.tenantId, deviceId },
          (ask) => conflictsOfRouter(ask, own, version),
        ),
      );
    } catch (error) {
      if (!(error instanceof DeviceUnreachable || error instanceof DeviceRefused)) throw error;
      const message = `Cannot tell: ${error.message}`;
      found.push({ ...about(own[0]!), kind: "unreadable", message, attributes: [] });
    }
  }
  return found;
}

async function conflictsOfRouter(
  ask: Ask,
  changes: readonly Opened[],
  version: RouterVersion,
): Promise<ChangeConflict[]> {
  const found: ChangeConflict[] = [];
  for (const [menu, own] of Map.groupBy(changes, ({ command }) => command.menu)) {
    const wanted = own.flatMap((change) => targetsOf(change).map((target) => ({ change, target })));
    const items = await findItems(ask, menu, wanted.map(({ target }) => target));
    wanted.forEach(({ change, target }, at) => {
      const conflict = judge(change, target, items[at], version);
      if (conflict) found.push(conflict);
    });
  }
  return found;
}

/** What a change relies on: its item, the one behind its place, and that there is none of its key. */
function targetsOf({ command }: Opened): ItemTarget[] {
  const before = "before" in command && command.before ? [command.before] : [];
  if (command.action !== "add") return [command.target, ...before];
  const key = keyOf(command.menu, command.attributes);
  return key ? [...before, key] : before;
}

/** Names the item that an `add` would be a second of. */
function keyOf(menu: string, attributes: Readonly<Record<string, string>>): ItemTarget | undefined {
  const schema = menuSchema(menu);
  if (!schema || schema.isOrdered || schema.key.length === 0) return undefined;
  const where = Object.fromEntries(
    schema.key.filter((name) => attributes[name] !== undefined)
      .map((name) => [name, attributes[name]!]),
  );
  const isWhole = schema.key.every((name) => name in where) || "name" in where;
  return isWhole ? { by: "where", where } : undefined;
}

const about = ({ id, deviceId }: Opened) => ({ changeId: id, deviceId });

function judge(
  change: Opened,
  target: ItemTarget,
  item: FoundItem | undefined,
  version: RouterVersion,
): ChangeConflict | undefined {
  const { command } = change;
  const isPlace = "before" in command && command.before === target;
  if (isPlace) {
    if (item) return undefined;
    const message = "The item it shall stand before is gone";
    return { ...about(change), kind: "place_gone", message, attributes: [] };
  }
  if (command.action === "add") {
    if (!item) return undefined;
    const label = itemLabel(menuSchema(command.menu), command.attributes);
    const message = `There is ${label || "such an item"} already`;
    return { ...about(change), kind: "exists", message, attributes: [] };
  }
  if (!item) {
    return { ...about(change), kind: "gone", message: "The item is gone", attributes: [] };
  }
  const attributes = command.action === "move" ? [] : differences(change, item, version);
  if (attributes.length === 0) return undefined;
  const message = attributes.length === 1
    ? `${attributes[0]!.name} changed on the router since`
    : `${attributes.length} attributes changed on the router since`;
  return { ...about(change), kind: "changed", message, attributes };
}

function differences(
  { command, base }: Opened,
  { values: now }: FoundItem,
  version: RouterVersion,
): ChangeConflict["attributes"] {
  if (!base) return [];
  const { menu } = command;
  const wanted = attributesOf(command);
  const schema = menuSchema(menu);
  const facts = menuFacts(menu, version);
  // Counters and states come and go: only what can be written counts.
  const written = new Set([
    ...Object.keys(wanted),
    ...(schema?.fields ?? []).filter((field) => !field.isReadOnly).map(({ name }) => name),
    ...(facts?.arguments ?? []).map(({ name }) => name),
  ].filter((name) => !fieldOf(schema, name)?.isReadOnly));
  const shown = (name: string, value: string | null | undefined) =>
    value == null ? null : maskAttribute(menu, { name, value }).value;
  return [...written].sort()
    .filter((name) => !isSameValue(base[name], now[name], fieldOf(schema, name)?.type))
    // It says already what is wanted: nothing is lost.
    .filter((name) => !(name in wanted && isSameValue(now[name], wanted[name] ?? "")))
    .map((name) => ({
      name,
      then: shown(name, base[name]),
      now: shown(name, now[name]),
      wanted: name in wanted ? shown(name, wanted[name]) : null,
    }));
}
