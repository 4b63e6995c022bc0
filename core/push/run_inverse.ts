import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import type { InverseStep } from "./inverse.ts";
import { readMenu } from "./menu_rows.ts";

/**
 * Takes the steps over the API, where the router has no script for them or its script did not do. What the
 * router declines is left for the reading afterwards to judge.
 *
 * @throws {LinkFailed} when the connection fails
 */
export async function runInverse(
  connection: RouterConnection,
  steps: readonly InverseStep[],
): Promise<void> {
  const ids = new Map<string, string>();
  const attempt = async (command: string, attributes: Record<string, string>) => {
    try {
      return await connection.run(command, { attributes });
    } catch (error) {
      if (!(error instanceof LinkFailed && error.reason === "trap")) throw error;
    }
  };
  const idOf = (menu: string, id: string) => ids.get(`${menu} ${id}`) ?? id;
  for (const step of steps) {
    const { menu } = step;
    switch (step.kind) {
      case "prune": {
        const keep = new Set(step.keep);
        for (const row of (await readMenu(connection, menu)).rows) {
          if (!keep.has(row[".id"]!)) await attempt(`${menu}/remove`, { ".id": row[".id"]! });
        }
        break;
      }
      case "restore": {
        const { rows } = await connection.run(`${menu}/print`, {
          queries: [`.id=${step.id}`],
          proplist: [".id"],
        });
        if (rows.length > 0) break;
        const added = await attempt(`${menu}/add`, { ...step.attributes });
        if (added?.ret !== undefined) ids.set(`${menu} ${step.id}`, added.ret);
        break;
      }
      case "set": {
        const target: Record<string, string> = step.id === null
          ? {}
          : { ".id": idOf(menu, step.id) };
        const values = Object.entries(step.attributes);
        const set = values.filter((pair): pair is [string, string] => pair[1] !== null);
        if (set.length > 0) {
          await attempt(`${menu}/set`, { ...target, ...Object.fromEntries(set) });
        }
        for (const [name, value] of values) {
          if (value !== null) continue;
          if (step.id === null) await attempt(`${menu}/set`, { [name]: "" });
          else await attempt(`${menu}/unset`, { ...target, "value-name": name });
        }
        break;
      }
      case "order":
        for (const [id, before] of step.places) {
          await attempt(`${menu}/move`, {
            numbers: idOf(menu, id),
            ...(before !== null && { destination: idOf(menu, before) }),
          });
        }
    }
  }
}
