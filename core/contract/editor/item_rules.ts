import type { RouterVersion } from "./router_version.ts";

/** What an item would say; absent and empty are the same. */
export type ItemValues = Readonly<Record<string, string>>;

export interface ItemProblem {
  readonly name: string;
  readonly message: string;
}

type Rule = (values: ItemValues, version: RouterVersion) => ItemProblem | undefined;

const has = (values: ItemValues, name: string) => (values[name] ?? "") !== "";
const PORTED = new Set(["tcp", "udp", "6", "17", "sctp", "dccp", "udp-lite", "udplite", "132"]);

const portsNeedProtocol: Rule = (values) => {
  const name = ["dst-port", "src-port", "port"].find((one) => has(values, one));
  if (name === undefined) return undefined;
  const protocol = values["protocol"] ?? "";
  return PORTED.has(protocol)
    ? undefined
    : { name: "protocol", message: `must be tcp or udp, as ${name} is set` };
};

const jumpNeedsTarget: Rule = (values) =>
  values["action"] === "jump" && !has(values, "jump-target")
    ? { name: "jump-target", message: "is needed by the action jump" }
    : undefined;

const listNeedsName: Rule = (values) =>
  /^add-(src|dst)-to-address-list$/.test(values["action"] ?? "") && !has(values, "address-list")
    ? { name: "address-list", message: "is needed by this action" }
    : undefined;

/** Chains in which a packet has no interface of this direction yet, or no more. */
const NO_IN = new Set(["output", "postrouting", "srcnat"]);
const NO_OUT = new Set(["input", "prerouting", "dstnat"]);
const interfaceFitsChain: Rule = (values) => {
  const chain = values["chain"] ?? "";
  const wrong = NO_IN.has(chain)
    ? ["in-interface", "in-interface-list"].find((name) => has(values, name))
    : NO_OUT.has(chain)
    ? ["out-interface", "out-interface-list"].find((name) => has(values, name))
    : undefined;
  return wrong === undefined
    ? undefined
    : { name: wrong, message: `cannot be known in the chain ${chain}` };
};

const NAT_SOURCE = new Set(["masquerade", "src-nat"]);
const NAT_TARGET = new Set(["dst-nat", "redirect"]);
const natFitsChain: Rule = (values) => {
  const { action = "", chain = "" } = values;
  if (NAT_SOURCE.has(action) && chain === "dstnat") {
    return { name: "action", message: `${action} needs the chain srcnat` };
  }
  if (NAT_TARGET.has(action) && chain === "srcnat") {
    return { name: "action", message: `${action} needs the chain dstnat` };
  }
  if (action === "src-nat" && !has(values, "to-addresses")) {
    return { name: "to-addresses", message: "is needed by the action src-nat" };
  }
  if (action === "dst-nat" && !has(values, "to-addresses") && !has(values, "to-ports")) {
    return { name: "to-addresses", message: "is needed by the action dst-nat, or to-ports" };
  }
  return undefined;
};

const fasttrackForwards: Rule = (values) =>
  values["action"] === "fasttrack-connection" && !["forward", "output"].includes(values["chain"]!)
    ? { name: "chain", message: "must be forward or output for fasttrack-connection" }
    : undefined;

const FIREWALL: readonly Rule[] = [
  portsNeedProtocol,
  jumpNeedsTarget,
  listNeedsName,
  interfaceFitsChain,
];

const oneOfThese = (message: string, ...names: string[]): Rule => (values) =>
  names.some((name) => has(values, name)) ? undefined : { name: names[0]!, message };

const dnsAddress: Rule = (values) => {
  const type = values["type"] || "A";
  const needed: Record<string, string> = { CNAME: "cname", FWD: "forward-to", TXT: "text" };
  const name = needed[type] ?? (type === "A" || type === "AAAA" ? "address" : undefined);
  return name === undefined || has(values, name)
    ? undefined
    : { name, message: `is needed by the type ${type}` };
};

const policyIsKnown: Rule = ({ policy = "" }, { major, minor }) =>
  policy.split(",").includes("rest-api") && (major < 7 || (major === 7 && minor < 1))
    ? { name: "policy", message: "has no rest-api on this version" }
    : undefined;

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  "/ip/firewall/filter": [...FIREWALL, fasttrackForwards],
  "/ip/firewall/nat": [...FIREWALL, natFitsChain],
  "/ip/firewall/mangle": FIREWALL,
  "/ip/firewall/raw": FIREWALL,
  "/ipv6/firewall/filter": [...FIREWALL, fasttrackForwards],
  "/ipv6/firewall/nat": [...FIREWALL, natFitsChain],
  "/ipv6/firewall/mangle": FIREWALL,
  "/ip/dns/static": [oneOfThese("is needed, or a regexp", "name", "regexp"), dnsAddress],
  "/ip/dhcp-server/lease": [oneOfThese("is needed, or a client id", "mac-address", "client-id")],
  "/user/group": [policyIsKnown],
  "/interface/wireguard/peers": [
    (values) =>
      has(values, "endpoint-address") && !has(values, "endpoint-port")
        ? { name: "endpoint-port", message: "is needed with an endpoint address" }
        : undefined,
  ],
};

/** What does not go together within an item, in words. */
export function itemProblems(
  menu: string,
  values: ItemValues,
  version: RouterVersion,
): ItemProblem[] {
  return (RULES[menu] ?? []).flatMap((rule) => rule(values, version) ?? []);
}
