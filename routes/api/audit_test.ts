import { deepEqual, equal, match, ok } from "node:assert/strict";
import { csvRecords } from "@/core/csv.ts";
import { type Permission, PERMISSIONS, type TenantId } from "@/core/scope.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { auditApi } from "./audit.ts";
import { transparencyApi } from "./transparency.ts";
import { apiModule } from "../http/api_route.ts";
import { problem } from "../http/problem.ts";
import { silentLog } from "@/tests/support/log.ts";

/** Both modules over a database of their own; `ask` speaks for a tenant with some permissions. */
async function openApi() {
  const test = await openAuditTest();
  const ask = async (
    path: string,
    tenant: TenantId = test.acme,
    permissions: readonly Permission[] = PERMISSIONS,
  ) => {
    const app = apiModule();
    app.onError(problem(silentLog));
    app.use(async (c, next) => {
      c.set("scope", { ...scopeOf(test.db, tenant, permissions), requestId: "r-1", ip: "::1" });
      await next();
    });
    app.route("/audit", auditApi(test.platform));
    app.route("/transparency", transparencyApi(test.platform));
    const response = await app.request(path);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && !text.includes("\n{") ? JSON.parse(text) : undefined,
    };
  };
  return { ...test, ask };
}

Deno.test("audit API: lists, filters by time and reads one entry, of one's own tenant only", async () => {
  await using test = await openApi();
  const { ask, acme, globex } = test;
  await writeEntries(test, acme, 10);
  const list = await ask("/audit?limit=4&from=2026-01-01T00:02:00Z&to=2026-01-01T00:08:00%2B00:00");
  deepEqual(list.body.items.map(({ seq }: { seq: string }) => seq), ["8", "7", "6", "5"]);
  const rest = await ask(
    `/audit?limit=4&from=2026-01-01T00:02:00Z&to=2026-01-01T00:08:00Z&cursor=${list.body.nextCursor}`,
  );
  deepEqual(rest.body.items.map(({ seq }: { seq: string }) => seq), ["4", "3"]);
  equal(rest.body.nextCursor, null);
  equal((await ask("/audit/1")).body.details.i, 0);
  equal((await ask("/audit/1", globex)).status, 404);
  equal((await ask("/audit/x")).status, 404);
  equal((await ask("/audit", globex)).body.items.length, 0);
  for (
    const bad of ["from=yesterday", "to=2026-13-01", "outcome=maybe", "limit=0", "action=A%25"]
  ) {
    equal((await ask(`/audit?${bad}`)).status, 422, bad);
  }
});

Deno.test("audit API: an export is a file, needs its own permission, and is audited with its filter", async () => {
  await using test = await openApi();
  const { ask, acme } = test;
  await writeEntries(test, acme, 3);
  equal((await ask("/audit/export", acme, ["audit:read"])).status, 403);
  equal((await ask("/audit", acme, ["audit:export"])).status, 403);
  equal((await ask("/audit/export?format=xml")).status, 422);
  const { headers, text } = await ask("/audit/export?action=login");
  match(headers.get("content-disposition")!, /^attachment; filename="tod-audit-[\d-]{10}\.csv"$/);
  match(headers.get("content-type")!, /^text\/csv/);
  equal(headers.get("cache-control"), "no-store");
  match(text, /^seq,chain,tenant_id,/);
  const [last] = (await ask("/audit")).body.items;
  deepEqual([last.action, last.ip, last.requestId], ["audit.exported", "::1", "r-1"]);
  const entry = await ask(`/audit/${last.seq}`);
  deepEqual(entry.body.details, { format: "csv", filter: { action: "login" } });
  const lines = (await ask("/audit/export?format=jsonl")).text.trimEnd().split("\n");
  equal(lines.length, 7);
  ok(lines.every((line) => JSON.parse(line)));
});

Deno.test("transparency API: rows, sums and CSV of one's own tenant", async () => {
  await using test = await openApi();
  const { ask, acme, globex, db } = test;
  await db.tenant(acme, (sql) =>
    noteSecretRead(sql, acme, {
      ...{ actor: "user:1", purpose: "=winbox", secret: "device.credential" },
      at: new Date("2026-01-01T10:30:00Z"),
    }));
  const range = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
  const list = await ask(`/transparency?${range}`);
  equal(list.body.items[0].bucket, "2026-01-01T10:00:00.000Z");
  equal((await ask(`/transparency/summary?${range}`)).body.total, 1);
  equal((await ask(`/transparency/summary?${range}`, globex)).body.total, 0);
  equal((await ask(`/transparency?${range}`, globex)).body.items.length, 0);
  equal((await ask("/transparency/summary")).status, 422);
  equal((await ask("/transparency?device=x")).status, 422);
  const { text } = await ask("/transparency/export");
  const records = await Array.fromAsync(csvRecords((async function* () {
    yield text;
  })()));
  deepEqual([records.length, records[1]![4]], [2, "=winbox"]);
  ok(text.includes(",'=winbox,"));
  for (const path of ["", "/export", `/summary?${range}`]) {
    equal((await ask(`/transparency${path}`, acme, ["audit:read"])).status, 403, path);
  }
});
