import { findItems, type FoundItem } from "@/core/config_editor/read_items.ts";
import { versionOf } from "@/core/config_editor/editor.ts";
import type { ChangeEdit, NewChanges } from "@/core/contract/change_sets.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { MAX_COMMANDS } from "@/core/contract/config_commands.ts";
import { itemLabel } from "@/core/contract/editor/item_label.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { type RouterVersion, routerVersion } from "@/core/contract/editor/router_version.ts";
import { isSameTarget } from "@/core/contract/editor/targets.ts";
import { isSameValue } from "@/core/contract/editor/same_value.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { isSecret } from "@/core/configs/secrets.ts";
import { commandProblems } from "./check_command.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { maskValues, restoreSecrets } from "./mask_change.ts";
import { attributesOf, mergeChange } from "./merge_change.ts";
import { demandOpen, type LockedSet, lockSet, openChanges, personOf, readChanges } from "./rows.ts";
import { type ChangeContent, sealChange } from "./seal.ts";
import { tellSet } from "./tell_set.ts";

type Deps = Pick<ChangeSetDeps, "kms" | "clock" | "routers">;

/**
 * Adds commands to what waits for a router. Each is kept with the item as the router holds it at this
 * moment: what differs from that later is a conflict.
 *
 * @throws {Conflict} if an item is gone, or is not what whoever asks saw
 * @throws {InvalidInput} naming the attribute that cannot be
 */
export async function addChanges(
  scope: Scope,
  deps: Deps,
  setId: string,
  { deviceId, changes, isUnchecked = false }: NewChanges,
): Promise<void> {
  demand(scope, "configs:write");
  const version = await versionOf(scope, deviceId);
  await scope.db.tenant(scope.tenantId, async (sql) => demandOpen(await lockSet(sql, setId)));
  const commands = changes.map(({ command }) => withoutHidden(command));
  const { bases, places } = await readBases(scope, deps, deviceId, commands);
  const contents = commands.map((command, at): ChangeContent => {
    const base = bases[at]?.values ?? null;
    demandSeen(command, base, changes[at]!.seen);
    const place = places[at];
    const schema = menuSchema(command.menu);
    return {
      ...{ command, base },
      ...(place && { place: itemLabel(schema, maskValues(command.menu, place.values)) }),
    };
  });
  demandSound(contents, version, isUnchecked);
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, setId);
    demandOpen(set);
    for (const content of contents) await mergeIn(sql, scope, deps, setId, deviceId, content);
    const [count] = await sql<{ n: number }[]>`
      select count(*)::int as n from change_set_changes
      where change_set_id = ${setId} and device_id = ${deviceId}`;
    if (count!.n > MAX_COMMANDS) {
      throw new Conflict(`Cannot add more: ${MAX_COMMANDS} changes of a router are the limit`);
    }
    await noteEdit(sql, scope, deps, set, {
      device: deviceId,
      changes: contents.slice(0, 20).map(({ command }) => summaryOf(command)),
    });
  });
}

/** Another command in its place, about the same menu and item. */
export async function editChange(
  scope: Scope,
  deps: Deps,
  setId: string,
  changeId: string,
  { command, isUnchecked = false }: ChangeEdit,
): Promise<void> {
  demand(scope, "configs:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, setId);
    demandOpen(set);
    const row = (await readChanges(sql, setId)).find(({ id }) => id === changeId);
    if (!row) throw new NotFound("Cannot find this change");
    const [old] = await openChanges(deps.kms, scope.tenantId, [row]);
    const before = old!.command;
    if (before.action !== command.action || before.menu !== command.menu) {
      throw new InvalidInput("Cannot make another kind of change of it: undo it, then add one");
    }
    const restored = restoreSecrets(attributesOf(command), attributesOf(before));
    const next: ConfigCommand = "attributes" in command
      ? { ...command, attributes: restored as never }
      : command;
    const kept = "target" in next && "target" in before ? { ...next, target: before.target } : next;
    const isSamePlace = "before" in kept && "before" in before && before.before !== null &&
      kept.before !== null && isSameTarget(kept.before, before.before);
    const content = { command: kept, base: old!.base, place: isSamePlace ? old!.place : undefined };
    const version = await deviceVersion(sql, row.deviceId);
    demandSound([content], version, isUnchecked);
    const sealed = await sealChange(deps.kms, scope.tenantId, changeId, content);
    await sql`
      update change_set_changes set sealed = ${sealed}, actor = ${scope.actor},
        made_at = ${new Date(deps.clock.now())} where id = ${changeId}`;
    await noteEdit(sql, scope, deps, set, {
      device: row.deviceId,
      changes: [summaryOf(kept)],
    });
  });
}

/** Takes changes back. */
export async function undoChange(
  scope: Scope,
  deps: Pick<ChangeSetDeps, "kms" | "clock">,
  setId: string,
  changeId: string,
): Promise<void> {
  demand(scope, "configs:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, setId);
    demandOpen(set);
    const [gone] = await sql<{ menu: string; action: string; deviceId: string }[]>`
      delete from change_set_changes where change_set_id = ${setId} and id = ${changeId}
      returning menu, action, device_id as "deviceId"`;
    if (!gone) throw new NotFound("Cannot find this change");
    await noteEdit(sql, scope, deps, set, { device: gone.deviceId, undone: gone });
  });
}

/** The next revision; a review of the last one does not hold for it. */
async function noteEdit(
  sql: Sql,
  scope: Scope,
  deps: Pick<ChangeSetDeps, "kms" | "clock">,
  set: LockedSet,
  details: Record<string, unknown>,
): Promise<void> {
  const person = await personOf(sql, scope.actor);
  await sql`
    update change_sets set revision = revision + 1, status = 'draft', reviewed_by = null,
      reviewed_at = null, review_asked_at = null, updated_at = ${new Date(deps.clock.now())},
      writers = case when ${person} = any(writers) then writers else writers || ${person}::text end
    where id = ${set.id}`;
  const isDropped = set.status === "reviewed";
  await tellSet(sql, scope, deps, set, "change_set.edited", {
    ...details,
    ...(isDropped && { droppedReviewOf: set.reviewedBy }),
  });
}

async function mergeIn(
  sql: Sql,
  scope: Scope,
  { kms, clock }: Deps,
  setId: string,
  deviceId: string,
  content: ChangeContent,
): Promise<void> {
  const { menu, action } = content.command;
  const rows = await readChanges(sql, setId, { deviceId, menu });
  const { drop, write } = mergeChange(await openChanges(kms, scope.tenantId, rows), content);
  if (drop.length > 0) {
    await sql`
      delete from change_set_changes where change_set_id = ${setId}
        and id = any(${drop as string[]}::uuid[])`;
  }
  if (!write) return;
  const id = write.id ?? crypto.randomUUID();
  const sealed = await sealChange(kms, scope.tenantId, id, write);
  const made = { actor: scope.actor, made_at: new Date(clock.now()) };
  if (write.id !== undefined) {
    await sql`
      update change_set_changes set ${sql({ sealed, ...made } as never)} where id = ${id}`;
    return;
  }
  const row = {
    ...{ tenant_id: scope.tenantId, id, change_set_id: setId, device_id: deviceId },
    ...{ menu, action, sealed },
    ...made,
  };
  await sql`insert into change_set_changes ${sql(row as never)}`;
}

type Found = FoundItem | undefined;

/** What the router holds of each command's item now; what is to stand before another needs that, too. */
async function readBases(
  scope: Scope,
  { routers }: Deps,
  deviceId: string,
  commands: readonly ConfigCommand[],
): Promise<{ bases: Found[]; places: Found[] }> {
  const bases: Found[] = commands.map(() => undefined);
  const stands: Found[] = commands.map(() => undefined);
  const asked = commands.flatMap((command, at) => [
    ...("target" in command ? [{ at, menu: command.menu, target: command.target }] : []),
  ]);
  const places = commands.flatMap((command, at) =>
    "before" in command && command.before
      ? [{ at, menu: command.menu, target: command.before as ItemTarget }]
      : []
  );
  if (asked.length + places.length === 0) return { bases, places: stands };
  const router = { tenantId: scope.tenantId, deviceId };
  await routers.read(router, async (ask) => {
    for (const [menu, wanted] of Map.groupBy([...asked, ...places], ({ menu }) => menu)) {
      const found = await findItems(ask, menu, wanted.map(({ target }) => target));
      wanted.forEach((one, index) => {
        if (!found[index]) {
          throw new Conflict(
            asked.includes(one)
              ? "Cannot change this item as it is gone from the router: read the table again"
              : "Cannot place it there as the item behind it is gone: read the table again",
          );
        }
        (asked.includes(one) ? bases : stands)[one.at] = found[index];
      });
    }
  });
  return { bases, places: stands };
}

/** A hidden secret that comes back was not changed. */
function withoutHidden(command: ConfigCommand): ConfigCommand {
  if (command.action !== "set") return command;
  const attributes = Object.entries(command.attributes).filter(([, value]) => value !== HIDDEN);
  return { ...command, attributes: Object.fromEntries(attributes) };
}

/** @throws {Conflict} telling both values */
function demandSeen(
  { menu }: ConfigCommand,
  base: Readonly<Record<string, string>> | null,
  seen: Readonly<Record<string, string>> | undefined,
): void {
  for (const [name, value] of Object.entries(seen ?? {})) {
    const now = base?.[name] ?? "";
    // Hidden, in whole or in part: what was seen says nothing about it.
    if (value.includes(HIDDEN) || isSecret(menu, { name, value: now })) continue;
    if (isSameValue(now, value)) continue;
    throw new Conflict(
      `Cannot change this item as it changed on the router: ${name} is "${short(now)}" now, ` +
        `you saw "${short(value)}". Read the table again`,
    );
  }
}

const short = (text: string) => text.length > 80 ? `${text.slice(0, 79)}…` : text;

/** @throws {InvalidInput} naming each attribute, as `changes.0.dst-port` */
function demandSound(
  contents: readonly ChangeContent[],
  version: RouterVersion,
  isUnchecked: boolean,
): void {
  const issues = contents.flatMap((content, at) =>
    commandProblems(content, version, isUnchecked).map(({ name, message }) => ({
      path: ["changes", at, name].filter((part) => part !== "").join("."),
      message,
    }))
  );
  if (issues.length > 0) throw new InvalidInput("Cannot keep this change", issues);
}

async function deviceVersion(sql: Sql, deviceId: string): Promise<RouterVersion> {
  const [row] = await sql<{ version: string | null }[]>`
    select version from device_latest where device_id = ${deviceId}`;
  return routerVersion(row?.version);
}

/** For the audit log: what is touched, never a value. */
function summaryOf(command: ConfigCommand): string {
  const names = Object.keys(attributesOf(command)).join(" ");
  return `${command.menu} ${command.action}${names && ` ${names}`}`.slice(0, 300);
}
