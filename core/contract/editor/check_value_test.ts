import { deepEqual, equal, match } from "node:assert/strict";
import { checkValue } from "./check_value.ts";
import { durationMs } from "./duration.ts";
import { fieldOf, type FieldType, menuFor } from "./field.ts";
import { itemProblems } from "./item_rules.ts";
import { knownMenus, menuSchema } from "./known_menus.ts";
import { routerVersion } from "./router_version.ts";
import { isSameValue } from "./same_value.ts";
import {
  address,
  addresses,
  duration,
  mac,
  ports,
  ranges,
  ratePair,
  someOf,
  whole,
} from "./types.ts";

const check = (type: FieldType, value: string, isNegatable = false) =>
  checkValue({ name: "x", type, help: "", isNegatable }, value);

/** What each type takes, and what it says of what it does not. */
const VALUES: [type: FieldType, good: string[], bad: [value: string, reason: RegExp][]][] = [
  [address("ip4"), ["192.0.2.1", ""], [["192.0.2.256", /IPv4 address/], ["::1", /IPv4/]]],
  [address("prefix4"), ["192.0.2.1/24", "0.0.0.0/0"], [["192.0.2.1", /length/], [
    "192.0.2.1/33",
    /length/,
  ]]],
  [address("prefix6"), ["2001:db8::1/64"], [["2001:db8::1", /IPv6/], ["10.0.0.1/8", /IPv6/]]],
  [address("range4"), ["10.0.0.1-10.0.0.9"], [["10.0.0.9-10.0.0.1", /range/]]],
  [address("ip4", "name"), ["vpn.example.net", "10.1.1.1"], [["10.1.1", /IPv4/], ["a b", /name/]]],
  [addresses("ip4"), ["1.1.1.1,8.8.8.8"], [["1.1.1.1,,8.8.8.8", /empty entry/], [
    "1.1.1.1,x",
    /x does not fit/,
  ]]],
  [ports, ["22", "22,80,8000-8100"], [["70000", /65535/], ["9-1", /65535/], ["ssh", /ports/]]],
  [mac, ["02:00:5e:10:00:01"], [["02:00:5e:10:00", /MAC/], ["02-00-5E-10-00-01", /MAC/]]],
  [duration("never"), ["10m", "1d2h", "00:10:00", "90", "never", "500ms"], [["10 min", /10m/]]],
  [whole(1, 10, "auto"), ["1", "auto"], [["0", /1 to 10/], ["1.5", /whole/]]],
  [ranges(1, 4_094), ["10,20-29"], [["0", /1 to 4094/], ["30-20", /1 to 4094/]]],
  [ratePair, ["10M/512k", "0/0"], [["10M", /upload\/download/]]],
  [someOf("a", "b"), ["a,b"], [["a,c", /c is not/]]],
];

Deno.test("values: each type takes what RouterOS takes, and says why not", () => {
  for (const [type, good, bad] of VALUES) {
    for (const value of good) equal(check(type, value), undefined, `${type.kind} ${value}`);
    for (const [value, reason] of bad) match(check(type, value) ?? "taken", reason, value);
  }
  equal(check(address("ip4"), "!192.0.2.1", true), undefined);
  match(check(address("ip4"), "!192.0.2.1")!, /IPv4/);
  match(check(mac, "!", true)!, /after the "!"/);
  match(check({ kind: "string" }, "a\0b")!, /NUL/);
});

Deno.test("values: what means the same is no change", () => {
  equal(durationMs("1d00:10:00"), 87_000_000);
  equal(isSameValue("true", "yes"), true);
  equal(isSameValue("10m", "00:10:00", duration()), true);
  equal(isSameValue("10m", "10m1s", duration()), false);
  equal(isSameValue("b,a", "a,b", someOf("a", "b")), true);
  equal(isSameValue("10M/5M", "10000000/5000000", ratePair), true);
  equal(isSameValue(undefined, ""), true);
});

Deno.test("menus: every schema is sound, and versions have what they have", () => {
  const seven = routerVersion("7.18.2 (stable)");
  const six = routerVersion("6.49.13");
  for (const menu of [...knownMenus(seven), ...knownMenus(six)]) {
    const names = menu.fields.map(({ name }) => name);
    const versions = [menuFor(menu, seven), menuFor(menu, six)];
    for (const { fields } of versions) {
      const own = fields.map(({ name }) => name);
      equal(new Set(own).size, own.length, `${menu.path}: one of each`);
    }
    for (const name of [...menu.columns, ...menu.key]) {
      equal(names.includes(name), true, `${menu.path}: ${name} is no field`);
    }
    for (const { when } of menu.fields) {
      if (when) equal(names.includes(when[0]), true, `${menu.path}: ${when[0]}`);
    }
    equal(menuSchema(menu.path), menu);
  }
  const paths = (version: typeof seven) => knownMenus(version).map(({ path }) => path);
  equal(paths(six).includes("/interface/wireguard"), false);
  equal(paths(seven).includes("/interface/wifi"), true);
  equal(paths(routerVersion("7.12")).includes("/interface/wifi"), false);
  const ntp = menuSchema("/system/ntp/client")!;
  deepEqual(
    ["servers", "primary-ntp"].map((name) => [
      fieldOf(menuFor(ntp, six), name) !== undefined,
      fieldOf(menuFor(ntp, seven), name) !== undefined,
    ]),
    [[false, true], [true, false]],
  );
});

Deno.test("items: what does not go together is named", () => {
  const version = routerVersion("7.18");
  const problems = (menu: string, values: Record<string, string>) =>
    itemProblems(menu, values, version).map(({ name, message }) => `${name} ${message}`).join();
  const filter = "/ip/firewall/filter";
  match(problems(filter, { chain: "input", "dst-port": "22" }), /^protocol must be tcp or udp/);
  equal(problems(filter, { chain: "input", "dst-port": "22", protocol: "tcp" }), "");
  match(problems(filter, { chain: "input", protocol: "!tcp", "dst-port": "1" }), /^protocol/);
  match(problems(filter, { chain: "input", "out-interface": "ether1" }), /^out-interface cannot/);
  match(problems(filter, { chain: "x", action: "jump" }), /^jump-target is needed/);
  const nat = "/ip/firewall/nat";
  match(problems(nat, { chain: "dstnat", action: "masquerade" }), /needs the chain srcnat/);
  match(problems(nat, { chain: "dstnat", action: "dst-nat" }), /^to-addresses is needed/);
  match(problems("/ip/dns/static", { type: "CNAME", name: "a" }), /^cname is needed/);
  match(problems("/ip/dns/static", { address: "192.0.2.1" }), /^name is needed, or a regexp/);
});
