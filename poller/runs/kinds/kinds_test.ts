import { deepEqual, equal, match, ok } from "node:assert/strict";
import { RUN_KINDS, type RunKindName } from "@/core/contract/runs/mod.ts";
import { rowsOf, startRuns } from "@/tests/support/live_runs.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import type { RunMessage } from "@/core/contract/device_runs.ts";

const endOf = (messages: RunMessage[]) => messages.at(-1) as Extract<RunMessage, { type: "end" }>;

for (const [version, board] of [["6.49.17", "hap-ac2"], ["7.18.2", "hex"]] as const) {
  Deno.test(`every tool on a ${version} router`, async () => {
    await using fleet = await startFleet({ routers: [{ board, version }] });
    await using test = startRuns(fleet.routers);
    const run = async (kind: RunKindName, params: unknown) =>
      await test.read(await test.startOk(kind, params));

    const pings = run("ping", { address: "198.51.100.7", count: 2, intervalMs: 200, size: 1_400 });
    const traces = run("traceroute", { address: "198.51.100.7", count: 2 });
    const ping = rowsOf(await pings);
    equal(ping.length, 2);
    deepEqual([ping[1]!["sent"], ping[1]!["received"], ping[1]!["size"]], [2, 2, 1_400]);
    ok(Number(ping[1]!["maxMs"]) >= Number(ping[1]!["minMs"]));

    const trace = await traces;
    equal(endOf(trace).outcome, "done");
    const hops = rowsOf(trace);
    deepEqual(hops.map((row) => row["hop"]), hops.map((_, i) => i + 1));
    equal(hops.at(-1)!["address"], "198.51.100.7");
    ok(
      hops.length > 1 && hops.every((row) => row["address"] !== null || row["lossPercent"] === 100),
    );

    const flows = test.startOk("torch", { interface: "bridge", port: 443 });
    const { followed, leaving } = test.follow(await flows);
    for await (const message of (await followed).messages) {
      if (message.type !== "section") continue;
      const total = message.rows.filter((row) => row["isTotal"]);
      equal(total.length, 1);
      const sum = message.rows.filter((row) => !row["isTotal"])
        .reduce((sum, row) => sum + Number(row["rxBps"]), 0);
      equal(total[0]!["rxBps"], sum);
      ok(
        message.rows.every((row) => row["isTotal"] || /^443 /.test(String(row["destinationPort"]))),
      );
      break;
    }
    leaving.abort();

    const [answer] = rowsOf(await run("dns-lookup", { name: "router.example" }));
    match(String(answer!["address"]), /^198\.51\.100\./);
    const none = endOf(await run("dns-lookup", { name: "router.invalid" }));
    deepEqual(
      [none.outcome, none.detail],
      ["failed", 'Cannot run /resolve: the router says "failure: dns name does not exist"'],
    );
    const v6 = await run("dns-lookup", { name: "router.example", type: "ipv6" });
    if (version.startsWith("6")) match(endOf(v6).detail!, /RouterOS 6/);
    else match(String(rowsOf(v6)[0]!["address"]), /^2001:db8::/);

    const wol = { mac: "48a98a001122", interface: "bridge" };
    deepEqual(rowsOf(await run("wake-on-lan", wol)), [
      { mac: "48:A9:8A:00:11:22", interface: "bridge", isSent: true },
    ]);
    const nowhere = endOf(await run("wake-on-lan", { ...wol, interface: "ether99" }));
    match(nowhere.detail!, /input does not match any value of interface/);
  });

  Deno.test(`a bandwidth test on a ${version} router`, async () => {
    await using fleet = await startFleet({ routers: [{ board, version }] });
    await using test = startRuns(fleet.routers);
    const params = { address: "10.0.0.2", seconds: 1, connections: 5, loadsTheLink: true };
    const [good, wrong] = await Promise.all([
      test.read(await test.startOk("bandwidth-test", { ...params, receiveLimitMbps: 50 })),
      test.read(await test.startOk("bandwidth-test", { ...params, password: "wrong" })),
    ]);
    const rows = rowsOf(good);
    deepEqual(rows.map((row) => row["status"]), ["connecting", "done testing"]);
    equal(rows.at(-1)!["rxBps"], 50e6);
    equal(endOf(good).outcome, "done");
    match(endOf(wrong).detail!, /"authentication failed": check user and password/);
  });
}

Deno.test("a home router of 7.17 and later forbids the bandwidth test, and says so", async () => {
  await using fleet = await startFleet({ routers: [{ board: "hap-ac2", version: "7.18.2" }] });
  await using test = startRuns(fleet.routers);
  const params = { address: "10.0.0.2", loadsTheLink: true };
  const messages = await test.read(await test.startOk("bandwidth-test", params));
  match(endOf(messages).detail!, /not allowed by device-mode/);
});

Deno.test("parameters that could smuggle a word, an option or a script are refused", () => {
  const hosts = [
    "1.2.3.4 5",
    "a=b",
    "a\nb",
    "",
    "-c",
    "999.1.1",
    "x".repeat(300),
    "[::1]",
    "$x",
    ";",
  ];
  for (const address of hosts) {
    for (const kind of ["ping", "traceroute"] as const) {
      equal(RUN_KINDS[kind].params.safeParse({ address }).success, false, `${kind} ${address}`);
    }
    equal(RUN_KINDS["dns-lookup"].params.safeParse({ name: address }).success, false, address);
  }
  for (const address of ["1.2.3.4", "2001:db8::1", "core-1.example.net", "_sip.example."]) {
    equal(RUN_KINDS.ping.params.safeParse({ address }).success, true, address);
  }
  const bandwidth = RUN_KINDS["bandwidth-test"].params;
  equal(bandwidth.safeParse({ address: "1.2.3.4" }).success, false);
  equal(
    bandwidth.safeParse({ address: "1.2.3.4", seconds: 600, loadsTheLink: true }).success,
    false,
  );
  for (const name of ["", "a\0b", "a\nb"]) {
    equal(RUN_KINDS.torch.params.safeParse({ interface: name }).success, false);
  }
  for (const mac of ["48:A9:8A", "zz:A9:8A:00:11:22", "48A98A0011223"]) {
    equal(RUN_KINDS["wake-on-lan"].params.safeParse({ mac, interface: "e" }).success, false, mac);
  }
});

for (const version of ["6.49.17", "7.18.2"]) {
  Deno.test(`a ${version} router's log: what was there, then each new line once, until stopped`, async () => {
    await using fleet = await startFleet({ routers: [{ version }] });
    const [host] = fleet.routers;
    for (let n = 0; n < 30; n++) host!.router.log("script,info", `before ${n}`);
    await using test = startRuns(fleet.routers);
    const { followed, leaving } = test.follow(await test.startOk("log", { before: 3 }));
    const rows: Record<string, unknown>[] = [];
    for await (const message of (await followed).messages) {
      if (message.type !== "rows") continue;
      if (rows.length === 0) host!.router.log("system,error,critical", "late \x1b[31m");
      rows.push(...message.rows);
      if (rows.some((row) => row["severity"] === "critical")) break;
    }
    leaving.abort();
    // The last before are the newest of then: our own login is among them.
    match(String(rows[2]!["message"]), /^user tod logged in from .* via api$/);
    deepEqual(rows.slice(0, 2).map((row) => row["message"]), ["before 28", "before 29"]);
    const last = rows.at(-1)!;
    deepEqual(
      [rows.length, last["topics"], last["message"]],
      [4, "system", "late \x1b[31m"],
    );
    equal(new Set(rows.map((row) => row["id"])).size, rows.length);
  });
}
