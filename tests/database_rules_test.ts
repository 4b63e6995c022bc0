import { deepEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SKIPPED = new Set([".git", "node_modules", "dist", "gen", "static"]);

async function* sources(dir: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${dir}`)) {
    const path = `${dir}${name}`;
    if (isDirectory && !SKIPPED.has(name)) yield* sources(`${path}/`);
    else if (/\.(tsx?|sql)$/.test(name)) yield path;
  }
}

/** Breaches of the rules that keep tenant data behind `db.tenant()`, as `rule: text`. */
function breaches(path: string, text: string): string[] {
  const found: string[] = [];
  const isTest = path.startsWith("tests/") || path.endsWith("_test.ts");
  if (isTest) return found;
  if (
    /set_config\s*\([^)]*,\s*false\s*\)/i.test(text) || /\bset\s+(session\s+)?app\./i.test(text)
  ) {
    found.push("a tenant context for the whole session reaches the next user of the connection");
  }
  if (/\bset\s+(local\s+)?role\b/i.test(text)) found.push("SET ROLE can be reset from inside");
  const isAdapter = path.startsWith("core/adapters/") || path.startsWith("bench/");
  if (!isAdapter && /^import (?!type\b).*from "postgres"/m.test(text)) {
    found.push("only core/adapters opens connections");
  }
  if (!isAdapter && path !== "migrations/0001_tenancy.sql" && /app\.tenant_id/.test(text)) {
    found.push("only db.tenant() sets the tenant");
  }
  return found;
}

Deno.test("database rules: no source goes around db.tenant()", async () => {
  const found: string[] = [];
  for await (const path of sources("")) {
    const text = await Deno.readTextFile(`${ROOT}${path}`);
    found.push(...breaches(path, text).map((rule) => `${path}: ${rule}`));
  }
  deepEqual(found, []);
});

Deno.test("database rules: each breach is seen", () => {
  for (
    const [path, text] of [
      ["core/adapters/x.ts", "select set_config('app.tenant_id', ${id}, false)"],
      ["core/x.ts", "set session app.tenant_id = 'x'"],
      ["core/x.ts", "await sql`set local role admin`"],
      ["core/x.ts", 'import postgres from "postgres";'],
      ["routes/x.ts", "set_config('app.tenant_id', ${id}, true)"],
    ] as const
  ) deepEqual(breaches(path, text).length > 0, true, text);
  deepEqual(breaches("core/x.ts", 'import type postgres from "postgres";'), []);
});
