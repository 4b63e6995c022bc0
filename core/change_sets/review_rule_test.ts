import { rejects } from "node:assert/strict";
import { saveSettings } from "@/core/directory/tenants.ts";
import { Conflict } from "@/core/errors.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { demandReview } from "./review_rule.ts";

Deno.test("four eyes: what nobody reviewed is pushed by those alone who might approve it", async () => {
  await using test = await openInventory();
  const { scope, platform, db, acme } = test;
  const router = await test.router("one");
  const permissions = [...scope.permissions].filter((name) => name !== "configs:approve");
  const operator = { ...scopeOf(db, acme), permissions: new Set(permissions) };
  const asked = (by: typeof scope) => db.tenant(acme, (sql) => demandReview(sql, by));
  await asked(operator);
  await saveSettings(scope, platform as never, { requireChangeReview: true });
  await asked(scope);
  await rejects(asked(operator), Conflict);
  // The name that a request gives its source is no review.
  const push = startPush(operator, platform, {
    ...{ deviceId: router.id, title: "x", confirm: "auto", windowSeconds: 60, probes: [] },
    ...{ source: { kind: "change_set", id: crypto.randomUUID() }, typedName: null },
    commands: [{ action: "remove", menu: "/ip/address", target: { by: "id", id: "*1" } }],
  });
  await rejects(push, /without a review/);
});
