import { deepEqual, equal, match, throws } from "node:assert/strict";
import { stateText } from "./backup.ts";
import { connectDirectly, simRouter } from "./direct.ts";
import { exportText } from "./export.ts";
import type { RouterWish } from "./fleet.ts";
import type { SimRouter } from "./router.ts";
import { commandsOf } from "./script/known.ts";
import { parse } from "./script/parse.ts";
import { scriptTask } from "./script/start.ts";
import { VirtualTime } from "./time.ts";

const START = Date.UTC(2026, 10, 25, 12);

function one(wish: RouterWish = {}): { time: VirtualTime; router: SimRouter } {
  const time = new VirtualTime(START);
  return { time, router: simRouter(wish, { time }) };
}

/** What a script says, or the error it ends with. */
async function said(router: SimRouter, time: VirtualTime, script: string): Promise<string> {
  const c = await connectDirectly(router);
  try {
    const answer = await time.run(
      c.run("/execute", { attributes: { script }, flags: ["as-string"], deadlineMs: 600_000 }),
    );
    return answer.ret ?? "";
  } catch (error) {
    return `! ${(error as Error).message}`;
  } finally {
    await c.close();
  }
}

Deno.test("scripts: values, conditions, loops, errors", async () => {
  const { time, router } = one();
  for (
    const [script, expected] of [
      [':put "a\\"b\\\\c\\_d\\41"', 'a"b\\c dA\r\n'],
      [":put (1 + 2 * 3)", "7\r\n"],
      [':local a "x"; :put ("$a-" . [:len "four"])', "x-4\r\n"],
      [":if (1 < 2 && !false) do={:put yes} else={:put no}", "yes\r\n"],
      [":foreach i in={1;2;3} do={:if ($i != 2) do={:put $i}}", "1\r\n3\r\n"],
      [":for i from=1 to=3 do={:put $i}", "1\r\n2\r\n3\r\n"],
      [':do {:error "no"} on-error={:put "caught"}', "caught\r\n"],
      [":put [/system identity get name]", "prague-core\r\n"],
      [":put [:len [/interface find where type=ether and !disabled]]", "5\r\n"],
      [':put [/interface get [find default-name="ether2"] name]', "ether2\r\n"],
      [
        '/interface ethernet\nset [ find default-name=ether2 ] comment="a b"\n:put [get ether2 comment]',
        "a b\r\n",
      ],
      [":put [/ip/address/print count-only where interface=bridge]", "1\r\n"],
      [':local f [:parse ":put parsed"]; $f', "parsed\r\n"],
      [':put [:tostr [:pick "abcdef" 1 3]]', "bc\r\n"],
      [':put ("10.0.0.1" ~ "^10\\\\.")', "true\r\n"],
      [":global g 5; :put $g", "5\r\n"],
      ['[[:parse ":put ran"]]; [:parse ":put no"]', "ran\r\n"],
      ["/ip address remove [find comment=none]", ""],
      [
        '/ip address add address=1.2.3.4/24 \\\n    interface=bridge comment="two \\\n    words"\n:put [/ip address get [find comment="two words"] network]',
        "1.2.3.0\r\n",
      ],
      [
        '/ip address set *1 comment=\\\n    "on the next line"\n:put [/ip address get *1 comment]',
        "on the next line\r\n",
      ],
      ["/ip firewall filter print where chain=none", ""],
      [':error "done with it"', "! done with it"],
      [
        "/ip address add address=10.64.0.1/24 interface=bridge",
        "! failure: already have such address (/ip/address/add; line 1)",
      ],
      ["/nowhere add", "! bad command name nowhere (line 1 column 1)"],
      ["/ip address add colour=red", "! expected end of command (line 1 column 17)"],
      [':put "open', "! expected closing quote (line 1 column 7)"],
      [":frobnicate", "! bad command name frobnicate (line 1 column 1)"],
    ] as const
  ) {
    equal(await said(router, time, script), expected, script);
  }
});

Deno.test("a wrong word anywhere keeps the whole script from running", async () => {
  const { time, router } = one();
  const before = stateText(router);
  match(
    await said(router, time, "/system identity set name=x\n/ip address ad address=1.1.1.1"),
    /bad command name ad \(line 2 column 1\)/,
  );
  equal(stateText(router), before);
});

Deno.test("import: what came before an error stays, a dry run changes nothing", async () => {
  const { time, router } = one();
  router.files.write(
    "a.rsc",
    "# made by hand\r\n/ip firewall address-list\r\nadd list=l address=192.0.2.1\r\n" +
      "add list=l address=192.0.2.1\r\nadd list=l address=192.0.2.2\r\n",
  );
  const c = await connectDirectly(router);
  const count = () => router.rows("/ip/firewall/address-list").length;
  const run = (words: Record<string, string>) =>
    time.run(c.run("/import", { attributes: { "file-name": "a.rsc", ...words } }))
      .then(() => "", (error) => (error as Error).message);
  equal(await run({ verbose: "yes", "dry-run": "yes" }), "");
  match(await run({ "dry-run": "yes" }), /verbose/);
  equal(count(), 0);
  match(await run({}), /already have such entry.*line 4/);
  equal(count(), 1);
  router.files.write("a.rsc", "/ip firewall address-list add list=l address=192.0.2.3\n}");
  match(await run({}), /line 2 column 1/);
  equal(count(), 1);
});

for (
  const [board, version] of [
    ["hap-ac2", "7.18.2"],
    ["hex", "6.49.17"],
    ["rb4011", "7.24"],
    ["crs328", "7.12"],
    ["chr", "7.21.5"],
    ["hap-ac2", "6.49.17"],
  ] as const
) {
  Deno.test(`what a ${version} ${board} exports is a script that makes another one like it`, async () => {
    const { router } = one({ board, version });
    const full = await connectDirectly(router);
    const add = (menu: string, attributes: Record<string, string>) =>
      full.run(`${menu}/add`, { attributes });
    await add("/interface/bridge", { name: "br 2", comment: `"q" $d \\ ?` });
    await add("/interface/vlan", { name: "v20", "vlan-id": "20", interface: "br 2" });
    await add("/ip/address", { address: "10.20.0.1/24", interface: "v20" });
    await add("/ip/pool", { name: "p20", ranges: "10.20.0.10-10.20.0.99" });
    await add("/ip/dhcp-server", { name: "d20", interface: "v20", "address-pool": "p20" });
    await add("/ip/firewall/nat", {
      chain: "dstnat",
      action: "dst-nat",
      protocol: "tcp",
      "dst-port": "8080",
      "to-addresses": "10.20.0.9",
      "to-ports": "80",
    });
    await add("/queue/simple", { target: "10.20.0.0/24", "max-limit": "5M/5M" });
    await add("/ppp/secret", { name: "u", password: "p;w d", service: "l2tp" });
    await add("/system/script", { name: "s", source: ':put "a"\r\n:log info $x\n' });
    await full.run("/ip/dns/set", { attributes: { servers: "9.9.9.9" } });
    for (const isTerse of [true, false]) {
      const text = exportText(router, { isTerse, hasSecrets: true, hasHeader: false });
      const { router: other } = one({ board, version });
      // An empty one: all that can be removed is.
      for (const menu of [...other.tree.menus.values()]) {
        if (!menu.verbs?.includes("add") || menu.path === "/user") continue;
        const gone = other.edit(other.storeOf(menu)).filter((row) =>
          row["default-name"] === undefined && row["builtin"] !== "true" &&
          row["default"] !== "true" && row["$default"] !== "true" && row["dynamic"] !== "true" &&
          row["$radio"] === undefined
        );
        const rows = other.edit(other.storeOf(menu));
        for (const row of gone) rows.splice(rows.indexOf(row), 1);
      }
      const account = other.account("tod")!;
      const task = scriptTask(other, text, {
        name: "tod",
        policies: account.policies,
        holder: undefined,
        hangUp: () => {},
      });
      while (!task.next().done);
      equal(exportText(other, { isTerse, hasSecrets: true, hasHeader: false }), text);
    }
  });
}

Deno.test("scheduler: interval, explicit start, startup, and what a clock jump does", async () => {
  const { time, router } = one();
  const c = await connectDirectly(router);
  const add = (attributes: Record<string, string>) =>
    c.run("/system/scheduler/add", { attributes: { "on-event": ":log info $x", ...attributes } });
  const runs = async (name: string) =>
    (await c.run("/system/scheduler/print", { queries: [`name=${name}`] })).rows[0]!["run-count"];
  await add({ name: "every", interval: "1m" });
  await add({ name: "once", "start-date": "2026-11-25", "start-time": "12:02:00" });
  await add({
    name: "both",
    "start-date": "2026-11-25",
    "start-time": "12:03:00",
    interval: "3m",
  });
  await time.advance(59_000);
  deepEqual([await runs("every"), await runs("once"), await runs("both")], ["0", "0", "0"]);
  await time.advance(62_000);
  deepEqual([await runs("every"), await runs("once"), await runs("both")], ["2", "1", "0"]);
  const [both] = (await c.run("/system/scheduler/print", { queries: ["name=both"] })).rows;
  equal(both!["next-run"], "2026-11-25 12:03:00");
  // Two hours ahead: the explicit start is past, its next multiple is not; the plain one counts on.
  router.moveClock(2 * 3_600_000);
  await time.advance(60_000);
  deepEqual([await runs("every"), await runs("both")], ["3", "1"]);
});

Deno.test("scheduler: a job survives a reboot, one at startup runs after it, 7.24 forgets the plain ones", async () => {
  for (
    const [version, runs] of [["7.18.2", 2], ["7.24.4", 1], ["7.24.5", 2], ["6.49.17", 2]] as const
  ) {
    const { time, router } = one({ version, bootMs: 10_000 });
    const c = await connectDirectly(router);
    const add = (name: string, rest: Record<string, string>) =>
      c.run("/system/scheduler/add", {
        attributes: {
          name,
          "on-event": `/ip firewall address-list add list=${name} address=192.0.2.1`,
          ...rest,
        },
      });
    await add("plain", { interval: "3m" });
    await add("boot", { "start-time": "startup" });
    router.powerLoss({ offMs: 60_000 });
    await time.advance(60_000 + 10_000 + 3_000);
    equal(router.rows("/ip/firewall/address-list").length, 1, version);
    await time.advance(180_000);
    equal(router.rows("/ip/firewall/address-list").length, runs, version);
  }
});

Deno.test("scheduler: device-mode takes a job and never runs it; policies bound what it may do", async () => {
  const { time, router } = one({ board: "hap-ax3", version: "7.18.2" });
  const c = await connectDirectly(router);
  await c.run("/system/scheduler/add", {
    attributes: { name: "j", interval: "5s", "on-event": "/system identity set name=ran" },
  });
  const [job] = (await c.run("/system/scheduler/print")).rows;
  match(job!["comment"]!, /inactivated, not allowed by device-mode/);
  equal(job!["next-run"], undefined);
  await time.advance(60_000);
  equal(router.identity, "prague-core");

  const { time: later, router: open } = one();
  const d = await connectDirectly(open);
  await d.run("/system/scheduler/add", {
    attributes: {
      name: "j",
      interval: "5s",
      policy: "read,test",
      "on-event": "/system identity set name=ran",
    },
  });
  await later.advance(6_000);
  equal(open.identity, "prague-core");
  match(
    String(open.logRows().at(-1)!["message"]),
    /from j failed: not enough permissions \(9\)/,
  );
});

Deno.test("execute goes on without its session, and :delay waits on the router's clock", async () => {
  for (const version of ["6.49.17", "7.18.2"]) {
    const { time, router } = one({ version });
    const c = await connectDirectly(router);
    const script = ":delay 10s; /system identity set name=later; :error over";
    match((await c.run("/execute", { attributes: { script } })).ret!, /^\*/);
    c.reset();
    await time.advance(9_000);
    equal(router.identity, "prague-core");
    await time.advance(2_000);
    equal(router.identity, "later");
    match(String(router.logRows().at(-1)!["message"]), /script error: over/);
  }
});

Deno.test("what is no script is refused where it goes wrong", () => {
  const commands = commandsOf(one().router.tree);
  for (const text of ["}", "/ip address {", ":if (1 = 1 do={}", "[", "add x=1", ":put ]"]) {
    throws(() => parse(text, commands), /line 1 column/, text);
  }
});

Deno.test("a script that takes changes back, as a manager leaves it behind, and the job that waits", async () => {
  const { time, router } = one({ version: "7.24" });
  const c = await connectDirectly(router);
  const source = [
    ":local fails 0",
    ":do { /ip firewall filter remove [find where !dynamic and !(.id=*1 or .id=*2 or .id=*3 or " +
    ".id=*4 or .id=*5 or .id=*6 or .id=*7)] } on-error={ :set fails ($fails + 1) }",
    ":local a1",
    ":if ([:len [/ip address find where .id=*2]] = 0) do={ :do { :set a1 [/ip address add " +
    'address="192.168.20.1/24" interface="bridge"] } on-error={ :set fails ($fails + 1) } } ' +
    "else={ :set a1 *2 }",
    '/ip address set $a1 comment="\\41 \\"q\\" \\$ \\\\" disabled=no',
    ":do { /ip firewall filter move *3 destination=*1 } on-error={}",
    "/ip firewall filter move *3",
    ':if ($fails = 0) do={ :log warning "reverted" } else={ :log error "not" }',
    '/system scheduler remove [find where name~"^tod-T"]',
    '/system script remove [find where name="tod-T"]',
  ].join("\n");
  await c.run("/system/script/add", { attributes: { name: "tod-T", source } });
  const onEvent = ':do { [:parse [/system script get [find where name="tod-T"] source]]; ' +
    '/system script set [find where name="tod-T"] comment="armed G" } on-error={ ' +
    '/system script set [find where name="tod-T"] comment="broken" }\n' +
    ':delay 22s; :if ([:len [/system scheduler find where name="tod-T-G"]] > 0) do={ ' +
    '/system script run "tod-T" }';
  await c.run("/system/scheduler/add", {
    attributes: {
      name: "tod-T-G",
      "start-date": "2026-11-25",
      "start-time": "12:00:02",
      interval: "30s",
      "on-event": onEvent,
    },
  });
  await time.advance(2_500);
  const [script] = (await c.run("/system/script/print")).rows;
  equal(script!["comment"], "armed G");
  const [job] = (await c.run("/system/scheduler/print")).rows;
  equal(job!["run-count"], "1");
  await c.run("/ip/address/remove", { attributes: { numbers: "*2" } });
  await c.run("/ip/firewall/filter/add", { attributes: { chain: "input", action: "drop" } });
  router.moveClock(5 * 3_600_000);
  await time.advance(21_000);
  equal(router.rows("/ip/address").length, 1);
  await time.advance(2_000);
  const after = router.rows("/ip/address").find((row) => row["interface"] === "bridge")!;
  equal(after["comment"], 'A "q" $ \\');
  equal(router.rows("/ip/firewall/filter").at(-1)![".id"], "*3");
  deepEqual([router.rows("/system/script").length, router.rows("/system/scheduler").length], [
    0,
    0,
  ]);
});
