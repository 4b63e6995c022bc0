import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { backUp } from "@/core/configs/back_up.ts";
import { addDevice } from "@/core/devices/devices.ts";
import type { RestoreRequest } from "@/core/contract/restores.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { planRestore } from "@/core/restores/plan_restore.ts";
import { startRestore } from "@/core/restores/start_restore.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

const OPTIONS = {
  confirm: "auto" as const,
  windowSeconds: 60,
  probes: [],
  typedName: null,
} satisfies Partial<RestoreRequest>;

Deno.test({
  name: "a router gets back what it had, all of it or what is chosen, over a push",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using fleet = await startFleet({
      ssh: true,
      routers: [
        { board: "hex", version: "7.18.2", identity: "edge-1" },
        { board: "hex", version: "7.18.2", identity: "edge-2" },
        { board: "rb5009", version: "7.18.2", identity: "core-1" },
      ],
    });
    await using test = await openSignedIn();
    const { platform, db, acme } = test;
    const stop = new AbortController();
    const polling = startPoller(platform, stop.signal);
    const scope = scopeOf(db, acme);
    const backups = { ...platform, backupHour: 1 };
    const ids: string[] = [];
    const versions: string[] = [];
    for (const { address, port, sshPort, username, password, router } of fleet.routers) {
      const device = await addDevice(scope, platform, {
        name: String(router.spec.identity),
        ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
      });
      ids.push(device.id);
    }
    const [edge1, edge2, core1] = ids as [string, string, string];
    const [{ router }, , other] = fleet.routers as [
      typeof fleet.routers[0] & object,
      unknown,
      typeof fleet.routers[0] & object,
    ];
    const take = async (deviceId: string) => {
      const outcome = await backUp(backups, {
        ...{ tenantId: acme, deviceId, trigger: "manual", actor: "user:test" },
      });
      if (outcome.outcome === "failed") throw new Error(outcome.detail);
      return outcome.versionId;
    };
    const secret = { name: "branch", password: "correct horse", service: "any" };
    router.edit("/ppp/secret").push({ ".id": "*A1", ...secret, disabled: "false" });
    for (const id of ids) versions.push(await take(id));
    const [kept, , foreignKept] = versions as [string, string, string];
    router.edit("/ppp/secret")[0]!["password"] = "battery staple";
    router.edit("/system/identity")[0]!["name"] = "lost";
    router.edit("/ip/firewall/filter").splice(2, 1);

    await t.step("the plan says what differs, without secrets, and what it minds", async () => {
      const source = { versionId: kept, sourceId: null };
      const plan = await planRestore(scope, backups, edge1, source);
      deepEqual(plan.changes.map(({ kind, menu }) => `${kind} ${menu}`).sort(), [
        "added /ip/firewall/filter",
        "changed /ppp/secret",
        "changed /system/identity",
      ]);
      ok(!/correct horse|battery staple/.test(JSON.stringify(plan)));
      deepEqual([plan.cannot, plan.warnings, plan.source], [[], [], null]);
      const asTwin = await planRestore(scope, backups, edge2, {
        versionId: kept,
        sourceId: edge1,
      });
      match(asTwin.warnings[0]!, /of another router, edge-1/);
      equal(asTwin.source?.id, edge1);
      await rejects(
        planRestore(scope, backups, edge1, { versionId: foreignKept, sourceId: core1 }),
        {
          name: InvalidInput.name,
          message: /their ports are not the same/,
        },
      );
      await rejects(planRestore(scopeOf(db, test.globex), backups, edge1, source), NotFound);
      await rejects(
        planRestore(scopeOf(db, acme, ["configs:read"]), backups, edge1, source),
        Forbidden,
      );
    });

    await t.step("a partial version is no source, an old plan no ground", async () => {
      other.router.inject({ kind: "export-partial", menu: "/ip/dns" } as never);
      const partial = await take(core1);
      await rejects(planRestore(scope, backups, core1, { versionId: partial, sourceId: null }), {
        name: InvalidInput.name,
        message: /could not export all of it/,
      });
      const choice = { versionId: kept, sourceId: null, runningId: kept, chosen: null };
      const deps = { backups, pushes: platform };
      await rejects(startRestore(scope, deps, edge1, { ...choice, ...OPTIONS }), Conflict);
    });

    const tab = await test.open("admin");
    const { page } = tab;
    await t.step("on the pages it is chosen, looked at and pushed", async () => {
      await page.goto(`${test.url}/devices/${edge1}/config?version=${kept}`);
      await page.getByRole("link", { name: "Restore…" }).click();
      await page.getByText("3 of 3 changes").waitFor();
      equal(await page.getByText("correct horse").count(), 0);
      await page.getByRole("checkbox", { name: "All of /ip/firewall/filter" }).uncheck();
      await page.getByText("2 of 3 changes").waitFor();
      deepEqual(await tab.violations(), []);
      await page.getByRole("button", { name: "Look and push…" }).click();
      await page.getByRole("button", { name: "Push 2 changes" }).click();
      await page.waitForURL(/\/pushes\/[0-9a-f-]{36}$/);
      const [push] = await test.admin<
        { source: string; id: string; commands: number; seen: Date }[]
      >`
        select p.source_kind as source, p.source_id as id, p.commands, v.restored_at as seen
        from pushes p join config_versions v on v.id::text = p.source_id`;
      deepEqual([push!.source, push!.id, push!.commands], ["restore", kept, 2]);
      ok(push!.seen, "the version is kept from now on");
    });
    deepEqual(tab.errors, []);
    stop.abort();
    await polling;
  },
});
