import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import { hash } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import { isIpv4, network4 } from "../values.ts";
import type { Version } from "../version.ts";
import { lanPrefix } from "./clients.ts";
import { portsOf } from "./interfaces.ts";
import { list, settings } from "./list.ts";

const hasLan = (router: SimRouter) => !router.board.isChr && router.board.key !== "ccr2004";

/** The port that the way to the manager goes through. */
export function uplink(router: SimRouter): string {
  const local = router.spec.cables[0]?.local;
  return local !== undefined && portsOf(router.board).includes(local) ? local : "ether1";
}

/** The interface that has the management address: the uplink, or the bridge it is a port of. */
export function managedBy(router: SimRouter): string {
  const port = uplink(router);
  return hasLan(router) && port !== "ether1" ? "bridge" : port;
}

/** The network and the state of an address follow from it and its interface. */
export function addressOf(_router: SimRouter, row: Row, before: Row | undefined) {
  const [address, bits = "32"] = String(row["address"]).split("/");
  const isMoved = row["address"] !== before?.["address"] && row["network"] === before?.["network"];
  return {
    network: row["network"] === undefined || isMoved
      ? network4(address!, Number(bits))
      : String(row["network"]),
    "actual-interface": String(row["interface"]),
    invalid: "false",
  };
}

export function checkNetwork(_router: SimRouter, row: Row): void {
  if (row["network"] !== undefined && !isIpv4(String(row["network"]))) {
    throw new Trap("invalid value for argument network", 1);
  }
}

/** Lists every router has, beside those people make. */
const BUILTIN = ["all", "none", "dynamic", "static"];

function interfaceLists(router: SimRouter): Row[] {
  return [
    ...BUILTIN.map((name) => ({ name, builtin: "true" })),
    { name: "WAN", builtin: "false" },
    { name: "LAN", builtin: "false" },
    ...(hasLan(router) ? [] : [{ name: "MGMT", builtin: "false" }]),
  ];
}

function listMembers(router: SimRouter): Row[] {
  const managed = managedBy(router);
  return [
    ...(managed === "ether1" ? [] : [{ list: "WAN", interface: "ether1" }]),
    ...(hasLan(router) ? [{ list: "LAN", interface: "bridge" }] : []),
    ...(managed === "bridge"
      ? []
      : [{ list: hasLan(router) ? "LAN" : "MGMT", interface: managed }]),
  ];
}

const poolName = (name: string) => [{ name: "pool-lan", ranges: name }];

/** What connects: lists of interfaces, pools, DHCP, DNS, tunnels. */
export function networkMenus(_board: Board, version: Version): Menu[] {
  const isSeven = version.major >= 7;
  return [
    list("/interface/list", { include: "", exclude: "" }, {
      needs: ["name"],
      seed: interfaceLists,
      taken: "failure: already have interface list with such name",
    }),
    list("/interface/list/member", {}, {
      needs: ["list", "interface"],
      unique: ["list+interface"],
      taken: "failure: already have such interface in list",
      seed: listMembers,
    }),
    list("/ip/pool", { "next-pool": "none" }, {
      needs: ["name", "ranges"],
      seed: (router) =>
        hasLan(router) ? poolName(`${lanPrefix(router)}.10-${lanPrefix(router)}.199`) : [],
    }),
    list("/ip/dhcp-server/network", {}, {
      needs: ["address"],
      unique: ["address"],
      taken: "failure: already have such network",
      seed: (router) =>
        hasLan(router)
          ? [{
            address: `${lanPrefix(router)}.0/24`,
            gateway: `${lanPrefix(router)}.1`,
            "dns-server": `${lanPrefix(router)}.1`,
          }]
          : [],
    }),
    list("/ip/dhcp-client", {
      "add-default-route": "yes",
      "use-peer-dns": isSeven ? "yes" : "true",
      "use-peer-ntp": isSeven ? "yes" : "true",
      "default-route-distance": "1",
      "dhcp-options": "hostname,clientid",
    }, {
      needs: ["interface"],
      unique: ["interface"],
      taken: "failure: dhcp-client on that interface already exists",
    }),
    list("/ip/dns/static", { ttl: "1d" }, {
      isOrdered: isSeven,
      check(_router, row) {
        if (row["name"] === undefined && row["regexp"] === undefined) {
          throw new Trap("failure: at least one of name or regexp must be set", 4);
        }
      },
      unique: [],
    }),
    settings("/ip/neighbor/discovery-settings", {
      "discover-interface-list": "static",
      protocol: "cdp,lldp,mndp",
      ...(isSeven ? { mode: "tx-and-rx" } : {}),
    }),
    settings("/ip/settings", {
      "ip-forward": "true",
      "send-redirects": "true",
      "accept-redirects": "false",
      "accept-source-route": "false",
      "secure-redirects": "true",
      "rp-filter": "no",
      "tcp-syncookies": "false",
      "max-neighbor-entries": "8192",
      "arp-timeout": "30s",
    }),
    settings("/ip/ssh", {
      "forwarding-enabled": "no",
      "strong-crypto": "false",
      "host-key-size": "2048",
    }),
    settings("/ip/cloud", { "ddns-enabled": isSeven ? "auto" : "false", "update-time": "true" }),
    settings("/ip/upnp", { enabled: "false", "show-dummy-rule": "true" }),
    ...(isSeven ? sevenMenus(version) : []),
  ];
}

function sevenMenus(version: Version): Menu[] {
  return [
    list("/routing/table", {}, {
      needs: ["name"],
      seed: [{ name: "main", fib: "", dynamic: "true" }],
    }),
    list("/interface/wireguard/peers", {
      "endpoint-address": "",
      "endpoint-port": "0",
      "persistent-keepalive": "",
      "allowed-address": "",
    }, {
      needs: ["interface", "public-key"],
      isOrdered: true,
      unique: ["interface+public-key", ...(version.atLeast("7.15") ? ["name"] : [])],
      taken: "failure: already have such peer",
      ...(version.atLeast("7.15") ? { autoName: "peer" } : {}),
    }),
    list("/ipv6/address", {
      advertise: "true",
      "eui-64": "false",
      "no-dad": "false",
      "from-pool": "",
    }, {
      needs: ["interface"],
      unique: ["address+interface"],
      taken: "failure: already have such address",
    }),
    ...["filter", "nat"].map((name) =>
      list(`/ipv6/firewall/${name}`, {}, { needs: ["chain"], isOrdered: true, unique: [] })
    ),
    list("/ipv6/firewall/address-list", {}, {
      needs: ["list", "address"],
      unique: ["list+address"],
      taken: "failure: already have such entry",
    }),
    settings("/ipv6/settings", {
      "disable-ipv6": "false",
      forward: "true",
      "accept-redirects": "yes-if-forwarding-disabled",
      "accept-router-advertisements": "yes-if-forwarding-disabled",
      "max-neighbor-entries": "8192",
    }),
  ];
}

/** A key that looks like one; fixed by what it is for. */
export function key(...parts: (string | number)[]): string {
  let bytes = "";
  for (let i = 0; bytes.length < 32; i++) {
    const word = hash(...parts, i);
    bytes += String.fromCharCode(word & 255, word >> 8 & 255, word >> 16 & 255, word >>> 24);
  }
  return btoa(bytes.slice(0, 32));
}
