import type { Board } from "../boards.ts";
import { type Row, wander } from "../live.ts";
import { addressOf, checkNetwork, managedBy } from "./network.ts";
import { routeMenu } from "./routes.ts";
import { service } from "./services.ts";
import type { Menu } from "../menu.ts";
import { hash } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { dateTime, duration } from "../text.ts";
import type { Version } from "../version.ts";
import { CLIENT_SLICE_MS, lanClients, lanPrefix } from "./clients.ts";
import { clientMac } from "./interfaces.ts";

export const ids = (rows: Row[], first = 1): Row[] =>
  rows.map((row, i) => ({ ".id": `*${(i + first).toString(16).toUpperCase()}`, ...row }));

/** Where ids of rows begin that come by themselves. */
export const DYNAMIC = 0x80000001;

/** The management address of a router in its site's network. */
export function siteAddress(router: SimRouter): string {
  const { index } = router.spec;
  return `10.${64 + (index >> 11)}.${(index >> 3) & 255}.${(index & 7) + 1}`;
}

export const hasLan = (router: SimRouter) => !router.board.isChr && router.board.key !== "ccr2004";

function addresses(router: SimRouter): Row[] {
  const site = siteAddress(router);
  const rows: Row[] = [{
    address: `${site}/24`,
    network: site.replace(/\d+$/, "0"),
    interface: managedBy(router),
    "actual-interface": managedBy(router),
    invalid: "false",
    dynamic: "false",
    disabled: "false",
  }];
  if (hasLan(router)) {
    rows.push({
      address: `${lanPrefix(router)}.1/24`,
      network: `${lanPrefix(router)}.0`,
      interface: "bridge",
      "actual-interface": "bridge",
      invalid: "false",
      dynamic: "false",
      disabled: "false",
    });
  }
  return ids(rows);
}

function arp(router: SimRouter): Row[] {
  const isOld = router.version.major === 6;
  const entry = (address: string, macAddress: string, name: string, isDhcp: boolean): Row => ({
    address,
    "mac-address": macAddress,
    interface: name,
    published: "false",
    invalid: "false",
    [isOld ? "DHCP" : "dhcp"]: String(isDhcp),
    dynamic: "true",
    complete: "true",
    ...(isOld ? {} : { status: hash(address) % 5 === 0 ? "stale" : "reachable" }),
    disabled: "false",
  });
  return ids([
    ...router.spec.cables.flatMap(({ local, peer, remote }) => {
      const other = router.peer(peer);
      return other ? [entry(siteAddress(other), other.macOf(remote), local, false)] : [];
    }),
    ...lanClients(router).map((client) => entry(client.address, client.mac, "bridge", true)),
  ], DYNAMIC);
}

/** Phones and computers speak IPv6 too, from an address of the router's network and a local one. */
function ipv6Neighbours(router: SimRouter): Row[] {
  return ids(
    lanClients(router).filter(({ seed }) => seed % 2 === 0).flatMap((client): Row[] => {
      const tail = client.mac.replaceAll(":", "").toLowerCase().replace(/(.{4})(?=.)/g, "$1:");
      const row = (address: string): Row => ({
        address,
        interface: "bridge",
        "mac-address": client.mac,
        router: "false",
        status: client.seed % 3 === 0 ? "stale" : "reachable",
      });
      const site = (router.spec.index + 0x100).toString(16);
      return [row(`fe80::${tail}`), row(`2001:db8:${site}::${tail}`)];
    }),
  );
}

function leases(router: SimRouter): Row[] {
  const rows: Row[] = lanClients(router).map((client) => ({
    address: client.address,
    "mac-address": client.mac,
    "client-id": `1:${client.mac.toLowerCase().replaceAll(/\b0/g, "")}`,
    "address-lists": "",
    server: "dhcp-lan",
    "dhcp-option": "",
    status: "bound",
    "expires-after": (now) => duration(600 - Math.floor(now / 1_000) % 600),
    "last-seen": (now) => duration(Math.floor(now / 1_000) % 600),
    "active-address": client.address,
    "active-mac-address": client.mac,
    "active-server": "dhcp-lan",
    ...(client.hostName ? { "host-name": client.hostName } : {}),
    radius: "false",
    dynamic: "true",
    blocked: "false",
    disabled: "false",
  }));
  if (hasLan(router) && router.seed % 9 === 0) {
    rows.push({
      address: `${lanPrefix(router)}.201`,
      server: "dhcp-lan",
      status: "conflict",
      radius: "false",
      dynamic: "true",
      blocked: "false",
      disabled: "false",
    });
  }
  return ids(rows, DYNAMIC);
}

/** A reservation whose owner is away. */
function reservations(router: SimRouter): Row[] {
  if (!hasLan(router)) return [];
  return ids([{
    address: `${lanPrefix(router)}.200`,
    "mac-address": clientMac("3C:D9:2B", router.seed, "printer"),
    server: "dhcp-lan",
    status: "waiting",
    "last-seen": "never",
    radius: "false",
    dynamic: "false",
    blocked: "false",
    disabled: "false",
    comment: "printer",
  }]);
}

/** What the other end of each cable says of itself. */
function neighbours(router: SimRouter): Row[] {
  return ids(router.spec.cables.flatMap(({ local, peer, remote }): Row[] => {
    const other = router.peer(peer);
    if (!other) return [];
    const isOld = router.version.major === 6;
    const isSwitched = router.rows("/interface").some((row) =>
      row["name"] === local && row["slave"] === "true"
    );
    const release = releaseOf(other);
    return [{
      interface: isSwitched ? `${local},bridge` : local,
      address: siteAddress(other),
      address4: siteAddress(other),
      "mac-address": other.macOf(remote),
      identity: other.identity,
      platform: "MikroTik",
      version: release,
      unpack: "none",
      age: (now) => `${Math.floor(now / 1_000) % 60}s`,
      uptime: (now) => other.uptime(now),
      "software-id": softwareId(other),
      board: other.board.model || "CHR",
      ipv6: "false",
      "interface-name": remote,
      "system-description": `MikroTik RouterOS ${release} ${other.board.model || "CHR"}`,
      "system-caps": "bridge,router",
      "system-caps-enabled": "bridge,router",
      ...(isOld ? {} : { "discovered-by": "cdp,lldp,mndp" }),
    }];
  }));
}

/** Version as `/system/resource` prints it. */
export function releaseOf(router: SimRouter): string {
  const { version } = router;
  const channel = version.major === 6 ? "long-term" : "stable";
  return `${version.text} (${channel})`;
}

export function softwareId(router: SimRouter): string {
  const letters = hash(router.seed, "software").toString(36).toUpperCase().padStart(8, "7");
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}`;
}

export const LIST_VERBS = ["set", "add", "remove", "enable", "disable", "comment"];
export const WITH_UNSET = [...LIST_VERBS, "unset"];

/** Addresses, ARP, neighbours, DHCP, routes, services. */
export function ipMenus(_board: Board, version: Version): Menu[] {
  const isSeven = version.major >= 7;
  return [
    {
      path: "/ip/address",
      verbs: LIST_VERBS,
      settable: ["address", "interface", "network", "comment", "disabled"],
      needs: ["address", "interface"],
      unique: ["address"],
      taken: "failure: already have such address",
      derive: addressOf,
      check: checkNetwork,
      rows: addresses,
    },
    {
      path: "/ip/arp",
      renewMs: CLIENT_SLICE_MS,
      verbs: LIST_VERBS,
      settable: ["address", "mac-address", "interface", "comment", "disabled", "published"],
      needs: ["address", "interface"],
      defaults: { published: "false" },
      rows: () => [],
      dynamic: arp,
    },
    { path: "/ip/neighbor", renewMs: CLIENT_SLICE_MS, rows: neighbours },
    {
      path: "/ip/dhcp-server",
      verbs: LIST_VERBS,
      needs: ["interface"],
      autoName: "dhcp",
      defaults: {
        "address-pool": "static-only",
        "lease-time": isSeven ? "30m" : "10m",
        authoritative: "yes",
        "lease-script": "",
      },
      unique: ["name", "interface"],
      taken: "failure: can not run server on interface, already one is there",
      rows: (router) =>
        hasLan(router)
          ? [{
            ".id": "*1",
            name: "dhcp-lan",
            interface: "bridge",
            "lease-time": "10m",
            "address-pool": "pool-lan",
            authoritative: "yes",
            "lease-script": "",
            invalid: "false",
            dynamic: "false",
            disabled: "false",
          }]
          : [],
    },
    {
      path: "/ip/dhcp-server/lease",
      renewMs: CLIENT_SLICE_MS,
      verbs: WITH_UNSET,
      printFlags: ["active", "dynamic"],
      unique: ["address+server", "mac-address+server"],
      taken: "failure: already have static lease with this address",
      hasDynamicWrites: true,
      rows: reservations,
      dynamic: leases,
    },
    routeMenu(version),
    { path: "/ipv6/route", rows: () => [] },
    // A package of its own under 6, and off where nobody asked for it.
    ...(version.major === 6 ? [] : [{
      path: "/ipv6/neighbor",
      renewMs: CLIENT_SLICE_MS,
      rows: ipv6Neighbours,
    }]),
    {
      path: "/ip/dns",
      isSingle: true,
      verbs: ["set"],
      defaults: {
        servers: "",
        "allow-remote-requests": "false",
        "cache-size": "2048",
        "cache-max-ttl": "1w",
        ...(isSeven ? { "use-doh-server": "", "verify-doh-cert": "false" } : {}),
      },
      rows: (router) => [{
        servers: "1.1.1.1,9.9.9.9",
        "dynamic-servers": "",
        "allow-remote-requests": "true",
        "cache-size": "2048",
        "cache-used": (now) => String(Math.round(wander(60, 900, router.seed, now))),
      }],
    },
    service(version),
  ];
}

/** Local date and time of a router, as its version writes them. */
export function clockRow(router: SimRouter): Row {
  const iso = router.version.hasIsoDates;
  return {
    time: () => dateTime(router.clock(), iso).time,
    date: () => dateTime(router.clock(), iso).date,
    "time-zone-autodetect": "true",
    "time-zone-name": "Etc/UTC",
    "gmt-offset": "+00:00",
    "dst-active": "false",
  };
}
