import { deepEqual, equal, match, ok } from "node:assert/strict";
import { managementAddress } from "./admission.ts";
import { stateText } from "./backup.ts";
import { connectDirectly, ConnectionFailed, type DirectConnection, simRouter } from "./direct.ts";
import type { RouterWish } from "./fleet.ts";
import type { SimRouter } from "./router.ts";
import { VirtualTime } from "./time.ts";

const START = Date.UTC(2026, 10, 25, 12);

function one(wish: RouterWish = {}): { time: VirtualTime; router: SimRouter } {
  const time = new VirtualTime(START);
  return { time, router: simRouter(wish, { time }) };
}

/** Why it failed, and after how many seconds. */
async function failure(time: VirtualTime, promise: Promise<unknown>): Promise<string> {
  const from = time.now();
  try {
    await time.run(promise);
  } catch (error) {
    if (!(error instanceof ConnectionFailed)) throw error;
    return `${error.reason} after ${(time.now() - from) / 1_000} s`;
  }
  return "nothing";
}

const set = (connection: DirectConnection, menu: string, attributes: Record<string, string>) =>
  connection.run(`${menu}`, { attributes });

Deno.test("a session without a socket: rows, ids, counts and traps as over the API", async () => {
  const { router } = one();
  const c = await connectDirectly(router);
  deepEqual((await c.run("/system/identity/print", { proplist: ["name"] })).rows, [{
    name: "prague-core",
  }]);
  match(
    (await set(c, "/ip/address/add", { address: "10.9.0.1/24", interface: "bridge" })).ret!,
    /^\*/,
  );
  equal((await c.run("/ip/address/print", { flags: ["count-only"] })).ret, "3");
  equal(
    (await c.run("/ip/address/print", { queries: ["address=10.9.0.1/24"] })).rows[0]!["network"],
    "10.9.0.0",
  );
  for (
    const [command, attributes, message] of [
      [
        "/ip/address/add",
        { address: "10.9.0.1/24", interface: "bridge" },
        /already have such address/,
      ],
      [
        "/ip/address/add",
        { address: "10.9.0.1/40", interface: "bridge" },
        /invalid value for argument/,
      ],
      [
        "/ip/address/add",
        { address: "10.8.0.1/24", interface: "nic" },
        /does not match any value of i/,
      ],
      ["/ip/address/remove", { numbers: "*999" }, /no such item/],
      ["/ip/route/remove", { numbers: "*80000001" }, /dynamic/],
      ["/ip/firewall/filter/add", { chain: "input", "dst-port": "22" }, /ports can be specified/],
      [
        "/interface/vlan/add",
        { name: "v", interface: "bridge", "vlan-id": "5000" },
        /out of range/,
      ],
      ["/user/remove", { numbers: "tod" }, /last user with full/],
    ] as const
  ) {
    try {
      await c.run(command, { attributes: { ...attributes } });
      ok(false, command);
    } catch (error) {
      match((error as Error).message, message);
    }
  }
});

Deno.test("who may come in: firewall, address, way back, service, user", async () => {
  const cases: [what: string, command: string, attributes: Record<string, string>, end: string][] =
    [
      ["a rule drops", "/ip/firewall/filter/add", {
        chain: "input",
        action: "drop",
        "place-before": "0",
      }, "unreachable after 10 s"],
      ["a rule rejects", "/ip/firewall/filter/add", {
        chain: "input",
        action: "reject",
        protocol: "tcp",
        "dst-port": "8728",
        "place-before": "0",
      }, "unreachable after 0 s"],
      ["a rule for others", "/ip/firewall/filter/add", {
        chain: "input",
        action: "drop",
        "src-address": "192.0.2.0/24",
        "place-before": "0",
      }, "nothing"],
      [
        "not in the list any more",
        "/interface/list/member/remove",
        { numbers: "*2" },
        "unreachable after 10 s",
      ],
      ["the address is gone", "/ip/address/remove", { numbers: "*1" }, "unreachable after 10 s"],
      [
        "another address",
        "/ip/address/set",
        { numbers: "*1", address: "10.64.0.99/24" },
        "unreachable after 10 s",
      ],
      [
        "a wrong gateway",
        "/ip/route/set",
        { numbers: "*1", gateway: "10.64.0.77" },
        "unreachable after 10 s",
      ],
      ["the port is off", "/interface/disable", { numbers: "ether1" }, "unreachable after 10 s"],
      ["the port in the bridge", "/interface/bridge/port/add", {
        bridge: "bridge",
        interface: "ether1",
      }, "unreachable after 10 s"],
      ["the port renamed", "/interface/set", { numbers: "ether1", name: "wan" }, "nothing"],
      ["service off", "/ip/service/disable", { numbers: "api" }, "unreachable after 0 s"],
      [
        "service elsewhere",
        "/ip/service/set",
        { numbers: "api", port: "9999" },
        "unreachable after 0 s",
      ],
      [
        "service for others",
        "/ip/service/set",
        { numbers: "api", address: "192.0.2.0/24" },
        "lost after 0 s",
      ],
      ["password", "/user/set", { numbers: "tod", password: "new" }, "login_refused after 0 s"],
      [
        "user for others",
        "/user/set",
        { numbers: "tod", address: "192.0.2.0/24" },
        "login_refused after 0 s",
      ],
    ];
  for (const [what, command, attributes, end] of cases) {
    const { time, router } = one();
    const { password } = router.spec.users[0]!;
    const c = await connectDirectly(router, { password });
    const change = failure(time, c.run(command, { attributes }));
    await change;
    equal(await failure(time, connectDirectly(router, { password })), end, what);
  }
});

Deno.test("an open session outlives a rule for new ones, and starves when its address is gone", async () => {
  const { time, router } = one();
  const c = await connectDirectly(router);
  await c.run("/ip/firewall/filter/add", { attributes: { chain: "input", action: "drop" } });
  await c.run("/ip/firewall/filter/move", { attributes: { numbers: "*100", destination: "*2" } })
    .catch(() => {});
  await c.run("/system/identity/print");
  equal(
    await failure(
      time,
      c.run("/ip/address/remove", { attributes: { numbers: "*1" }, deadlineMs: 5_000 }),
    ),
    "timeout after 5 s",
  );
  equal(router.rows("/ip/address").length, 1); // done all the same
  equal(await failure(time, c.run("/system/identity/print")), "timeout after 30 s");
});

Deno.test("safe mode: release keeps, unroll and a lost session take back", async () => {
  const { time, router } = one();
  const before = stateText(router);
  const add = (c: DirectConnection) =>
    c.run("/ip/address/add", { attributes: { address: "10.9.0.1/24", interface: "bridge" } });
  const holder = await connectDirectly(router);
  await holder.run("/safe-mode/take");
  await add(holder);
  const other = await connectDirectly(router);
  await other.run("/interface/set", { attributes: { numbers: "bridge", name: "lan" } });
  const count = await other.run("/system/history/print", {
    flags: ["count-only"],
    queries: ["floating-undo=true"],
  });
  equal(count.ret, "2");
  match(await failure(time, other.run("/safe-mode/take")), /^trap/);
  await holder.run("/safe-mode/unroll");
  equal(stateText(router), before);

  await holder.run("/safe-mode/take");
  await add(holder);
  await holder.close();
  await time.advance(1_900);
  ok(stateText(router) !== before);
  await time.advance(200);
  equal(stateText(router), before);

  const silent = await connectDirectly(router);
  await silent.run("/safe-mode/take");
  await add(silent);
  silent.cut();
  await time.advance(9 * 60_000);
  ok(stateText(router) !== before);
  await time.advance(3_000);
  equal(stateText(router), before);

  const keeper = await connectDirectly(router);
  await keeper.run("/safe-mode/take");
  await add(keeper);
  await other.run("/safe-mode/release");
  await keeper.close();
  await time.advance(60_000);
  ok(stateText(router) !== before);
});

Deno.test("safe mode ends with everything kept once there are more actions than it remembers", async () => {
  const { time, router } = one();
  const c = await connectDirectly(router);
  await c.run("/safe-mode/take");
  for (let i = 0; i < 101; i++) {
    await c.run("/ip/firewall/address-list/add", {
      attributes: { list: "many", address: `192.0.2.${i}` },
    });
  }
  equal((await c.run("/safe-mode/print")).rows[0]!["enabled"], "false");
  await c.close();
  await time.advance(10_000);
  equal(router.rows("/ip/firewall/address-list").length, 101);
});

Deno.test("undo takes the newest action back, with everything that hangs on it", async () => {
  const { router } = one();
  const c = await connectDirectly(router);
  const before = stateText(router);
  await c.run("/interface/set", { attributes: { numbers: "bridge", name: "lan" } });
  equal(router.rows("/ip/dhcp-server")[0]!["interface"], "lan");
  await c.run("/interface/bridge/remove", { attributes: { numbers: "lan" } });
  ok(String(router.rows("/ip/dhcp-server")[0]!["interface"]).startsWith("*"));
  await c.run("/undo");
  await c.run("/undo");
  equal(stateText(router), before);
});

Deno.test("a reboot ends sessions, is silent for as long as it takes, and keeps what is configured", async () => {
  const { time, router } = one({ bootMs: 30_000 });
  const c = await connectDirectly(router);
  await c.run("/system/identity/set", { attributes: { name: "after" } });
  equal(await failure(time, c.run("/system/reboot")), "lost after 0 s");
  equal(await failure(time, connectDirectly(router)), "unreachable after 10 s");
  await time.advance(20_000);
  const again = await connectDirectly(router, { to: managementAddress(router) });
  equal((await again.run("/system/identity/print")).rows[0]!["name"], "after");
  equal((await again.run("/system/resource/print")).rows[0]!["uptime"], "0s");
});

Deno.test("a new name of an interface is followed in routes too", async () => {
  const { router } = one();
  const c = await connectDirectly(router);
  for (const gateway of ["ether2", "10.64.0.9%ether1"]) {
    await c.run("/ip/route/add", { attributes: { "dst-address": "10.7.0.0/24", gateway } });
  }
  await c.run("/interface/set", { attributes: { numbers: "ether2", name: "two" } });
  await c.run("/interface/ethernet/set", { attributes: { numbers: "ether1", name: "one" } });
  deepEqual(router.config.rows("/ip/route").slice(1).map((row) => row["gateway"]), [
    "two",
    "10.64.0.9%one",
  ]);
  await c.run("/system/identity/print");
});
