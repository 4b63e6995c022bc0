import type { Db, Sql } from "@/core/ports/db.ts";

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

/** A database that also asks for the plan of each query; answers the tables read from end to end. */
export function watchPlans(db: Db): { db: Db; scanned(): string[] } {
  const found = new Set<string>();
  const walk = (node: PlanNode) => {
    if (node["Node Type"] === "Seq Scan") found.add(node["Relation Name"]!);
    node.Plans?.forEach(walk);
  };
  const spied = (sql: Sql): Sql =>
    new Proxy(sql, {
      apply(target, self, args) {
        const make = () => Reflect.apply(target, self, args);
        const query = make();
        if (!Array.isArray(args[0]) || !("raw" in args[0])) return query;
        // A fragment is never awaited: only what is, is a query.
        const run = query.then.bind(query);
        query.then = async (...handlers: unknown[]) => {
          const [row] = await target`explain (format json) ${make()}`;
          walk(row!["QUERY PLAN"][0].Plan);
          return run(...handlers);
        };
        return query;
      },
    });
  const watched: Db = Object.create(db);
  watched.tenant = (tenantId, work) => db.tenant(tenantId, (sql) => work(spied(sql)));
  return {
    db: watched,
    scanned() {
      const tables = [...found].sort();
      found.clear();
      return tables;
    },
  };
}
