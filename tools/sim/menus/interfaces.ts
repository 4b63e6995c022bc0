import type { Board } from "../boards.ts";
import { carried, type Row, valueAt, wander } from "../live.ts";
import type { Menu } from "../menu.ts";
import { between, hash, mac, pick } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { dateTime } from "../text.ts";
import type { Version } from "../version.ts";
import { own, picked } from "./rows.ts";

const COUNTERS_WITH_STATS = ["rx-error", "tx-error", "rx-drop", "tx-drop", "tx-queue-drop"];

/** Just below 2^64: what a busy uplink shows after years, and what a double cannot hold. */
const HUGE = 9_300_000_000_000_000_000n;

/** Radios are named wlanN by the old driver and wifiN by the new ones. */
export function radioName(router: SimRouter, radio: number): string {
  const isOld = router.version.major === 6;
  return `${isOld ? "wlan" : "wifi"}${radio + 1}`;
}

/** Physical ports in the order the board lists them. */
export function portsOf(board: Board): string[] {
  return [...Array.from({ length: board.ethernet }, (_, i) => `ether${i + 1}`), ...board.sfp];
}

/** A port has a cable to a neighbour, is the uplink, or has some office device on it. */
function isCabled(router: SimRouter, port: string): boolean {
  if (port === "ether1" || router.spec.cables.some(({ local }) => local === port)) return true;
  return port.startsWith("ether") && hash(router.seed, port, "cabled") % 100 < 55;
}

function bytesPerSecond(router: SimRouter, name: string): number {
  const isTrunk = router.spec.cables.some(({ local }) => local === name);
  const [low, high] = isTrunk ? [900_000, 40_000_000] : [4_000, 900_000];
  return between(low, high, router.seed, name, "flow");
}

/** The row every interface has, whatever its type; properties of one type are hidden with `$`. */
export function interfaceRow(
  router: SimRouter,
  id: number | string,
  name: string,
  type: string,
  extra: Row = {},
): Row {
  const flow = bytesPerSecond(router, name);
  const isUp = type === "ether" ? isCabled(router, name) : true;
  const seen = isUp ? flow : 0;
  const uplink = name === "sfp-sfpplus3" && router.board.key === "ccr2004";
  const counter = (what: string, perSecond: number, base: number | bigint = 0) =>
    router.counter(name, what, perSecond, base);
  const row: Row = {
    ".id": typeof id === "string" ? id : `*${id.toString(16).toUpperCase()}`,
    name,
    ...(type === "ether" ? { "default-name": name } : {}),
    type,
    mtu: type === "bridge" ? "auto" : "1500",
    "actual-mtu": "1500",
    l2mtu: type === "ether" && !router.board.isChr ? "1596" : "1592",
    "max-l2mtu": "9578",
    "mac-address": router.macOf(name),
    "last-link-up-time": () => {
      const { date, time } = dateTime(router.lastUp(name), router.version.hasIsoDates);
      return `${date} ${time}`;
    },
    "link-downs": () => String(router.linkDowns(name)),
    "rx-byte": counter("rx-byte", seen, uplink ? HUGE : 0),
    "tx-byte": counter("tx-byte", seen * 0.3),
    "rx-packet": counter("rx-packet", seen / 900),
    "tx-packet": counter("tx-packet", seen / 2_700),
    "rx-drop": counter("rx-drop", isUp ? 0.0002 : 0),
    "tx-drop": counter("tx-drop", 0),
    "tx-queue-drop": counter("tx-queue-drop", isUp ? 0.003 : 0),
    "rx-error": counter("rx-error", hash(router.seed, name, "bad") % 20 === 0 ? 0.01 : 0),
    "tx-error": counter("tx-error", 0),
    "fp-rx-byte": counter("fp-rx-byte", seen * 0.9),
    "fp-tx-byte": counter("fp-tx-byte", seen * 0.27),
    "fp-rx-packet": counter("fp-rx-packet", seen / 1_000),
    "fp-tx-packet": counter("fp-tx-packet", seen / 3_000),
    running: () => isUp && row["disabled"] === "false" && router.isLinkUp(name) ? "true" : "false",
    disabled: "false",
    ...extra,
  };
  return row;
}

function allInterfaces(router: SimRouter): Row[] {
  const { board, spec } = router;
  const rows: Row[] = [];
  let id = 1;
  const add = (name: string, type: string, extra: Row = {}) =>
    rows.push(interfaceRow(router, id++, name, type, extra));
  for (const port of portsOf(board)) {
    const cable = spec.cables.find(({ local }) => local === port);
    const peer = cable && router.peer(cable.peer)?.identity;
    const isBridged = port !== "ether1" && !board.isChr && board.key !== "ccr2004";
    add(port, "ether", {
      ...(isBridged ? { slave: "true" } : {}),
      ...(peer ? { comment: `to ${peer}` } : {}),
    });
  }
  board.radios.forEach((band, radio) => {
    add(radioName(router, radio), router.version.major === 6 ? "wlan" : "wifi", {
      slave: "true",
      $radio: band,
      $ssid: `${spec.site}-${band === "5ghz" ? "staff" : "guest"}`,
    });
  });
  if (!board.isChr) add("bridge", "bridge", { comment: "LAN" });
  for (const vlan of board.key === "ccr2004" || board.key === "crs328" ? [10, 20, 99] : []) {
    add(`vlan${vlan}`, "vlan", { "$vlan-id": String(vlan), $interface: "bridge" });
  }
  return rows;
}

/** The rows of one type, with that type's own properties. */
function view(
  router: SimRouter,
  type: string,
  project: (row: Row, router: SimRouter) => Row,
): Row[] {
  return router.rows("/interface").filter((row) => row["type"] === type)
    .map((row) => project(row, router));
}

const isOptical = (name: string) => name.startsWith("sfp");

function speedOf(name: string): string {
  if (name.startsWith("sfp28")) return "25Gbps";
  return isOptical(name) ? "10Gbps" : "1Gbps";
}

function ethernetRow(row: Row, router: SimRouter): Row {
  const name = String(row["default-name"]);
  const rename = (from: string) => row[from]!;
  return {
    ...picked(row, [".id", "name", "default-name", "mtu", "l2mtu", "mac-address"]),
    arp: "enabled",
    "auto-negotiation": "true",
    speed: (now) => valueAt(row["running"]!, now) === "true" ? speedOf(name) : "",
    ...own(row),
    "full-duplex": "true",
    "rx-bytes": rename("rx-byte"),
    "tx-bytes": rename("tx-byte"),
    "rx-packet": rename("rx-packet"),
    "tx-packet": rename("tx-packet"),
    "rx-drop": rename("rx-drop"),
    "tx-drop": rename("tx-drop"),
    "rx-fcs-error": rename("rx-error"),
    "rx-align-error": "0",
    "rx-fragment": "0",
    "rx-overflow": "0",
    "rx-too-long": "0",
    "rx-too-short": "0",
    "rx-jabber": "0",
    "rx-pause": router.counter(name, "rx-pause", 0.001),
    "tx-pause": "0",
    "tx-collision": "0",
    "tx-late-collision": "0",
    "tx-underrun": "0",
    ...picked(row, ["running", "slave", "disabled", "comment"]),
  };
}

const ETHERNET_STATS = [
  "rx-bytes tx-bytes rx-packet tx-packet rx-drop tx-drop rx-fcs-error rx-align-error rx-fragment",
  "rx-overflow rx-too-long rx-too-short rx-jabber rx-pause tx-pause tx-collision",
  "tx-late-collision tx-underrun",
].join(" ").split(" ");

/** Optics: some are copper cables without diagnostics, some cages are empty. */
function opticsOf(router: SimRouter, name: string, now: number, isUp: boolean): Row {
  const seed = hash(router.seed, name, "sfp");
  if (!isUp && seed % 3 !== 0) return { "sfp-module-present": "false" };
  if (seed % 7 === 0) {
    return {
      "sfp-module-present": "true",
      "sfp-rx-loss": isUp ? "false" : "true",
      "sfp-type": "SFP/SFP+/SFP28",
      "sfp-connector-type": "copper-pigtail",
      "sfp-vendor-name": "MikroTik",
      "sfp-vendor-part-number": "S+DA0001",
      "sfp-vendor-serial": seed.toString(36).toUpperCase(),
    };
  }
  const fixed = (low: number, high: number, digits: number, salt: number) =>
    wander(low, high, seed + salt, now).toFixed(digits);
  return {
    "sfp-module-present": "true",
    "sfp-rx-loss": isUp ? "false" : "true",
    "sfp-tx-fault": "false",
    "sfp-type": "SFP/SFP+/SFP28",
    "sfp-connector-type": "LC",
    "sfp-link-length-sm": "10km",
    "sfp-vendor-name": "MikroTik",
    "sfp-vendor-part-number": "S+31DLC10D",
    "sfp-vendor-serial": seed.toString(36).toUpperCase(),
    "sfp-manufacturing-date": "22-03-09",
    "sfp-wavelength": "1310",
    "sfp-temperature": fixed(31, 47, 0, 1),
    "sfp-supply-voltage": fixed(3.24, 3.33, 3, 2),
    "sfp-tx-bias-current": fixed(22, 34, 0, 3),
    "sfp-tx-power": fixed(-3.2, -1.1, 3, 4),
    "sfp-rx-power": isUp ? fixed(-9.5, -3.1, 3, 5) : "-40",
  };
}

function linkReport(router: SimRouter, row: Row, now: number): Row {
  const name = String(row["default-name"]);
  const isUp = valueAt(row["running"]!, now) === "true";
  return {
    name: row["name"]!,
    status: isUp ? "link-ok" : "no-link",
    "auto-negotiation": "done",
    ...(isUp ? { rate: speedOf(name), "full-duplex": "true" } : {}),
    "tx-flow-control": "false",
    "rx-flow-control": "false",
    ...(isOptical(name) ? opticsOf(router, name, now, isUp) : {}),
  };
}

/** Bits and packets of the last second, from the same counters the interface shows. */
function trafficReport(router: SimRouter, row: Row, now: number): Row {
  const name = String(row["default-name"] ?? row["name"]);
  const isUp = valueAt(row["running"]!, now) === "true";
  const flow = bytesPerSecond(router, name);
  const rate = (what: string, perSecond: number) => {
    const seed = hash(router.seed, name, what);
    const active = router.activeMs(name, now);
    return isUp ? carried(perSecond, active, seed) - carried(perSecond, active - 1_000, seed) : 0;
  };
  const rx = rate("rx-byte", flow);
  const tx = rate("tx-byte", flow * 0.3);
  return {
    name: row["name"]!,
    "rx-packets-per-second": String(Math.ceil(rx / 900)),
    "rx-bits-per-second": String(rx * 8),
    "fp-rx-packets-per-second": String(Math.ceil(rx / 1_000)),
    "fp-rx-bits-per-second": String(Math.floor(rx * 7.2)),
    "rx-drops-per-second": "0",
    "rx-errors-per-second": "0",
    "tx-packets-per-second": String(Math.ceil(tx / 900)),
    "tx-bits-per-second": String(tx * 8),
    "fp-tx-packets-per-second": String(Math.ceil(tx / 1_000)),
    "fp-tx-bits-per-second": String(Math.floor(tx * 7.2)),
    "tx-drops-per-second": "0",
    "tx-queue-drops-per-second": "0",
    "tx-errors-per-second": "0",
  };
}

const COMMON = ["name", "comment", "disabled", "mtu"];

/** `/interface` and its views by type; bridges and radios have files of their own. */
export function interfaceMenus(_board: Board, version: Version): Menu[] {
  return [
    {
      path: "/interface",
      verbs: ["set", "enable", "disable", "comment"],
      settable: [...COMMON, "l2mtu"],
      ...(version.major >= 7 ? { statsOnly: COUNTERS_WITH_STATS } : {}),
      rows: allInterfaces,
      monitors: { "monitor-traffic": { names: "interface", report: trafficReport } },
    },
    {
      path: "/interface/ethernet",
      viewOf: "/interface",
      verbs: ["set", "enable", "disable", "comment"],
      settable: [
        ...COMMON,
        "l2mtu",
        "mac-address",
        "arp",
        "auto-negotiation",
        "speed",
        "advertise",
      ],
      defaults: { mtu: "1500", arp: "enabled", "auto-negotiation": "true" },
      statsOnly: ETHERNET_STATS,
      rows: (router) => view(router, "ether", ethernetRow),
      monitors: { monitor: { names: "numbers", report: linkReport } },
    },
  ];
}

/** The MAC of a client device, of a maker's prefix or a "random" one of its own choice. */
export function clientMac(prefix: string, ...parts: (number | string)[]): string {
  const own = mac(...parts);
  if (prefix !== "random") return prefix + own.slice(8);
  return `5${pick(["2", "6", "A", "E"], own)}${own.slice(2)}`;
}
