import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import type { Version } from "../version.ts";
import { interfaceRow } from "./interfaces.ts";
import { VERBS } from "./list.ts";
import { key } from "./network.ts";
import { HEAD, own, picked, TAIL } from "./rows.ts";

/** The menu of one type of interface: a view of `/interface`, and the way to make one. */
function typed(
  path: string,
  type: string,
  defaults: Readonly<Record<string, string>>,
  rest: Partial<Menu> = {},
): Menu {
  return {
    path,
    viewOf: "/interface",
    verbs: VERBS,
    defaults,
    autoName: type === "wg" ? "wireguard" : type,
    rows: (router) =>
      router.config.rows("/interface").filter((row) => row["type"] === type)
        .map((row) => ({ ...picked(row, HEAD), ...own(row, defaults), ...picked(row, TAIL) })),
    create: (router, given) =>
      interfaceRow(router, router.newId(), given["name"]!, type, {
        ...(defaults["mtu"] ? { mtu: defaults["mtu"] } : {}),
        disabled: defaults["disabled"] ?? "false",
      }),
    ...rest,
  };
}

/** A private key has a public one; here it is worked out as simply as it is of no use. */
function wireguardKeys(_router: SimRouter, row: Row): Record<string, string> {
  const secret = String(row["$private-key"] ?? row["private-key"] ?? key(String(row[".id"])));
  return { "$private-key": secret, "$public-key": key(secret, "public") };
}

/** Interfaces that people make. */
export function interfaceTypeMenus(_board: Board, version: Version): Menu[] {
  const isSeven = version.major >= 7;
  return [
    typed("/interface/vlan", "vlan", {
      mtu: "1500",
      arp: "enabled",
      "arp-timeout": "auto",
      "use-service-tag": "false",
      "vlan-id": "1",
      "loop-protect": "default",
    }, { needs: ["interface"] }),
    typed("/interface/bridge", "bridge", {
      mtu: "auto",
      arp: "enabled",
      "arp-timeout": "auto",
      "protocol-mode": "rstp",
      priority: "0x8000",
      "auto-mac": "true",
      "ageing-time": "5m",
      "forward-delay": "15s",
      "fast-forward": "true",
      "igmp-snooping": "false",
      "dhcp-snooping": "false",
      "vlan-filtering": "false",
      pvid: "1",
    }),
    typed("/interface/bonding", "bond", {
      mtu: "1500",
      mode: "balance-rr",
      arp: "enabled",
      "link-monitoring": "mii",
      "mii-interval": "100ms",
      "lacp-rate": "30secs",
      "transmit-hash-policy": "layer-2",
      primary: "none",
    }, { needs: ["slaves"], autoName: "bonding" }),
    typed("/interface/pppoe-client", "pppoe-out", {
      mtu: "1480",
      "max-mtu": "auto",
      "max-mru": "auto",
      mrru: "disabled",
      profile: "default",
      user: "",
      password: "",
      "service-name": "",
      "ac-name": "",
      "keepalive-timeout": "10s",
      "add-default-route": "false",
      "dial-on-demand": "false",
      "use-peer-dns": "false",
      allow: "pap,chap,mschap1,mschap2",
      disabled: "true",
    }, { needs: ["interface"] }),
    ...(isSeven
      ? [typed("/interface/wireguard", "wg", { mtu: "1420", "listen-port": "13231" }, {
        derive: wireguardKeys,
      })]
      : []),
  ];
}
