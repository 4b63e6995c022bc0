import { deepEqual, equal, ok } from "node:assert/strict";
import { startFleet } from "@/tools/sim/fleet.ts";
import { TinyClient } from "@/tools/sim/tiny_client.ts";

/** Runs one command on a router of this board and version; words of its first sentence. */
async function ask(board: string, version: string, ...words: string[]): Promise<readonly string[]> {
  await using fleet = await startFleet({ routers: [{ board, version }] });
  const [router] = fleet.routers;
  using client = await TinyClient.connect(router!.port);
  await client.login(router!.username, router!.password);
  const [first] = await client.run(...words);
  return first!.words;
}

for (
  const [board, version, command, expected] of [
    ["hap-ac2", "6.49.17", "/interface/wireless/registration-table/print", undefined],
    ["hap-ac2", "7.12", "/interface/wifiwave2/registration-table/print", undefined],
    ["hap-ac2", "7.16", "/interface/wifi/registration-table/print", undefined],
    ["hap-ac2", "7.16", "/interface/wifiwave2/print", "no such command prefix"],
    ["hap-ac2", "7.12", "/interface/wifi/print", "no such command prefix"],
    ["hap-ac2", "7.16", "/caps-man/registration-table/print", "no such command prefix"],
    ["ccr2004", "6.49.17", "/routing/bgp/peer/print", undefined],
    ["ccr2004", "7.18.2", "/routing/bgp/peer/print", "no such command prefix"],
    ["ccr2004", "7.18.2", "/routing/bgp/session/print", undefined],
    ["ccr2004", "6.49.17", "/routing/bgp/session/print", "no such command prefix"],
    ["ccr2004", "7.18.2", "/routing/bgp/print", "no such command"],
    ["hex", "7.18.2", "/interface/ethernet/poe/print", "no such command prefix"],
    ["crs328", "7.18.2", "/interface/ethernet/poe/print", undefined],
    ["hex", "6.49.17", "/system/device-mode/print", "no such command prefix"],
    ["hex", "7.18.2", "/system/device-mode/print", undefined],
    ["hex", "7.18.2", "/interface/explode", "no such command"],
    ["hex", "7.18.2", "/nowhere/print", "no such command prefix"],
  ] as const
) {
  Deno.test(`${board} ${version} ${command} answers ${expected ?? "rows"}`, async () => {
    const words = await ask(board, version, command);
    if (expected === undefined) ok(["!re", "!done", "!empty"].includes(words[0]!));
    else deepEqual(words, ["!trap", "=category=0", `=message=${expected}`]);
  });
}

for (
  const [version, argument, isKnown] of [
    ["7.12", "follow-strict", true],
    ["7.16", "follow-strict", false],
    ["7.16", "group-by", false],
    ["7.18.2", "group-by", true],
    ["7.18.2", "nonsense", false],
    ["6.49.17", "detail", true],
  ] as const
) {
  Deno.test(`print of ${version} ${isKnown ? "takes" : "refuses"} ${argument}`, async () => {
    const words = await ask("hex", version, "/ip/address/print", `=${argument}=`);
    if (isKnown) equal(words[0], "!re");
    else deepEqual(words, ["!trap", `=message=unknown parameter ${argument}`]);
  });
}

Deno.test("max-sessions came with 7.16", async () => {
  for (const [version, has] of [["7.12", false], ["7.16", true]] as const) {
    const words = await ask("hex", version, "/ip/service/print", "?name=api");
    equal(words.some((word) => word.startsWith("=max-sessions=")), has);
  }
});

Deno.test("!empty comes before !done since 7.18, and not before", async () => {
  for (const [version, first] of [["7.16", "!done"], ["7.18.2", "!empty"]] as const) {
    deepEqual(await ask("hex", version, "/ip/firewall/raw/print"), [first]);
  }
});

Deno.test("health is one row under 6, a row a reading under 7, nothing on a CHR", async () => {
  ok((await ask("hex", "6.49.17", "/system/health/print")).includes("!re"));
  ok((await ask("hex", "6.49.17", "/system/health/print")).some((w) => w.startsWith("=voltage=")));
  ok((await ask("hex", "7.18.2", "/system/health/print")).includes("=name=voltage"));
  deepEqual(await ask("chr", "7.18.2", "/system/health/print"), ["!empty"]);
});
