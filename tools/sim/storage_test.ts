import { deepEqual, equal, match, ok } from "node:assert/strict";
import { stateText } from "./backup.ts";
import { connectDirectly, ConnectionFailed, type DirectConnection, simRouter } from "./direct.ts";
import { exportText } from "./export.ts";
import type { Fault } from "./faults.ts";
import type { RouterWish } from "./fleet.ts";
import type { SimRouter } from "./router.ts";
import { VirtualTime } from "./time.ts";

const START = Date.UTC(2026, 10, 25, 12);

function one(wish: RouterWish = {}): { time: VirtualTime; router: SimRouter } {
  const time = new VirtualTime(START);
  return { time, router: simRouter(wish, { time }) };
}

async function failure(time: VirtualTime, promise: Promise<unknown>): Promise<string> {
  try {
    await time.run(promise);
  } catch (error) {
    if (error instanceof ConnectionFailed) return `${error.reason}: ${error.message}`;
    throw error;
  }
  return "";
}

const save = (c: DirectConnection, name: string, password = "secret") =>
  c.run("/system/backup/save", { attributes: { name, password } });

for (
  const [board, version] of [["hex", "6.49.17"], ["hap-ac2", "7.18.2"], ["rb4011", "7.12"]] as const
) {
  Deno.test(`a ${version} ${board} loads its backup: all as it was, after a reboot`, async () => {
    const { time, router } = one({ board, version, bootMs: 20_000 });
    const c = await connectDirectly(router);
    await c.run("/interface/vlan/add", {
      attributes: {
        name: "v",
        "vlan-id": "7",
        interface: board === "rb4011" ? "ether2" : "bridge",
      },
    });
    const before = stateText(router);
    const text = exportText(router, { isTerse: true, hasSecrets: true, hasHeader: false });
    const flash = router.files.hasFlashFolder ? "flash/" : "";
    await save(c, `${flash}tod`);
    await time.advance(60_000);
    await c.run("/ip/address/remove", { attributes: { numbers: "*2" } }).catch(() => {});
    await c.run("/interface/vlan/remove", { attributes: { numbers: "v" } });
    await c.run("/user/set", { attributes: { numbers: "tod", password: "other" } });
    await c.run("/system/scheduler/add", { attributes: { name: "j", interval: "1h" } });
    ok(stateText(router) !== before);
    const load = (password: string) =>
      failure(
        time,
        c.run("/system/backup/load", { attributes: { name: `${flash}tod`, password } }),
      );
    match(await load("wrong"), /^trap: failure: wrong password/);
    match(await load("secret"), /^lost/);
    ok(!router.isUp);
    await time.advance(20_000);
    equal(stateText(router), before);
    equal(exportText(router, { isTerse: true, hasSecrets: true, hasHeader: false }), text);
    const again = await connectDirectly(router, { password: router.spec.users[0]!.password });
    const [vlan] = (await again.run("/interface/print", { queries: ["name=v"] })).rows;
    equal(vlan!["running"], "true");
  });
}

Deno.test("what is not in flash is gone after a reboot, what NAND had not yet is empty after a cut", async () => {
  const { time, router } = one({ board: "hex" });
  const c = await connectDirectly(router);
  await save(c, "ram");
  await save(c, "flash/kept");
  router.powerLoss({ offMs: 1_000 });
  await time.advance(60_000);
  deepEqual(router.files.list().map(({ name }) => name), ["flash/kept.backup"]);
  ok(router.files.read("flash/kept.backup")!.length > 1_000);

  const { time: later, router: core } = one({ board: "rb4011", version: "7.18.2" });
  const d = await connectDirectly(core);
  await save(d, "early");
  await later.advance(41_000);
  await save(d, "late");
  core.powerLoss();
  await later.advance(60_000);
  deepEqual(core.files.list().map(({ name, data }) => [name, data.length > 0]), [
    ["early.backup", true],
    ["late.backup", false],
  ]);
});

Deno.test("a full flash takes no file, and says so", async () => {
  const { time, router } = one();
  router.inject({ kind: "flash-full" });
  const c = await connectDirectly(router);
  match(await failure(time, save(c, "flash/x")), /not enough space/);
  equal((await c.run("/system/resource/print")).rows[0]!["free-hdd-space"], "0");
});

Deno.test("files: print, chunks, contents, remove, and an export that goes to one", async () => {
  const { router } = one();
  const c = await connectDirectly(router);
  await c.run("/export", { attributes: { file: "flash/x", "show-sensitive": "" } });
  const [row] = (await c.run("/file/print", {
    proplist: ["name", "size", "type"],
    queries: ["name=flash/x.rsc"],
  })).rows;
  const text = router.files.read("flash/x.rsc")!;
  deepEqual(row, { name: "flash/x.rsc", size: String(text.length), type: "script" });
  let read = "";
  for (let offset = 0; offset < text.length; offset += 1_000) {
    const { rows } = await c.run("/file/read", {
      attributes: { file: "flash/x.rsc", offset: String(offset), "chunk-size": "1000" },
    });
    read += rows[0]!["data"];
  }
  equal(read, text);
  await c.run("/file/set", { attributes: { numbers: "flash/x.rsc", contents: "short" } });
  equal(router.files.read("flash/x.rsc"), "short");
  const [now] = (await c.run("/file/print", { queries: ["name=flash/x.rsc"] })).rows;
  equal(now!["contents"], "short");
  await c.run("/file/remove", { attributes: { ".id": now![".id"]! } });
  equal(router.files.list().length, 0);
});

Deno.test("faults strike at their moment, before or after what they wait for", async () => {
  const cases: [fault: Fault, end: RegExp, isDone: boolean, isUp: boolean][] = [
    [
      {
        kind: "link-lost",
        how: "silent",
        at: { command: "/system/identity/set", when: "before" },
      },
      /^timeout/,
      false,
      true,
    ],
    [
      {
        kind: "link-lost",
        how: "reset",
        at: { command: "/system/identity/set", when: "after" },
      },
      /^lost/,
      true,
      true,
    ],
    [{ kind: "reboots", at: { command: "/system/identity", when: "after" } }, /^lost/, true, false],
    [{ kind: "power-loss", at: { nth: 2, when: "before" } }, /^timeout/, false, false],
    [{ kind: "refuse-command", command: "/system/identity/set" }, /^trap: failure/, false, true],
    [{ kind: "clock-jump", at: { nth: 2, when: "after" }, byMs: 3_600_000 }, /^$/, true, true],
  ];
  for (const [fault, end, isDone, isUp] of cases) {
    const { time, router } = one({ bootMs: 100_000 });
    router.inject(fault);
    const c = await connectDirectly(router);
    await c.run("/system/resource/print").catch(() => {});
    const set = () => c.run("/system/identity/set", { attributes: { name: "new" } });
    match(await failure(time, set()), end, fault.kind);
    deepEqual([router.identity === "new", router.isUp], [isDone, isUp], fault.kind);
    if (fault.kind === "refuse-command") equal(await failure(time, set()), "");
    if (fault.kind === "clock-jump") equal(router.clock() - time.now(), 3_600_000);
  }
});

Deno.test("somebody else releases or takes safe mode in the middle", async () => {
  for (const kind of ["safe-mode-released", "safe-mode-taken"] as const) {
    const { time, router } = one();
    router.inject({ kind, at: { command: "/system/identity/set", when: "after" } });
    const c = await connectDirectly(router);
    await c.run("/safe-mode/take");
    await c.run("/system/identity/set", { attributes: { name: "kept" } });
    const [state] = (await c.run("/safe-mode/print")).rows;
    deepEqual([state!["enabled"], state!["user"]], [
      String(kind === "safe-mode-taken"),
      kind === "safe-mode-taken" ? "admin" : "",
    ]);
    await c.close();
    await time.advance(10_000);
    equal(router.identity, "kept");
  }
});

Deno.test("a fault in the middle of an import leaves what came before it", async () => {
  const { time, router } = one({ bootMs: 5_000 });
  const lines = [1, 2, 3, 4].map((n) =>
    `/ip firewall address-list add list=l address=192.0.2.${n}`
  );
  router.files.write("flash/x.rsc", lines.join("\n"));
  router.inject({
    kind: "power-loss",
    at: { command: "/ip/firewall/address-list/add", nth: 3, when: "before" },
  });
  const c = await connectDirectly(router);
  match(
    await failure(time, c.run("/import", { attributes: { "file-name": "flash/x.rsc" } })),
    /^timeout/,
  );
  equal(router.rows("/ip/firewall/address-list").length, 2);
});
