import type { Field, MenuSchema } from "../field.ts";
import {
  address,
  addresses,
  COMMENT,
  DISABLED,
  duration,
  field,
  interfaceList,
  interfaceName,
  NOTES,
  oneOf,
  ports,
  someOf,
  suggest,
  text,
  valueIn,
  whole,
  yesNo,
} from "../types.ts";

const group = "Firewall";
const negatable = { isNegatable: true };
const rare = { isNegatable: true, isAdvanced: true };
const PROTOCOL = field(
  "protocol",
  suggest(
    ...["tcp", "udp", "icmp", "icmpv6", "gre", "ipsec-esp", "ipsec-ah", "ospf", "igmp", "sctp"],
    ...["udp-lite", "ipip", "ipencap", "etherip", "l2tp", "vrrp", "pim"],
  ),
  "A name or a number",
  negatable,
);
const LIST = valueIn("/ip/firewall/address-list", "list", true);

const WHO: readonly Field[] = [
  field("src-address", address("ip4", "prefix4", "range4"), "Where it comes from", negatable),
  field("dst-address", address("ip4", "prefix4", "range4"), "Where it goes", negatable),
  field("src-address-list", LIST, "Comes from an address of this list", negatable),
  field("dst-address-list", LIST, "Goes to an address of this list", negatable),
  PROTOCOL,
  field("src-port", ports, "Of tcp or udp", rare),
  field("dst-port", ports, "Of tcp or udp: 22,80,8000-8100", negatable),
  field("in-interface", interfaceName(), "By which it comes in", negatable),
  field("out-interface", interfaceName(), "By which it leaves", negatable),
  field("in-interface-list", interfaceList(), "By one of which it comes in", negatable),
  field("out-interface-list", interfaceList(), "By one of which it leaves", negatable),
];
const STATE: readonly Field[] = [
  field(
    "connection-state",
    someOf("established", "related", "new", "invalid", "untracked"),
    "What is known of it",
    negatable,
  ),
  field("connection-nat-state", someOf("srcnat", "dstnat"), "Whether it was translated", rare),
  field("connection-mark", text, "As mangle marked it", rare),
];
const RARE: readonly Field[] = [
  field("port", ports, "Of either end", rare),
  field("src-mac-address", { kind: "mac" }, "Of the sender next to us", rare),
  field(
    "src-address-type",
    someOf("unicast", "local", "broadcast", "multicast"),
    "Kind of the sender",
    rare,
  ),
  field(
    "dst-address-type",
    someOf("unicast", "local", "broadcast", "multicast"),
    "Kind of the receiver",
    rare,
  ),
  field("packet-mark", text, "As mangle marked it", rare),
  field("routing-mark", text, "As mangle marked it", rare),
  field("ipsec-policy", oneOf("in,ipsec", "in,none", "out,ipsec", "out,none"), "", {
    isAdvanced: true,
  }),
  field("limit", text, "rate,burst as 10/1m,5:packet", rare),
  field("dst-limit", text, "rate,burst by destination", rare),
  field("connection-limit", text, "count,mask as 20,32", rare),
  field("connection-rate", text, "From-to, bits per second", rare),
  field("tcp-flags", text, "syn,!ack", rare),
  field("tcp-mss", text, "From-to", rare),
  field("icmp-options", text, "type:code", rare),
  field("packet-size", text, "From-to, bytes", rare),
  field("ttl", text, "equal:1", rare),
  field("dscp", whole(0, 63), "", rare),
  field("psd", text, "Port scans: weight,delay,low,high", rare),
  field("content", text, "A text within the packet", rare),
  field("layer7-protocol", valueIn("/ip/firewall/layer7-protocol", "name"), "Costs much", rare),
  field("tls-host", text, "The name a TLS client asks for", rare),
  field("per-connection-classifier", text, "Spreads connections", rare),
  field("random", whole(1, 99), "Per cent of the packets", rare),
  field("nth", text, "every,packet", rare),
  field("time", text, "8h-18h,mon,tue", { isAdvanced: true }),
];
const LOG: readonly Field[] = [
  field("log", yesNo, "What fits is logged"),
  field("log-prefix", { kind: "string", max: 127 }, "In front of the line", {
    when: ["log", "yes", "true"],
  }),
];
const COUNTERS: readonly Field[] = [
  field("bytes", text, "That fitted", { isReadOnly: true }),
  field("packets", text, "That fitted", { isReadOnly: true }),
];
const JUMP = field("jump-target", text, "Another chain", { when: ["action", "jump"] });
const REJECT = field(
  "reject-with",
  oneOf(
    ...["icmp-network-unreachable", "icmp-host-unreachable", "icmp-port-unreachable"],
    ...["icmp-protocol-unreachable", "icmp-net-prohibited", "icmp-host-prohibited"],
    ...["icmp-admin-prohibited", "tcp-reset", "icmp-no-route", "icmp-address-unreachable"],
  ),
  "What the sender hears",
  { when: ["action", "reject"] },
);
const TO_A_LIST = [
  ...["action", "add-src-to-address-list", "add-dst-to-address-list"],
] as unknown as [string, ...string[]];
const TO_LIST: readonly Field[] = [
  field("address-list", LIST, "Where the address is put", { when: TO_A_LIST }),
  field("address-list-timeout", duration("none-dynamic", "none-static"), "How long it stays", {
    when: TO_A_LIST,
  }),
];
const MARKS: readonly Field[] = [
  field("new-connection-mark", text, "", { when: ["action", "mark-connection"] }),
  field("new-packet-mark", text, "", { when: ["action", "mark-packet"] }),
  field("new-routing-mark", text, "", { when: ["action", "mark-routing"] }),
  field("new-mss", text, "clamp-to-pmtu or bytes", { when: ["action", "change-mss"] }),
  field("new-dscp", whole(0, 63), "", { when: ["action", "change-dscp"] }),
  field("new-ttl", text, "set:64", { when: ["action", "change-ttl"] }),
  field("new-priority", text, "", { when: ["action", "set-priority"] }),
  field("passthrough", yesNo, "Later rules see it, too"),
];

const TRANSLATES = [
  ...["action", "dst-nat", "src-nat", "redirect", "netmap", "same", "masquerade"],
] as unknown as [string, ...string[]];
const COMMON_ACTIONS = [
  ...["accept", "drop", "jump", "return", "log", "passthrough"],
  ...["add-src-to-address-list", "add-dst-to-address-list"],
];

interface Table {
  name: string;
  title: string;
  chains: string[];
  actions: string[];
  own: readonly Field[];
  columns: readonly string[];
  help: string;
}

const TABLES: readonly Table[] = [
  {
    ...{ name: "filter", title: "Filter rules", chains: ["input", "forward", "output"] },
    actions: [...COMMON_ACTIONS, "reject", "tarpit", "fasttrack-connection"],
    own: [
      ...STATE,
      REJECT,
      ...TO_LIST,
      JUMP,
      field("hw-offload", yesNo, "The switch chip goes on", {
        since: "7.0",
        when: ["action", "fasttrack-connection"],
      }),
    ],
    columns: ["connection-state"],
    help: "What may pass; the first rule that fits decides",
  },
  {
    ...{ name: "nat", title: "NAT rules", chains: ["srcnat", "dstnat"] },
    actions: [
      ...["masquerade", "src-nat", "dst-nat", "redirect", "netmap", "same"],
      ...COMMON_ACTIONS,
    ],
    own: [
      field("to-addresses", address("ip4", "range4", "prefix4"), "The new address", {
        when: TRANSLATES,
      }),
      field("to-ports", ports, "The new port", { when: TRANSLATES }),
      ...TO_LIST,
      JUMP,
      field("connection-mark", text, "As mangle marked it", rare),
    ],
    columns: ["to-addresses", "to-ports"],
    help: "Which addresses are translated",
  },
  {
    name: "mangle",
    title: "Mangle rules",
    chains: ["prerouting", "input", "forward", "output", "postrouting"],
    actions: [
      ...["mark-connection", "mark-packet", "mark-routing", "change-mss", "change-dscp"],
      ...["change-ttl", "set-priority", "strip-ipv4-options", "sniff-tzsp", "route", "clear-df"],
      ...COMMON_ACTIONS,
    ],
    own: [...STATE, ...MARKS, ...TO_LIST, JUMP],
    columns: ["new-connection-mark", "new-packet-mark", "new-routing-mark"],
    help: "Marks for routes and queues",
  },
  {
    ...{ name: "raw", title: "Raw rules", chains: ["prerouting", "output"] },
    actions: [...COMMON_ACTIONS, "notrack"],
    own: [...TO_LIST, JUMP],
    columns: [],
    help: "Before connections are tracked",
  },
];

function tableOf({ name, title, chains, actions, own, columns, help }: Table): MenuSchema {
  const fields = [
    field("chain", suggest(...chains), "Where it is looked at", { isRequired: true }),
    field("action", oneOf(...actions), "What happens to what fits", { isRequired: true }),
    ...WHO,
    ...own,
    ...LOG,
    ...RARE.filter((rare) => !own.some((field) => field.name === rare.name)),
    ...COUNTERS,
    ...NOTES,
  ];
  return {
    path: `/ip/firewall/${name}`,
    ...{ title, group, help, isOrdered: true, fields },
    key: ["comment", "chain", "action"],
    columns: [
      ...["chain", "action", "comment", "src-address", "dst-address", "protocol", "dst-port"],
      ...["in-interface", "in-interface-list", "out-interface", "out-interface-list"],
      ...["src-address-list", "dst-address-list", ...columns, "bytes", "packets"],
    ],
  };
}

/** IPv6 has the same rules for other addresses. */
function asIpv6(menu: MenuSchema): MenuSchema {
  const forIpv6: Record<string, Field> = Object.fromEntries(
    [
      field("src-address", address("ip6", "prefix6", "range6"), "Where it comes from", negatable),
      field("dst-address", address("ip6", "prefix6", "range6"), "Where it goes", negatable),
    ].map((one) => [one.name, one]),
  );
  return {
    ...menu,
    path: menu.path.replace("/ip/", "/ipv6/"),
    title: `IPv6 ${menu.title.toLowerCase()}`,
    fields: menu.fields.map((one) => forIpv6[one.name] ?? one),
  };
}

const IPV4 = TABLES.map(tableOf);

const addressList = (path: string, title: string, type: Field["type"]): MenuSchema => ({
  ...{ path, title, group, key: ["list", "address"] },
  columns: ["list", "address", "timeout", "creation-time", "comment"],
  fields: [
    field("list", valueIn(path, "list", true), "Rules refer to it", { isRequired: true }),
    field("address", type, "One address, a network, or a name", { isRequired: true }),
    field("timeout", duration(), "It goes away after this"),
    field("creation-time", text, "Since when", { isReadOnly: true }),
    COMMENT,
    DISABLED,
  ],
});

/** What may pass, and under which address. */
export const FIREWALL_MENUS: readonly MenuSchema[] = [
  ...IPV4,
  addressList(
    "/ip/firewall/address-list",
    "Address lists",
    address("ip4", "prefix4", "range4", "name"),
  ),
  {
    path: "/ip/firewall/service-port",
    title: "Service ports",
    group,
    help: "Helpers that look into protocols such as FTP and SIP",
    isFixed: true,
    key: ["name"],
    columns: ["name", "ports", "disabled"],
    fields: [
      field("name", text, "Of the helper", { isReadOnly: true }),
      field("ports", ports, "Where it looks"),
      DISABLED,
    ],
  },
  {
    path: "/ip/firewall/connection/tracking",
    title: "Connection tracking",
    group,
    isSingle: true,
    key: [],
    columns: ["enabled", "tcp-established-timeout", "total-entries", "max-entries"],
    fields: [
      field("enabled", oneOf("auto", "yes", "no"), "NAT and states need it"),
      field("tcp-established-timeout", duration(), "A silent TCP connection is forgotten"),
      field("udp-timeout", duration(), "A UDP packet without an answer"),
      field("udp-stream-timeout", duration(), "UDP both ways"),
      field("icmp-timeout", duration(), "Of a ping"),
      field("generic-timeout", duration(), "Of everything else"),
      field("loose-tcp-tracking", yesNo, "Picks up connections from the middle", {
        isAdvanced: true,
      }),
      field("total-entries", text, "Now", { isReadOnly: true }),
      field("max-entries", text, "At most", { isReadOnly: true }),
    ],
  },
  ...IPV4.filter(({ path }) => !path.endsWith("/raw")).map(asIpv6),
  addressList(
    "/ipv6/firewall/address-list",
    "IPv6 address lists",
    addresses("ip6", "prefix6", "name"),
  ),
];
