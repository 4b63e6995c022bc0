import { type ConfigItem, type ConfigModel, isOn } from "../config_model.ts";
import { holds } from "./addresses.ts";

/** A packet as firewall rules see it; what is not known is `null`. */
export interface Packet {
  readonly source: string | null;
  readonly destination: string | null;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly state: "new" | "established";
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  /** Whether the router itself is the destination. */
  readonly isToRouter: boolean;
}

/** `maybe`: it depends on something that is not known. */
export type Fit = "yes" | "no" | "maybe";

/** What a rule does, and says, beside what it fits. */
const NOT_CONDITIONS = new Set([
  ...[".id", "chain", "action", "comment", "disabled", "dynamic", "invalid", "bytes", "packets"],
  ...["log", "log-prefix", "jump-target", "reject-with", "address-list", "address-list-timeout"],
  ...["to-addresses", "to-ports", "new-connection-mark", "new-packet-mark", "new-routing-mark"],
  ...["passthrough", "place-before", "copy-from", "nextid", "hw-offload", "randomise-ports"],
]);

/** Whether `packet` fits all conditions of a rule. */
export function matchRule(model: ConfigModel, rule: ConfigItem, packet: Packet): Fit {
  let fit: Fit = "yes";
  for (const [name, raw] of Object.entries(rule)) {
    if (NOT_CONDITIONS.has(name) || raw === "") continue;
    const isNot = raw.startsWith("!");
    const one = matches(model, name, isNot ? raw.slice(1) : raw, packet);
    const answer = one === "maybe" || !isNot ? one : one === "yes" ? "no" : "yes";
    if (answer === "no") return "no";
    if (answer === "maybe") fit = "maybe";
  }
  return fit;
}

function matches(model: ConfigModel, name: string, value: string, packet: Packet): Fit {
  switch (name) {
    case "protocol":
      return yes(value === "tcp" || value === "6");
    case "src-address":
      return inAddress(value, packet.source);
    case "dst-address":
      return inAddress(value, packet.destination);
    case "src-address-list":
      return inAddressList(model, value, packet.source);
    case "dst-address-list":
      return inAddressList(model, value, packet.destination);
    case "src-port":
      return inPorts(value, packet.sourcePort);
    case "dst-port":
      return inPorts(value, packet.destinationPort);
    case "port":
      return either(inPorts(value, packet.sourcePort), inPorts(value, packet.destinationPort));
    case "connection-state":
      return yes(value.split(",").includes(packet.state));
    case "connection-nat-state":
      return "no"; // a connection that is translated is judged by another table
    case "dst-address-type":
      return packet.isToRouter ? yes(value.split(",").includes("local")) : "maybe";
    case "src-address-type":
      return value === "local" && packet.isToRouter ? "no" : "maybe";
    case "in-interface":
      return packet.inInterface === null ? "maybe" : yes(value === packet.inInterface);
    case "out-interface":
      return packet.outInterface === null ? "maybe" : yes(value === packet.outInterface);
    case "in-interface-list":
      return inInterfaceList(model, value, packet.inInterface);
    case "out-interface-list":
      return inInterfaceList(model, value, packet.outInterface);
    default:
      return "maybe";
  }
}

const yes = (is: boolean): Fit => is ? "yes" : "no";

function either(a: Fit, b: Fit): Fit {
  return a === "yes" || b === "yes" ? "yes" : a === "maybe" || b === "maybe" ? "maybe" : "no";
}

function inAddress(value: string, address: string | null): Fit {
  if (address === null) return "maybe";
  const held = holds(value, address);
  return held === undefined ? "maybe" : yes(held);
}

/** `22,80,8000-8100` */
function inPorts(value: string, port: number | null): Fit {
  const ranges = value.split(",").map((part) => part.split("-").map(Number));
  if (port !== null) return yes(ranges.some(([low, high = low]) => port >= low! && port <= high!));
  return ranges.some(([low, high = low]) => low === 0 && high === 65_535) ? "yes" : "maybe";
}

function inAddressList(model: ConfigModel, list: string, address: string | null): Fit {
  if (address === null) return "maybe";
  const menu = address.includes(":") ? "/ipv6/firewall/address-list" : "/ip/firewall/address-list";
  if (!model.has(menu)) return "maybe";
  const members = model.live(menu).filter((item) => item["list"] === list);
  const held = members.map((item) => holds(item["address"] ?? "", address));
  // A name in the list is resolved by the router.
  return held.includes(true) ? "yes" : held.includes(undefined) ? "maybe" : "no";
}

function inInterfaceList(model: ConfigModel, list: string, name: string | null): Fit {
  if (list === "all") return "yes";
  if (list === "none") return "no";
  if (name === null) return "maybe";
  const members = model.live("/interface/list/member").filter((item) => item["list"] === list);
  if (members.some((item) => item["interface"] === name)) return "yes";
  const itself = model.items("/interface/list").find((item) => item["name"] === list);
  const isMade = list === "dynamic" || list === "static" || itself?.["include"];
  return isMade && !isOn(itself, "builtin") ? "maybe" : "no";
}
