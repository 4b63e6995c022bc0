import type { GivenValues, Template } from "@/core/contract/templates.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { FillableTemplate } from "./fill_template.ts";
import { KeptValues, readRouters } from "./router_values.ts";

export interface Lack {
  /** "psk has no value" */
  message: string;
  /** Some of the routers that it holds for. */
  routers: string[];
  count: number;
}

const NAMED = 5;
const AT_ONCE = 500;

/** Why a template cannot be filled for some of these routers: each reason, and for whom. */
export async function whoLacks(
  sql: Sql,
  by: { kms: Kms; tenantId: TenantId },
  { script, variables }: Pick<Template, "script" | "variables">,
  given: GivenValues,
  routers: readonly { id: string; name: string }[],
): Promise<Lack[]> {
  const template = new FillableTemplate(script, variables);
  const lacks = new Map<string, Lack>();
  for (let at = 0; at < routers.length; at += AT_ONCE) {
    const ids = routers.slice(at, at + AT_ONCE).map(({ id }) => id);
    const known = await readRouters(sql, ids);
    const kept = await KeptValues.read(sql, by, template.names, known.values());
    for (const id of ids) {
      const router = known.get(id);
      if (!router) continue;
      const { problems } = template.fill(router, kept.levelsOf(router), given);
      for (const message of new Set(problems.map(({ message }) => message))) {
        const lack = lacks.get(message) ?? { message, routers: [], count: 0 };
        lack.count += 1;
        if (lack.routers.length < NAMED) lack.routers.push(router.name);
        lacks.set(message, lack);
      }
    }
  }
  return [...lacks.values()].sort((a, b) => b.count - a.count).slice(0, 50);
}
