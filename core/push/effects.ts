import type { LinkRow, RouterConnection } from "@/core/router_link/link.ts";
import { isSame } from "./device_values.ts";
import { isState, readMenu } from "./menu_rows.ts";
import type { ResolvedCommand } from "./record.ts";

/** @returns the id of what was added */
export async function send(
  connection: RouterConnection,
  command: ResolvedCommand,
): Promise<string | undefined> {
  const { menu } = command;
  switch (command.action) {
    case "add": {
      const place = command.before === null ? {} : { "place-before": command.before };
      const { ret } = await connection.run(`${menu}/add`, {
        attributes: { ...command.attributes, ...place },
      });
      return ret;
    }
    case "set": {
      const target: Record<string, string> = command.id === null ? {} : { ".id": command.id };
      const values = Object.entries(command.attributes);
      const set = values.filter((pair): pair is [string, string] => pair[1] !== null);
      if (set.length > 0) {
        await connection.run(`${menu}/set`, {
          attributes: { ...target, ...Object.fromEntries(set) },
        });
      }
      for (const [name, value] of values) {
        if (value !== null) continue;
        await connection.run(
          command.id === null ? `${menu}/set` : `${menu}/unset`,
          { attributes: command.id === null ? { [name]: "" } : { ...target, "value-name": name } },
        );
      }
      return undefined;
    }
    case "remove":
      await connection.run(`${menu}/remove`, { attributes: { ".id": command.id } });
      return undefined;
    case "move":
      await connection.run(`${menu}/move`, {
        attributes: {
          numbers: command.id,
          ...(command.before !== null && { destination: command.before }),
        },
      });
      return undefined;
  }
}

export async function rowBefore(
  connection: RouterConnection,
  command: ResolvedCommand,
): Promise<LinkRow | undefined> {
  return command.action === "set"
    ? await readItem(connection, command.menu, command.id)
    : undefined;
}

async function readItem(
  connection: RouterConnection,
  menu: string,
  id: string | null,
): Promise<LinkRow | undefined> {
  const { rows } = await connection.run(
    `${menu}/print`,
    id === null ? {} : { queries: [`.id=${id}`] },
  );
  return rows[0];
}

/** What of the command cannot be seen on the router; `null`: it is there. */
export async function missing(
  connection: RouterConnection,
  command: ResolvedCommand,
  before: LinkRow | undefined,
  added: string | undefined,
): Promise<string | null> {
  const { menu } = command;
  switch (command.action) {
    case "add": {
      const row = added === undefined ? undefined : await readItem(connection, menu, added);
      return row ? null : "the router says it was done, and the item is not there";
    }
    case "remove":
      return await readItem(connection, menu, command.id)
        ? "the router says it was done, and the item is still there"
        : null;
    case "set": {
      const row = await readItem(connection, menu, command.id);
      if (!row) return "the item is not there any more";
      const kept = Object.entries(command.attributes).find(([name, value]) =>
        !isState(menu, name) && isUntouched(before?.[name] ?? "", row[name] ?? "", value ?? "")
      );
      return kept ? `the router says it was done, and ${kept[0]} is as before` : null;
    }
    case "move": {
      const ids = (await readMenu(connection, menu)).rows.map((row) => row[".id"]);
      const next = ids[ids.indexOf(command.id) + 1] ?? null;
      return next === command.before
        ? null
        : "the router says it was done, and the item stands elsewhere";
    }
  }
}

/** A router may write a value in its own way: only one that stayed what it was did not take. */
export const isUntouched = (before: string, now: string, wanted: string) =>
  now === before && !isSame(now, wanted) && !(now === "" && wanted !== "") &&
  !isDefaultOff(now, wanted);

const isDefaultOff = (now: string, wanted: string) =>
  now === "" && (wanted === "no" || wanted === "false");

export async function idsOf(connection: RouterConnection, menu: string): Promise<Set<string>> {
  const { rows } = await connection.run(`${menu}/print`, { proplist: [".id"] });
  return new Set(rows.flatMap((row) => row[".id"] ?? []));
}

/** What was added by a command whose answer was lost: the one that is new and says what it should. */
export async function addedSince(
  connection: RouterConnection,
  command: ResolvedCommand,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  if (command.action !== "add") return undefined;
  const { rows } = await readMenu(connection, command.menu);
  const fitting = rows.filter((row) =>
    !known.has(row[".id"]!) &&
    Object.entries(command.attributes).every(([name, value]) =>
      row[name] === undefined || isSame(row[name], value)
    )
  );
  return fitting.length === 1 ? fitting[0]![".id"] : undefined;
}
