/** Random configurations of a router with five ports: consistent in themselves, the same for the same seed. */
import { printValue } from "@/core/wire/routeros/export/print.ts";

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Values = Readonly<Record<string, string | undefined>>;

class Dice {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = randomFrom(seed);
  }
  below(count: number): number {
    return Math.floor(this.#next() * count);
  }
  chance(share: number): boolean {
    return this.#next() < share;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  maybe<T>(value: T, share = 0.4): T | undefined {
    return this.chance(share) ? value : undefined;
  }
  some<T>(list: readonly T[], share = 0.5): T[] {
    return list.filter(() => this.chance(share));
  }
  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0]!);
  }
}

const COMMENTS = [
  "defconf",
  "a b",
  'say "hi" $x',
  "Übersicht",
  "back\\slash; and #",
  "  two  blanks ",
];
const NAMES = ["bridge", "lan", "wan", "guest", "core", "uplink", "br two", "v10", "mgmt", "x-1"];

/** What a configuration may hold; a simulated router has fewer menus than a real one. */
export type Section = keyof typeof SECTIONS;

class Builder {
  readonly lines: string[] = [];
  readonly free: string[];
  readonly ports: string[] = [];
  readonly bridges: string[] = [];
  readonly vlans: string[] = [];
  readonly lists: string[] = [];
  readonly pools: string[] = [];
  readonly servers: string[] = [];
  readonly profiles = ["default"];
  readonly actions = ["memory"];
  readonly tables = ["main"];

  constructor(dice: Dice) {
    this.free = dice.shuffled(NAMES);
  }

  get interfaces(): string[] {
    return [...this.ports, ...this.bridges, ...this.vlans];
  }

  menu(path: string): void {
    this.lines.push(path);
  }

  add(values: Values): void {
    this.lines.push(`add ${words(values)}`);
  }

  set(selector: string, values: Values): void {
    const said = words(values);
    if (said !== "") this.lines.push(["set", selector, said].filter(Boolean).join(" "));
  }
}

function words(values: Values): string {
  return Object.entries(values).filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) => `${name}=${printValue(value!)}`).join(" ");
}

const comment = (dice: Dice) => dice.maybe(dice.pick(COMMENTS));
const disabled = (dice: Dice) => dice.maybe("yes", 0.2);
const host = (dice: Dice) => `192.0.2.${1 + dice.below(6)}`;

const SECTIONS = {
  ethernet(to: Builder, dice: Dice) {
    to.menu("/interface ethernet");
    for (let n = 1; n <= 5; n += 1) {
      const name = dice.chance(0.3) ? to.free.pop() : undefined;
      to.ports.push(name ?? `ether${n}`);
      to.set(`[ find default-name=ether${n} ]`, {
        ...{ name, comment: comment(dice), disabled: disabled(dice) },
        mtu: dice.maybe("1400", 0.2),
      });
    }
  },
  bridge(to: Builder, dice: Dice) {
    to.menu("/interface bridge");
    for (let n = dice.below(3); n > 0; n -= 1) {
      const name = to.free.pop()!;
      to.bridges.push(name);
      to.add({
        ...{ name, comment: comment(dice), "protocol-mode": dice.maybe("none") },
        ...{ "vlan-filtering": dice.maybe("yes"), "igmp-snooping": dice.maybe("yes") },
      });
    }
  },
  vlan(to: Builder, dice: Dice) {
    to.menu("/interface vlan");
    const parents = [...to.ports, ...to.bridges];
    const taken = new Set<string>();
    for (let n = dice.below(4); n > 0 && to.free.length > 0; n -= 1) {
      const [parent, id] = [dice.pick(parents), dice.pick(["10", "20", "30"])];
      if (taken.has(parent + id)) continue;
      taken.add(parent + id);
      const name = to.free.pop()!;
      to.add({ name, interface: parent, "vlan-id": id, comment: comment(dice) });
      to.vlans.push(name);
    }
  },
  lists(to: Builder, dice: Dice) {
    to.menu("/interface list");
    to.lists.push(...dice.some(["WAN", "LAN", "MGMT"], 0.7));
    for (const name of to.lists) to.add({ name, comment: comment(dice) });
    to.menu("/interface list member");
    for (const list of to.lists) {
      for (const one of dice.some(to.interfaces, 0.3)) {
        to.add({ list, interface: one, comment: comment(dice), disabled: disabled(dice) });
      }
    }
  },
  pool(to: Builder, dice: Dice) {
    to.menu("/ip pool");
    const pools: Values[] = [];
    for (const name of dice.shuffled(dice.some(["dhcp", "vpn", "spare pool"], 0.6))) {
      const next = dice.chance(0.4) && to.pools.length > 0 ? dice.pick(to.pools) : undefined;
      const start = dice.below(4) * 50;
      const ranges = `198.51.100.${start + 1}-198.51.100.${start + 20}`;
      pools.push({ name, ranges, "next-pool": next });
      to.pools.push(name);
    }
    // An older pool may lead to a newer one, so the order says nothing.
    for (const pool of dice.shuffled(pools)) to.add(pool);
  },
  ports(to: Builder, dice: Dice) {
    to.menu("/interface bridge port");
    if (to.bridges.length === 0) return;
    for (const one of dice.shuffled(dice.some(to.ports, 0.6))) {
      to.add({
        ...{ interface: one, bridge: dice.pick(to.bridges), comment: comment(dice) },
        ...{ pvid: dice.maybe("20"), disabled: disabled(dice) },
      });
    }
  },
  bridgeVlans(to: Builder, dice: Dice) {
    to.menu("/interface bridge vlan");
    for (const bridge of to.bridges) {
      for (const ids of dice.pick([["10", "20"], ["10,20"], ["20-30"], ["10", "30"], []])) {
        to.add({ bridge, "vlan-ids": ids, tagged: dice.maybe(bridge) });
      }
    }
  },
  wireguard(to: Builder, dice: Dice) {
    to.menu("/interface wireguard");
    const made: string[] = [];
    for (const port of dice.some(["13231", "51820"])) {
      const name = to.free.pop() ?? `wg-${port}`;
      made.push(name);
      to.add({ name, "listen-port": port, mtu: dice.maybe("1400"), "private-key": `key${port}=` });
    }
    to.menu("/interface wireguard peers");
    for (const one of made) {
      for (const key of dice.some(["aaa=", "bbb=", "ccc="])) {
        to.add({
          ...{ interface: one, "public-key": key, comment: comment(dice) },
          "allowed-address": `${host(dice)}/32`,
          "endpoint-address": dice.maybe("198.51.100.9"),
        });
      }
    }
  },
  address(to: Builder, dice: Dice) {
    to.menu("/ip address");
    const taken = new Set<string>();
    for (let n = dice.below(5); n > 0; n -= 1) {
      const [third, one] = [dice.below(4), dice.pick(to.interfaces)];
      const address = `10.0.${third}.${1 + dice.below(2)}/24`;
      if (taken.has(address)) continue;
      taken.add(address);
      to.add({
        ...{ address, interface: one, network: `10.0.${third}.0`, comment: comment(dice) },
        disabled: disabled(dice),
      });
    }
  },
  dhcp(to: Builder, dice: Dice) {
    to.menu("/ip dhcp-server");
    for (const one of dice.shuffled(dice.some([...to.bridges, ...to.vlans], 0.5))) {
      const name = dice.pick(["defconf", "dhcp1", "dhcp2", "guests"]);
      if (to.servers.includes(name)) continue;
      to.servers.push(name);
      const pool = to.pools.length > 0 ? dice.pick(to.pools) : undefined;
      to.add({
        ...{ name, interface: one, "address-pool": pool, comment: comment(dice) },
        "lease-time": dice.pick(["15m", "1h"]),
      });
    }
    to.menu("/ip dhcp-server lease");
    const addresses = dice.shuffled(["10.0.0.50", "10.0.0.51", "10.0.0.52"]);
    for (const [at, mac] of ["02:00:00:00:00:01", "02:00:00:00:00:02"].entries()) {
      if (to.servers.length === 0 || dice.chance(0.3)) continue;
      to.add({
        ...{ address: addresses[at], "mac-address": mac, server: to.servers[0] },
        comment: comment(dice),
      });
    }
  },
  dhcpNetwork(to: Builder, dice: Dice) {
    to.menu("/ip dhcp-server network");
    for (const address of dice.some(["10.0.0.0/24", "10.0.1.0/24"])) {
      to.add({
        ...{ address, gateway: address.replace("0/24", "1"), comment: comment(dice) },
        ...{ "dns-server": dice.maybe(host(dice)), domain: dice.maybe("lan") },
      });
    }
  },
  dns(to: Builder, dice: Dice) {
    to.menu("/ip dns");
    to.set("", {
      ...{ "allow-remote-requests": dice.maybe("yes"), servers: dice.maybe(host(dice)) },
      "cache-size": dice.maybe("4096KiB"),
    });
  },
  dnsStatic(to: Builder, dice: Dice) {
    to.menu("/ip dns static");
    for (const name of dice.some(["router.lan", "nas.lan", "tv.lan"])) {
      for (let n = dice.below(3); n > 0; n -= 1) {
        to.add({ name, address: host(dice), comment: comment(dice), ttl: dice.maybe("5m") });
      }
    }
  },
  addressLists(to: Builder, dice: Dice) {
    to.menu("/ip firewall address-list");
    for (const list of dice.some(["office", "bad guys"])) {
      for (const address of dice.some(["192.0.2.0/24", "198.51.100.1", "203.0.113.0/24"])) {
        to.add({ list, address, comment: comment(dice), disabled: disabled(dice) });
      }
    }
  },
  filter(to: Builder, dice: Dice, order: Dice) {
    to.menu("/ip firewall filter");
    const rules = Array.from({ length: 10 }, () => ({
      ...{ chain: dice.pick(["input", "forward"]), action: dice.pick(["accept", "drop"]) },
      ...{ comment: comment(dice), protocol: dice.maybe(dice.pick(["tcp", "udp"])) },
      ...{ "src-address": dice.maybe(host(dice)), disabled: disabled(dice) },
      "in-interface": dice.maybe(dice.pick(to.interfaces), 0.3),
    }));
    arrange(to, rules, order);
  },
  nat(to: Builder, dice: Dice, order: Dice) {
    to.menu("/ip firewall nat");
    const rules = Array.from({ length: 6 }, () =>
      dice.chance(0.5)
        ? {
          ...{ chain: "srcnat", action: "masquerade", comment: comment(dice) },
          "out-interface": dice.maybe(dice.pick(to.interfaces)),
        }
        : {
          ...{ chain: "dstnat", action: "dst-nat", "to-addresses": host(dice), protocol: "tcp" },
          ...{ "dst-port": dice.pick(["80", "443"]), "to-ports": dice.maybe("8080") },
        });
    arrange(to, rules, order);
  },
  listRules(to: Builder, dice: Dice, order: Dice) {
    to.menu("/ip firewall mangle");
    const lists = to.lists;
    const rules = Array.from({ length: 5 }, () => ({
      ...{ chain: "prerouting", action: "mark-routing", "new-routing-mark": dice.pick(["a", "b"]) },
      ...{ passthrough: dice.maybe("no"), comment: comment(dice) },
      "in-interface-list": lists.length > 0 ? dice.maybe(`!${dice.pick(lists)}`) : undefined,
    }));
    arrange(to, rules, order);
  },
  route(to: Builder, dice: Dice) {
    to.menu("/routing table");
    to.tables.push(...dice.some(["alt", "vpn"]));
    for (const name of to.tables.slice(1)) to.add({ name, fib: "yes" });
    to.menu("/ip route");
    for (let n = dice.below(4); n > 0; n -= 1) {
      to.add({
        ...{ "dst-address": dice.pick(["0.0.0.0/0", "10.9.0.0/16"]), comment: comment(dice) },
        gateway: dice.chance(0.5) ? host(dice) : dice.pick(to.interfaces),
        "routing-table": dice.maybe(dice.pick(to.tables)),
        distance: dice.maybe("5"),
      });
    }
  },
  plainRoute(to: Builder, dice: Dice) {
    to.menu("/ip route");
    for (let n = dice.below(4); n > 0; n -= 1) {
      to.add({
        ...{ "dst-address": dice.pick(["10.8.0.0/16", "10.9.0.0/16"]), comment: comment(dice) },
        ...{ gateway: host(dice), distance: dice.maybe("5") },
      });
    }
  },
  queue(to: Builder, dice: Dice, order: Dice) {
    to.menu("/queue simple");
    const names = order.shuffled(dice.some(["all", "kids", "office q", "tv"], 0.6));
    for (const [at, name] of names.entries()) {
      const parent = at > 0 && dice.chance(0.4) ? names[0] : undefined;
      to.add({ name, target: `${host(dice)}/32`, "max-limit": "10M/20M", parent });
    }
  },
  ppp(to: Builder, dice: Dice) {
    to.menu("/ppp profile");
    for (const name of dice.some(["gold", "silver"])) {
      to.profiles.push(name);
      const pool = to.pools.length > 0 ? dice.maybe(dice.pick(to.pools)) : undefined;
      to.add({ name, "remote-address": pool, "use-encryption": dice.maybe("required") });
    }
    to.menu("/ppp secret");
    for (const name of dice.some(["anna", "bob"])) {
      to.add({ name, password: `p-${name}`, profile: dice.maybe(dice.pick(to.profiles)) });
    }
  },
  tunnels(to: Builder, dice: Dice) {
    to.menu("/interface gre");
    for (const address of dice.some(["192.0.2.91", "192.0.2.92"])) {
      const name = to.free.pop();
      if (name === undefined) continue;
      to.lines.push(
        `add ${dice.chance(0.5) ? "!keepalive " : ""}${
          words({
            name,
            "remote-address": address,
            mtu: dice.maybe("1400"),
            comment: comment(dice),
          })
        }`,
      );
    }
  },
  wifi(to: Builder, dice: Dice) {
    to.menu("/interface wifi security");
    const made = dice.some(["home", "guests"]);
    for (const name of made) to.add({ name, passphrase: dice.pick(["one", "two 2"]) });
    to.menu("/interface wifi");
    for (const radio of ["wifi1", "wifi2"]) {
      const security = made.length > 0 ? dice.maybe(dice.pick(made)) : undefined;
      const ssid = dice.maybe(dice.pick(["Гости", "lan"]));
      to.lines.push(...[
        [
          `set [ find default-name=${radio} ] configuration.mode=ap`,
          ssid === undefined ? "" : `.ssid=${printValue(ssid)}`,
          words({ disabled: dice.maybe("no"), security, comment: comment(dice) }),
        ].filter(Boolean).join(" "),
      ].filter(() => dice.chance(0.7)));
    }
  },
  defaults(to: Builder, dice: Dice) {
    to.menu("/interface wireless security-profiles");
    to.set("[ find default=yes ]", { comment: comment(dice) });
    to.menu("/ppp profile");
    to.set("*FFFFFFFE", { "use-encryption": dice.maybe("required"), comment: comment(dice) });
    to.menu("/system logging action");
    to.set("3", { remote: dice.pick(["192.0.2.7", "192.0.2.8"]) });
    to.menu("/queue interface");
    to.set("ether1", { comment: comment(dice) });
    to.menu("/ip settings");
    to.set("", { "rp-filter": dice.maybe("strict"), "tcp-syncookies": dice.maybe("yes") });
    to.menu("/ipv6 address");
    for (const address of dice.some(["2001:db8::1/64", "2001:db8:1::1/64"])) {
      to.add({ address, interface: dice.pick(to.interfaces), advertise: dice.maybe("no") });
    }
  },
  secrets(to: Builder, dice: Dice) {
    to.menu("/ppp secret");
    for (const name of dice.some(["anna", "bob", "carl"])) {
      to.add({ name, password: dice.pick(["one", 'tw"o']), comment: comment(dice) });
    }
  },
  logging(to: Builder, dice: Dice) {
    to.menu("/system logging action");
    for (const name of dice.some(["syslog", "flash"])) {
      to.actions.push(name);
      to.add({ name, target: "remote", remote: host(dice) });
    }
    to.menu("/system logging");
    for (const topics of dice.some(["firewall", "dhcp,info"])) {
      to.add({ topics, action: dice.pick(to.actions), prefix: dice.maybe("tod") });
    }
  },
  services(to: Builder, dice: Dice) {
    to.menu("/ip service");
    to.set("telnet", { disabled: dice.maybe("yes") });
    to.set("www", { port: dice.maybe("8080"), address: dice.maybe("192.0.2.0/24") });
  },
  identity(to: Builder, dice: Dice) {
    to.menu("/system identity");
    to.set("", { name: dice.maybe(dice.pick(["gw 1", "Ядро"]), 0.6) });
    to.menu("/system note");
    to.set("", { note: dice.maybe("line 1\r\nline 2") });
  },
  scripts(to: Builder, dice: Dice) {
    to.menu("/system script");
    for (const name of dice.some(["one", "two"])) {
      to.add({ name, policy: "read,write", source: dice.pick([":log info a\r\n:put $x", "{ }"]) });
    }
    to.menu("/system scheduler");
    for (const name of dice.some(["daily", "hourly"])) {
      to.add({
        ...{ name, interval: dice.pick(["1h", "1d"]), "on-event": dice.pick(["one", "two"]) },
        ...{ policy: "read,write", comment: comment(dice) },
        ...{ "start-date": "2026-11-25", "start-time": dice.pick(["03:00:00", "startup"]) },
      });
    }
  },
  community(to: Builder, dice: Dice) {
    to.menu("/snmp community");
    for (const name of dice.some(["ops", "nms"])) {
      to.add({ name, addresses: "192.0.2.0/24", security: dice.maybe("private") });
    }
  },
} satisfies Record<string, (to: Builder, dice: Dice, order: Dice) => void>;

/** Some of them, in some order, some twice. */
function arrange(to: Builder, rules: readonly Values[], order: Dice): void {
  const chosen = order.some(rules, 0.6);
  if (order.chance(0.3) && chosen.length > 0) chosen.push(order.pick(chosen));
  for (const rule of order.chance(0.5) ? order.shuffled(chosen) : chosen) to.add(rule);
}

/** A simpler form of another section, for routers that have less. */
const SIMPLE: ReadonlySet<string> = new Set(["plainRoute", "secrets"]);
/** What simulated routers have not, or have on other boards alone. */
const RARE: ReadonlySet<string> = new Set(["tunnels", "wifi", "defaults"]);
export const ALL_SECTIONS = (Object.keys(SECTIONS) as Section[]).filter((one) => !SIMPLE.has(one));
export const USUAL_SECTIONS = ALL_SECTIONS.filter((one) => !RARE.has(one));

/**
 * Two configurations that have something in common: about half of the sections are thrown from the same
 * dice, so that they differ only where what they refer to does.
 */
export function randomPair(
  seed: number,
  sections: readonly Section[] = ALL_SECTIONS,
): [string, string] {
  const shared = new Dice(seed);
  const same = new Set(sections.filter(() => shared.chance(0.5)));
  const isSameStart = shared.chance(0.5);
  const build = (which: number) => {
    const builder = new Builder(new Dice(seed * 4 + (isSameStart ? 0 : which)));
    for (const [at, section] of sections.entries()) {
      const dice = new Dice(seed * 1_000 + at * 7 + (same.has(section) ? 0 : which));
      SECTIONS[section](builder, dice, new Dice(seed * 2_000 + at * 7 + which));
    }
    return `${builder.lines.join("\n")}\n`;
  };
  return [build(1), build(2)];
}
