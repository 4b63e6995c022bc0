import type { Db, Sql } from "@/core/ports/db.ts";

/** A node of a plan as `explain (analyze, format json)` tells it. */
export interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

export interface SeenQuery {
  text: string;
  plan: PlanNode;
}

export interface PlanTap extends Db {
  /** What was asked since the last call, with the plan that each had, in its own transaction. */
  take(): SeenQuery[];
}

/** What the driver adds to a query once it was sent. */
interface Sent {
  string?: string;
  parameters?: unknown[];
}

/** A database that says of every query how PostgreSQL went about it. */
export function tapPlans(db: Db): PlanTap {
  let seen: SeenQuery[] = [];
  const tapped = <T>(work: (sql: Sql) => Promise<T>) => async (sql: Sql): Promise<T> => {
    const made: Sent[] = [];
    const watched = new Proxy(sql, {
      apply(target, self, given) {
        const query = Reflect.apply(target as never, self, given);
        // A fragment is made the same way; it is never sent by itself.
        if (Array.isArray(given[0]) && "raw" in given[0]) made.push(query as Sent);
        return query;
      },
    });
    const result = await work(watched);
    for (const { string, parameters } of made) {
      const isRead = string && /^\s*(select|with)\b/i.test(string) &&
        !/\b(insert into|update|delete from)\b/i.test(string);
      if (!isRead) continue;
      const [row] = await sql.unsafe<{ "QUERY PLAN": { Plan: PlanNode }[] }[]>(
        `explain (analyze, timing off, format json) ${string}`,
        parameters as never,
      );
      seen.push({ text: string, plan: row!["QUERY PLAN"][0]!.Plan });
    }
    return result;
  };
  return {
    tenant: (tenantId, work) => db.tenant(tenantId, tapped(work)),
    system: (work) => db.system(tapped(work)),
    poller: (work) => db.poller(work),
    check: () => db.check(),
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}
