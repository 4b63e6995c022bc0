/**
 * Which attributes name items of other menus. RouterOS keeps such a reference as an id: when the item is
 * renamed the reference follows, when the item is removed it points at nothing.
 */
interface Reference {
  readonly attributes: readonly string[];
  /** Only in menus that begin so. */
  readonly within?: string;
  readonly to: readonly string[];
}

/** All interfaces share one room of names. */
export const INTERFACES = "interface";
const LISTS = "/interface/list";
const INTERFACE_MENU =
  /^\/interface\/(?:ethernet|bridge|vlan|bonding|wireless|wifi|wifiwave2|wireguard|eoip|eoipv6|gre|gre6|ipip|ipipv6|6to4|vxlan|vrrp|macvlan|veth|lte|mesh|vpls|w60g|(?:ppp|pppoe|l2tp|pptp|sstp|ovpn)-(?:client|server))$/;

const REFERENCES: readonly Reference[] = [
  {
    attributes: [
      ...["interface", "in-interface", "out-interface", "in-bridge-port", "out-bridge-port"],
      ...["in-bridge", "out-bridge", "bridge", "slaves", "primary", "master-interface"],
      ...["tagged", "untagged", "gateway", "vrf-interface", "local-interface"],
      "datapath.bridge",
    ],
    to: [INTERFACES],
  },
  {
    attributes: ["interfaces", "discover-interface-list", "allowed-interface-list"],
    to: [INTERFACES, LISTS],
  },
  {
    attributes: [
      ...["interface-list", "in-interface-list", "out-interface-list", "include", "exclude"],
      ...["in-bridge-port-list", "out-bridge-port-list", "datapath.interface-list"],
    ],
    to: [LISTS],
  },
  { attributes: ["list"], within: "/interface/list/member", to: [LISTS] },
  { attributes: ["target"], within: "/queue/simple", to: [INTERFACES] },
  { attributes: ["parent"], within: "/queue/tree", to: [INTERFACES, "/queue/tree"] },
  { attributes: ["parent"], within: "/queue/simple", to: ["/queue/simple"] },
  { attributes: ["queue"], within: "/queue", to: ["/queue/type"] },
  { attributes: ["address-pool", "next-pool", "pool"], to: ["/ip/pool"] },
  { attributes: ["local-address", "remote-address"], within: "/ppp", to: ["/ip/pool"] },
  { attributes: ["from-pool"], within: "/ipv6", to: ["/ipv6/pool"] },
  { attributes: ["server"], within: "/ip/dhcp-server", to: ["/ip/dhcp-server"] },
  { attributes: ["dhcp-option", "options"], within: "/ip", to: ["/ip/dhcp-server/option"] },
  { attributes: ["dhcp-option-set"], to: ["/ip/dhcp-server/option/sets"] },
  { attributes: ["profile"], within: "/ppp/secret", to: ["/ppp/profile"] },
  { attributes: ["profile", "default-profile"], within: "/interface", to: ["/ppp/profile"] },
  { attributes: ["profile"], within: "/ip/hotspot/user", to: ["/ip/hotspot/user/profile"] },
  { attributes: ["profile"], within: "/ip/hotspot", to: ["/ip/hotspot/profile"] },
  { attributes: ["profile"], within: "/ip/ipsec", to: ["/ip/ipsec/profile"] },
  { attributes: ["peer"], within: "/ip/ipsec", to: ["/ip/ipsec/peer"] },
  { attributes: ["proposal"], within: "/ip/ipsec", to: ["/ip/ipsec/proposal"] },
  { attributes: ["mode-config"], within: "/ip/ipsec", to: ["/ip/ipsec/mode-config"] },
  { attributes: ["policy-template-group"], to: ["/ip/ipsec/policy/group"] },
  { attributes: ["security-profile"], to: ["/interface/wireless/security-profiles"] },
  {
    attributes: ["configuration", "master-configuration", "slave-configurations"],
    within: "/interface/wifi",
    to: ["/interface/wifi/configuration"],
  },
  { attributes: ["security"], within: "/interface/wifi", to: ["/interface/wifi/security"] },
  { attributes: ["channel"], within: "/interface/wifi", to: ["/interface/wifi/channel"] },
  { attributes: ["datapath"], within: "/interface/wifi", to: ["/interface/wifi/datapath"] },
  { attributes: ["routing-table", "table"], to: ["/routing/table"] },
  { attributes: ["vrf"], to: ["/ip/vrf"] },
  { attributes: ["action"], within: "/system/logging", to: ["/system/logging/action"] },
  { attributes: ["instance"], within: "/routing/ospf", to: ["/routing/ospf/instance"] },
  { attributes: ["area"], within: "/routing/ospf", to: ["/routing/ospf/area"] },
  { attributes: ["templates"], within: "/routing/bgp", to: ["/routing/bgp/template"] },
];
const BY_ATTRIBUTE = new Map<string, Reference[]>();
for (const reference of REFERENCES) {
  for (const name of reference.attributes) {
    BY_ATTRIBUTE.set(name, [...BY_ATTRIBUTE.get(name) ?? [], reference]);
  }
}

const REFERRED = new Set(REFERENCES.flatMap(({ to }) => to));

/** Items `set` by name in these menus are the interfaces of that name. */
export const NAMED_BY_INTERFACE = new Set(["/queue/interface", "/interface/ethernet/poe"]);

/** Where the names of a menu's items must differ: the menu, or all interfaces. */
export function roomOf(menu: string): string {
  return menu === "/interface" || INTERFACE_MENU.test(menu) ? INTERFACES : menu;
}

/** Whether anything ever refers to items of the menu. */
export function isReferable(menu: string): boolean {
  return REFERRED.has(roomOf(menu));
}

/** May hold an address as well, so that a router might keep the name as text and not follow it. */
export function isTextToo(menu: string, attribute: string): boolean {
  return attribute === "gateway" ||
    (menu.startsWith("/ppp") && /^(?:local|remote)-address$/.test(attribute));
}

/** The rooms that an attribute's value names items of; the first that fits the menu best. */
function targetsOf(menu: string, attribute: string): readonly string[] {
  const fitting = (BY_ATTRIBUTE.get(attribute) ?? []).filter(({ within }) =>
    within === undefined || menu === within || menu.startsWith(`${within}/`)
  );
  const special = fitting.filter(({ within }) => within !== undefined)
    .sort((a, b) => b.within!.length - a.within!.length);
  return (special[0] ?? fitting[0])?.to ?? [];
}

/** The names that a value holds, each with the room it may be of. */
export function namesIn(
  menu: string,
  attribute: string,
  value: string | null,
): { room: string; name: string }[] {
  if (!value) return [];
  const rooms = targetsOf(menu, attribute);
  if (rooms.length === 0) return [];
  return partsOf(value).filter(({ isName }) => isName)
    .flatMap(({ text }) => rooms.map((room) => ({ room, name: text })));
}

/** The value after an item of `room` got another name. */
export function renamedValue(
  menu: string,
  attribute: string,
  value: string,
  { room, from, to }: { room: string; from: string; to: string },
): string {
  if (!value.includes(from) || !targetsOf(menu, attribute).includes(room)) return value;
  return partsOf(value).map(({ text, isName }) => isName && text === from ? to : text).join("");
}

/** `!a,b/c` and `192.0.2.1%ether1`: names and what stands between them. */
function partsOf(value: string): { text: string; isName: boolean }[] {
  return value.split(/([,%]|^!|(?<=,)!)/).map((text) => ({
    text,
    isName: text !== "" && text !== "," && text !== "%" && text !== "!",
  }));
}
