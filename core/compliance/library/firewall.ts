import type { RuleCheck, RuleTest } from "@/core/contract/compliance_rules.ts";
import {
  all,
  any,
  each,
  has,
  is,
  isNot,
  last,
  type LibraryRule,
  oneOf,
  put,
  since,
  some,
  where,
} from "./library_rule.ts";

const FILTER = "/ip/firewall/filter";
const FILTER6 = "/ipv6/firewall/filter";
/** A final drop may name where packets come in, as MikroTik's own default does (`!LAN`), and no more. */
const BARE: RuleTest = {
  ...{ attribute: "*", is: "only" },
  names: ["chain", "action", "in-interface", "in-interface-list", "reject-with"],
};
const drops = oneOf("action", "drop", "reject", "tarpit");
const endsInDrop = (menu: string, chain: string): RuleCheck =>
  last(menu, [is("chain", chain), isNot("action", "log"), isNot("action", "passthrough")], [
    drops,
    BARE,
  ]);

const established = (menu: string, chain: string) =>
  some(
    menu,
    is("chain", chain),
    oneOf("action", "accept", "fasttrack-connection"),
    has("connection-state", "established"),
  );
const invalid = (menu: string, chain: string) =>
  some(menu, is("chain", chain), is("action", "drop"), has("connection-state", "invalid"));
const resolverOff = each("/ip/dns", [], [is("allow-remote-requests", "no")]);
const blocksDns = (protocol: string): RuleCheck =>
  some(
    FILTER,
    is("chain", "input"),
    is("action", "drop"),
    is("protocol", protocol),
    has("dst-port", "53"),
  );

/** Addresses, or one from a provider: IPv6 is in use. On 6 it is a package that is off by default. */
const usesIpv6 = [some("/ipv6/address"), some("/ipv6/dhcp-client")];

export const FIREWALL_RULES: readonly LibraryRule[] = [
  {
    ...{ key: "input-drop", title: "The input chain ends in a drop", severity: "critical" },
    help:
      "What no rule accepts must be dropped at the end of the chain input; else every service " +
      "of the router is open to everybody. The last rule may name the interfaces that packets come " +
      "in by (such as in-interface-list=!LAN) but nothing else. An accept for this manager must " +
      "stand above it.",
    ...{ body: all(endsInDrop(FILTER, "input")), fix: [] },
  },
  {
    key: "input-established",
    ...{ title: "Input accepts established and drops invalid packets", severity: "medium" },
    help: "A rule for connection-state=established,related at the top keeps answers flowing and " +
      "the processor free; one that drops invalid keeps out what belongs to no connection.",
    body: all(established(FILTER, "input"), invalid(FILTER, "input")),
    fix: [],
  },
  {
    key: "forward-established",
    ...{ title: "Forward accepts established and drops invalid packets", severity: "medium" },
    help: "The same for packets through the router. Without the drop of invalid packets, private " +
      "addresses leak to the internet past the NAT.",
    body: where(
      [some("/ip/firewall/nat", is("chain", "srcnat"))],
      all(established(FILTER, "forward"), invalid(FILTER, "forward")),
    ),
    fix: [],
  },
  {
    key: "forward-dstnat",
    ...{ title: "New connections from outside are dropped", severity: "high" },
    help: "Behind a NAT the chain forward must drop what comes from the internet and was not " +
      "forwarded on purpose: either its last rule drops, or a rule drops connection-state=new " +
      "that is not connection-nat-state=dstnat. Asked where the router does source NAT.",
    body: where([some("/ip/firewall/nat", is("chain", "srcnat"))], {
      ...{ when: null, need: "any" },
      checks: [
        endsInDrop(FILTER, "forward"),
        some(FILTER, is("chain", "forward"), drops, has("connection-state", "new"), {
          attribute: "connection-nat-state",
          is: "like",
          pattern: "!*dstnat*",
        }),
      ],
    }),
    fix: [],
  },
  {
    ...{ key: "open-resolver", title: "No open DNS resolver", severity: "critical" },
    help: "A router that answers DNS to the internet is used to flood others, and its line with " +
      "it. Either allow-remote-requests=no, or the chain input ends in a drop, or rules drop UDP " +
      "and TCP port 53 from outside.",
    body: any(resolverOff, endsInDrop(FILTER, "input"), blocksDns("udp")),
    fix: [],
  },
  {
    key: "ipv6-input-drop",
    ...{ title: "The IPv6 input chain ends in a drop", severity: "critical" },
    help:
      "Rules for IPv4 do nothing for IPv6: a router with an IPv6 address and no rules there is " +
      "open. Asked where IPv6 addresses or a DHCPv6 client are configured. Keep ICMPv6 and " +
      "DHCPv6 answers accepted above the drop.",
    body: where(
      usesIpv6,
      any(
        endsInDrop(FILTER6, "input"),
        since("7", each("/ipv6/settings", [], [is("disable-ipv6", "yes")])),
      ),
    ),
    fix: [],
  },
  {
    key: "ipv6-forward-drop",
    ...{ title: "The IPv6 forward chain ends in a drop", severity: "high" },
    help: "IPv6 has no NAT: every computer behind the router has an address that the internet " +
      "reaches, and the chain forward alone stands before them.",
    body: where(
      usesIpv6,
      any(
        endsInDrop(FILTER6, "forward"),
        since("7", each("/ipv6/settings", [], [is("disable-ipv6", "yes")])),
      ),
    ),
    fix: [],
  },
  {
    key: "masquerade-interface",
    ...{ title: "Source NAT names where packets go out", severity: "medium" },
    help: "A masquerade without out-interface or out-interface-list hides the sender of every " +
      "packet, also between your own networks: logs, address rules and VPNs then see the router " +
      "in place of who it was.",
    body: {
      ...{ when: null, need: "all" },
      checks: [{
        ...{ menu: "/ip/firewall/nat", expect: "none" },
        where: [
          is("chain", "srcnat"),
          is("action", "masquerade"),
          ...["out-interface", "out-interface-list", "dst-address", "src-address", "ipsec-policy"]
            .map((attribute): RuleTest => ({ attribute, is: "unset" })),
        ],
      }],
    },
    fix: [],
  },
  {
    ...{ key: "source-route", title: "Source-routed packets are refused", severity: "low" },
    help: "With accept-source-route=yes the sender chooses the way through your network. It is " +
      "off by default and nobody needs it.",
    body: all(each("/ip/settings", [], [is("accept-source-route", "no")])),
    fix: [put("/ip/settings", { "accept-source-route": "no" })],
  },
  {
    ...{ key: "rp-filter", title: "Forged sender addresses are filtered", severity: "low" },
    help: "With rp-filter=loose or strict the router drops packets whose sender it has no way " +
      "back to. It is off by default. Use loose where there is more than one way out, strict " +
      "elsewhere.",
    body: all(each("/ip/settings", [], [oneOf("rp-filter", "loose", "strict")])),
    fix: [put("/ip/settings", { "rp-filter": "loose" })],
  },
];
