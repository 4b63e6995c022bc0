import { deepEqual, equal, match } from "node:assert/strict";
import type { ConfigCommand } from "../../config_commands.ts";
import { routerVersion } from "../router_version.ts";
import { type EditorTable, HIDDEN } from "../table.ts";
import { checkFirewall, firewallChanges } from "./firewall_check.ts";
import { forwardingChanges, forwardingProblems, NO_FORWARDING } from "./forwarding.ts";
import { internetChanges, internetProblems, readInternet } from "./internet.ts";
import { lanChanges, lanProblems, readLan } from "./lan.ts";
import { type SimpleChange, SimpleTables } from "./simple_tables.ts";
import { readSystem, serviceChanges, systemChanges, systemProblems } from "./system.ts";
import { radioChanges, radioProblems, readRadios, sharedWith } from "./wifi.ts";

type Rows = Record<string, Record<string, string>[]>;

function tablesOf(menus: Rows): SimpleTables {
  const tables = Object.entries(menus).map(([menu, rows]): EditorTable => ({
    ...{ menu, readAt: "", isSingle: false, total: rows.length, note: null, verbs: null },
    ...{ arguments: [], isRevealed: false },
    items: rows.map((values, at) => ({
      id: /^\/(system|ip\/dns$)/.test(menu) ? null : `*${at + 1}`,
      values,
      secrets: [],
    })),
  }));
  return new SimpleTables(tables, []);
}

/** `set /ip/route *1 gateway=…`, short enough to compare. */
function words(changes: readonly SimpleChange[]): string[] {
  return changes.map(({ command }) => textOf(command));
}
function textOf(command: ConfigCommand): string {
  const target = "target" in command && command.target.by === "id" ? ` ${command.target.id}` : "";
  const attributes = "attributes" in command
    ? Object.entries(command.attributes).map(([name, value]) => ` ${name}=${value}`).join("")
    : "";
  return `${command.action} ${command.menu}${target}${attributes}`;
}

const HOME: Rows = {
  "/interface": [{ name: "ether1" }, { name: "bridge" }],
  "/interface/bridge": [{ name: "bridge" }],
  "/interface/pppoe-client": [],
  "/ip/dhcp-client": [{ interface: "ether1", disabled: "false" }],
  "/ip/address": [
    { address: "192.168.88.1/24", network: "192.168.88.0", interface: "bridge" },
    { address: "10.0.0.2/24", interface: "ether1", dynamic: "true" },
  ],
  "/ip/route": [{ "dst-address": "0.0.0.0/0", gateway: "10.0.0.1", dynamic: "true" }],
  "/ip/dns": [{ servers: "1.1.1.1", "allow-remote-requests": "true" }],
  "/ip/dhcp-server": [{ name: "home", interface: "bridge", "address-pool": "dhcp" }],
  "/ip/dhcp-server/network": [{ address: "192.168.88.0/24", gateway: "192.168.88.1" }],
  "/ip/pool": [{ name: "dhcp", ranges: "192.168.88.10-192.168.88.254" }],
  "/interface/list": [],
  "/interface/list/member": [],
  "/ip/firewall/filter": [{ chain: "input", action: "accept", protocol: "icmp" }],
  "/ip/firewall/nat": [],
};

Deno.test("simple: the way to the Internet changes, and the old one is switched off", () => {
  const tables = tablesOf(HOME);
  const form = readInternet(tables);
  equal(form.kind, "dhcp");
  equal(form.interface, "ether1");
  deepEqual(internetChanges(tables, form).length, 1, "only the default route is made sure of");
  const fixed = {
    ...form,
    kind: "static",
    address: "192.0.2.10/24",
    gateway: "192.0.2.1",
  } as const;
  deepEqual(words(internetChanges(tables, { ...fixed, dns: "9.9.9.9" })), [
    "add /ip/address address=192.0.2.10/24 interface=ether1",
    "add /ip/route dst-address=0.0.0.0/0 gateway=192.0.2.1",
    "set /ip/dns servers=9.9.9.9",
    "set /ip/dhcp-client *1 disabled=yes",
  ]);
  match(internetProblems({ ...fixed, gateway: "198.51.100.1" })["gateway"]!, /not in the network/);
  const pppoe = { ...form, kind: "pppoe", user: "me", password: "x" } as const;
  match(words(internetChanges(tables, pppoe))[0]!, /add \/interface\/pppoe-client name=pppoe-out1/);
  equal(internetProblems({ ...pppoe, user: "" })["user"], "is needed");
});

Deno.test("simple: the own network moves as a whole", () => {
  const tables = tablesOf(HOME);
  const form = readLan(tables);
  deepEqual(lanChanges(tables, form), []);
  deepEqual(
    words(lanChanges(tables, {
      ...form,
      ...{ address: "10.1.0.1/24", from: "10.1.0.10", to: "10.1.0.99" },
    })),
    [
      "set /ip/address *1 address=10.1.0.1/24 network=10.1.0.0",
      "set /ip/pool *1 ranges=10.1.0.10-10.1.0.99",
      "set /ip/dhcp-server/network *1 address=10.1.0.0/24 gateway=10.1.0.1",
    ],
  );
  match(lanProblems({ ...form, from: "192.168.88.1" })["from"]!, /own address away/);
  match(lanProblems({ ...form, to: "192.168.89.9" })["to"]!, /not in the network/);
  deepEqual(words(lanChanges(tables, { ...form, hasDhcp: false })), [
    "set /ip/dhcp-server *1 disabled=yes",
  ]);
});

Deno.test("simple: radios of both packages", () => {
  const tables = tablesOf({
    "/interface/wifi": [{ name: "wifi1", configuration: "home", "channel.band": "5ghz-ax" }],
    "/interface/wifi/configuration": [{ name: "home", ssid: "Home", security: "home" }],
    "/interface/wifi/security": [{ name: "home", passphrase: HIDDEN }],
    "/interface/wireless": [
      { name: "wlan1", ssid: "Old", "security-profile": "default", band: "2ghz-b/g/n" },
      { name: "wlan2", ssid: "Old5", "security-profile": "default" },
    ],
    "/interface/wireless/security-profiles": [{ name: "default", mode: "none" }],
  });
  const [wifi, wlan] = readRadios(tables);
  deepEqual([wifi!.ssid, wifi!.password, wifi!.band], ["Home", HIDDEN, "5 GHz"]);
  deepEqual(radioChanges(tables, wifi!), []);
  deepEqual(
    words(radioChanges(tables, { ...wifi!, ssid: "New", password: "long enough", isOn: false })),
    [
      "set /interface/wifi *1 configuration.ssid=New security.passphrase=long enough disabled=yes",
    ],
  );
  equal(wlan!.password, "", "open");
  deepEqual(sharedWith(tables, wlan!), ["wlan2"]);
  deepEqual(words(radioChanges(tables, { ...wlan!, password: "long enough" })), [
    "set /interface/wireless/security-profiles *1 mode=dynamic-keys " +
    "authentication-types=wpa2-psk wpa2-pre-shared-key=long enough",
  ]);
  match(radioProblems({ ...wlan!, password: "short" })["password"]!, /8 to 63/);
  match(radioProblems({ ...wlan!, ssid: "Ж".repeat(17) })["ssid"]!, /these are 34/);
});

Deno.test("simple: a port is forwarded from where the Internet is", () => {
  const form = { ...NO_FORWARDING, port: "443", toAddress: "192.168.88.10", comment: "web" };
  deepEqual(words(forwardingChanges(tablesOf(HOME), form)), [
    "add /ip/firewall/nat chain=dstnat action=dst-nat protocol=tcp dst-port=443 " +
    "in-interface=ether1 to-addresses=192.168.88.10 to-ports=443 comment=web",
  ]);
  const withList = tablesOf({ ...HOME, "/interface/list": [{ name: "WAN" }] });
  match(words(forwardingChanges(withList, form))[0]!, /in-interface-list=WAN/);
  deepEqual(Object.keys(forwardingProblems(NO_FORWARDING)), ["port", "toAddress"]);
});

Deno.test("simple: the usual firewall rules, with the lists that they name", () => {
  const tables = tablesOf(HOME);
  deepEqual(checkFirewall(tables).map(({ isThere }) => isThere), Array(5).fill(false));
  const changes = firewallChanges(tables);
  deepEqual(words(changes).slice(0, 4), [
    "add /interface/list name=LAN",
    "add /interface/list/member list=LAN interface=bridge",
    "add /interface/list name=WAN",
    "add /interface/list/member list=WAN interface=ether1",
  ]);
  const rules = changes.slice(4).map(({ command }) => command);
  deepEqual(rules.map((rule) => rule.action === "add" && rule.before), [
    ...[{ by: "id", id: "*1" }, { by: "id", id: "*1" }, null, null, null],
  ]);
  const after = tablesOf({
    ...HOME,
    "/ip/firewall/filter": rules.map((rule) => (rule.action === "add" ? rule.attributes : {})),
  });
  deepEqual(checkFirewall(after).map(({ isThere }) => isThere), Array(5).fill(true));
  deepEqual(firewallChanges(after), []);
});

Deno.test("simple: name, time and services as each version has them", () => {
  const [six, seven] = [routerVersion("6.49"), routerVersion("7.18")];
  const base = {
    "/system/identity": [{ name: "edge" }],
    "/system/clock": [{ "time-zone-name": "UTC" }],
    "/ip/service": [{ name: "telnet", disabled: "false", address: "" }],
  };
  const new_ = tablesOf({ ...base, "/system/ntp/client": [{ enabled: "false", servers: "" }] });
  const old = tablesOf({
    ...base,
    "/system/ntp/client": [{ enabled: "false", "primary-ntp": "0.0.0.0" }],
  });
  const wish = { hasNtp: true, ntpServers: "192.0.2.1" };
  deepEqual(words(systemChanges(new_, { ...readSystem(new_, seven), ...wish }, seven)), [
    "set /system/ntp/client enabled=yes servers=192.0.2.1",
  ]);
  deepEqual(words(systemChanges(old, { ...readSystem(old, six), ...wish }, six)), [
    "set /system/ntp/client enabled=yes primary-ntp=192.0.2.1 secondary-ntp=0.0.0.0",
  ]);
  match(
    systemProblems({ ...readSystem(old, six), ntpServers: "pool.ntp.org" }, six)["ntpServers"]!,
    /IPv4/,
  );
  deepEqual(words(serviceChanges(new_, "telnet", { isOn: false, address: "" })), [
    "set /ip/service *1 disabled=yes",
  ]);
});
