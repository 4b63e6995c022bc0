import { SITE_SEPARATOR, siteParts } from "@/core/contract/sites.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Scope } from "@/core/scope.ts";
import { insertSite, type SiteDeps, tellSite } from "./sites.ts";

/** The sites there are, by every path and every name that only one site has. */
export class KnownSites {
  readonly #byPath = new Map<string, string>();
  readonly #byName = new Map<string, string | null>();

  static async read(sql: Sql): Promise<KnownSites> {
    const known = new KnownSites();
    const rows = await sql<{ id: string; path: string }[]>`select id, path from sites`;
    for (const { id, path } of rows) known.add(path, id);
    return known;
  }

  add(path: string, id: string): void {
    this.#byPath.set(keyOf(path), id);
    const name = keyOf(siteParts(path).at(-1)!);
    // Of two sites with the same name neither is meant by it.
    this.#byName.set(name, this.#byName.has(name) ? null : id);
  }

  /** By its path alone. */
  at(path: string): string | undefined {
    return this.#byPath.get(keyOf(path));
  }

  /** As people name it. */
  find(name: string): string | undefined {
    return this.at(name) ?? this.#byName.get(keyOf(name)) ?? undefined;
  }
}

/**
 * The ids of sites that people name (see `SitePath`). Who may make sites need not do so before: what is
 * missing is made.
 *
 * @throws {InvalidInput} for a site that there is not, to those who may not make it
 */
export async function findSites(
  sql: Sql,
  scope: Scope,
  deps: Pick<SiteDeps, "kms">,
  names: Iterable<string>,
): Promise<Map<string, string>> {
  const wanted = new Set(names);
  const ids = new Map<string, string>();
  if (wanted.size === 0) return ids;
  const known = await KnownSites.read(sql);
  for (const name of wanted) {
    ids.set(name, known.find(name) ?? await makePath(sql, scope, deps, name, known));
  }
  return ids;
}

function keyOf(path: string): string {
  return siteParts(path).join(SITE_SEPARATOR).toLowerCase();
}

async function makePath(
  sql: Sql,
  scope: Scope,
  deps: Pick<SiteDeps, "kms">,
  name: string,
  known: KnownSites,
): Promise<string> {
  if (!scope.permissions.has("sites:write")) {
    throw new InvalidInput("Cannot find this site", [
      { path: "site", message: `there is no ${name}: choose one that there is` },
    ]);
  }
  let id = "";
  let path = "";
  for (const part of siteParts(name)) {
    const parentId = id || null;
    path = path === "" ? part : `${path}${SITE_SEPARATOR}${part}`;
    const here = known.at(path);
    if (here === undefined) {
      id = await insertSite(sql, scope, {
        ...{ name: part, parentId, address: null, notes: null, latitude: null, longitude: null },
      });
      known.add(path, id);
      await tellSite(sql, scope, deps, { id, path }, "site.added");
    } else id = here;
  }
  return id;
}
