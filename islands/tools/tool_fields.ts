import type { RunKindName } from "@/core/contract/runs/mod.ts";

export type Tool = Extract<
  RunKindName,
  "ping" | "traceroute" | "torch" | "bandwidth-test" | "dns-lookup" | "wake-on-lan"
>;

interface Common {
  /** As the API names the parameter. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Stands behind "More options". */
  readonly isMore?: boolean;
}

export type ToolField =
  & Common
  & (
    | { type: "host" | "text" | "password" | "mac"; isRequired?: boolean; placeholder?: string }
    | { type: "interface"; isRequired?: boolean }
    /** Empty: as the router has it, or `null` where `empty` says so. */
    | { type: "number"; min: number; max: number; step?: number; value?: number; empty?: "null" }
    | { type: "choice"; choices: readonly (readonly [value: string, label: string])[] }
    | { type: "switch"; isOn?: boolean; isRequired?: boolean }
  );

export interface ToolForm {
  readonly title: string;
  /** Of the button: "Start ping". */
  readonly verb: string;
  readonly about: string;
  /** What it does to the router or the link while it runs. */
  readonly warning?: string;
  readonly fields: readonly ToolField[];
}

const source: readonly ToolField[] = [
  { name: "interface", label: "Out of interface", type: "interface", isMore: true },
  { name: "sourceAddress", label: "From address", type: "text", isMore: true },
];

/** What each tool asks for, in the order it is asked. */
export const TOOL_FORMS: Readonly<Record<Tool, ToolForm>> = {
  ping: {
    title: "Ping",
    verb: "Start ping",
    about: "Whether an address answers this router, how fast, and how many packets are lost.",
    fields: [
      { name: "address", label: "Address", type: "host", isRequired: true },
      {
        ...{ name: "count", label: "Packets", type: "number", min: 1, max: 600, empty: "null" },
        hint: "Empty: until stopped, 10 minutes at most",
      },
      {
        ...{ name: "intervalMs", label: "Pause (ms)", type: "number", min: 200, max: 5_000 },
        ...{ value: 1_000, step: 100, isMore: true },
      },
      {
        ...{ name: "size", label: "Size (bytes)", type: "number", min: 28, max: 9_000 },
        ...{ value: 56, isMore: true },
      },
      {
        ...{ name: "doNotFragment", label: "Do not fragment", type: "switch", isMore: true },
        hint: "With a size: finds the largest packet that passes",
      },
      ...source,
    ],
  },
  traceroute: {
    title: "Traceroute",
    verb: "Start traceroute",
    about: "The way from this router to an address, hop by hop, and where packets are lost.",
    fields: [
      { name: "address", label: "Address", type: "host", isRequired: true },
      {
        ...{ name: "count", label: "Packets to each hop", type: "number", min: 1, max: 300 },
        ...{ value: 10, empty: "null", hint: "Empty: until stopped, 10 minutes at most" },
      },
      {
        ...{ name: "protocol", label: "Protocol", type: "choice", isMore: true },
        choices: [["icmp", "ICMP"], ["udp", "UDP"]],
      },
      {
        ...{ name: "maxHops", label: "Hops at most", type: "number", min: 1, max: 64 },
        ...{ value: 30, isMore: true },
      },
      {
        ...{ name: "timeoutMs", label: "Wait (ms)", type: "number", min: 100, max: 5_000 },
        ...{ value: 1_000, step: 100, isMore: true },
      },
      {
        ...{ name: "useDns", label: "Names of hops", type: "switch", isMore: true },
        hint: "The router asks its DNS server for each",
      },
      ...source,
    ],
  },
  torch: {
    title: "Torch",
    verb: "Start torch",
    about: "What passes an interface right now: who talks to whom, and how much.",
    warning:
      "While it runs, traffic of this interface goes without fast path and FastTrack: a busy router has more to do. It stops after 5 minutes.",
    fields: [
      { name: "interface", label: "Interface", type: "interface", isRequired: true },
      {
        ...{ name: "protocol", label: "Protocol", type: "choice" },
        choices: [
          ...[["any", "Any"], ["tcp", "TCP"], ["udp", "UDP"], ["icmp", "ICMP"]] as const,
          ...[["icmpv6", "ICMPv6"], ["gre", "GRE"], ["ipsec-esp", "IPsec ESP"]] as const,
        ],
      },
      {
        ...{ name: "source", label: "Only from", type: "text", placeholder: "192.168.88.0/24" },
        ...{ isMore: true, hint: "On the far side of the interface" },
      },
      { name: "destination", label: "Only to", type: "text", isMore: true },
      { name: "port", label: "Only port", type: "number", min: 1, max: 65_535, isMore: true },
      { name: "byAddress", label: "By address", type: "switch", isOn: true, isMore: true },
      { name: "byProtocol", label: "By protocol", type: "switch", isOn: true, isMore: true },
      { name: "byPort", label: "By port", type: "switch", isOn: true, isMore: true },
      { name: "ipv6", label: "IPv6 too", type: "switch", isMore: true },
    ],
  },
  "bandwidth-test": {
    title: "Bandwidth test",
    verb: "Start bandwidth test",
    about:
      "How much passes between this router and another MikroTik router with a bandwidth server.",
    warning:
      "It fills the link and loads both routers. Everybody whose traffic goes this way will notice, and a link that is full may drop the connection to the router itself.",
    fields: [
      { name: "address", label: "Other router", type: "host", isRequired: true },
      {
        ...{ name: "direction", label: "Direction", type: "choice" },
        choices: [
          ["receive", "Receive (download)"],
          ["transmit", "Transmit (upload)"],
          ["both", "Both at once"],
        ],
      },
      {
        ...{ name: "protocol", label: "Protocol", type: "choice" },
        choices: [["tcp", "TCP"], ["udp", "UDP"]],
      },
      {
        ...{ name: "seconds", label: "Seconds", type: "number", min: 1, max: 30, value: 10 },
        hint: "At most 30",
      },
      { name: "user", label: "User on the other router", type: "text" },
      { name: "password", label: "Password there", type: "password" },
      {
        ...{ name: "receiveLimitMbps", label: "Receive at most (Mbps)", type: "number" },
        ...{ min: 0.1, max: 100_000, step: 0.1, isMore: true },
      },
      {
        ...{ name: "transmitLimitMbps", label: "Transmit at most (Mbps)", type: "number" },
        ...{ min: 0.1, max: 100_000, step: 0.1, isMore: true },
      },
      {
        ...{ name: "connections", label: "TCP connections", type: "number", min: 1, max: 100 },
        isMore: true,
      },
      {
        ...{ name: "loadsTheLink", label: "I know that it fills the link", type: "switch" },
        isRequired: true,
      },
    ],
  },
  "dns-lookup": {
    title: "DNS lookup",
    verb: "Look up",
    about: "What a name stands for, as this router sees it.",
    fields: [
      { name: "name", label: "Name", type: "host", isRequired: true, placeholder: "example.net" },
      {
        ...{ name: "type", label: "Address type", type: "choice" },
        choices: [["ipv4", "IPv4"], ["ipv6", "IPv6 (RouterOS 7)"]],
      },
      {
        ...{ name: "server", label: "DNS server", type: "text" },
        hint: "Empty: those the router uses",
      },
    ],
  },
  "wake-on-lan": {
    title: "Wake-on-LAN",
    verb: "Send packet",
    about: "Wakes a machine on a network of this router. Whether it woke, the router cannot know.",
    fields: [
      {
        ...{ name: "mac", label: "MAC address", type: "mac", isRequired: true },
        placeholder: "48:A9:8A:00:11:22",
      },
      { name: "interface", label: "Interface", type: "interface", isRequired: true },
    ],
  },
};

export const TOOLS = Object.keys(TOOL_FORMS) as Tool[];

/** The parameters of a filled form, as the API takes them; what is left empty is left out. */
export function readParams(tool: Tool, form: FormData): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const field of TOOL_FORMS[tool].fields) {
    const text = String(form.get(field.name) ?? "").trim();
    if (field.type === "switch") params[field.name] = form.has(field.name);
    else if (text !== "") params[field.name] = field.type === "number" ? Number(text) : text;
    else if (field.type === "number" && field.empty === "null") params[field.name] = null;
  }
  return params;
}
