import { entry } from "./entry.ts";

export const FIREWALL = [
  entry({
    slug: "input-firewall",
    name: "Input firewall that keeps management",
    description:
      "What may reach the router itself. Management comes first, so that the rules below cannot " +
      "lock anybody out; what else comes from the Internet is dropped. Rules of your own stay.",
    tags: ["firewall", "security"],
    routeros: "6.41 and newer, 7",
    script: `
/ip firewall address-list
{{#management_networks}}
add list=management address={{.}} comment="tod: management"
{{/management_networks}}
/ip firewall filter
add chain=input action=accept src-address-list=management comment="tod: management" place-before=0
add chain=input action=accept connection-state=established,related,untracked comment="tod: established" place-before=[find comment="tod: the rest of the Internet"]
add chain=input action=drop connection-state=invalid comment="tod: invalid" place-before=[find comment="tod: the rest of the Internet"]
add chain=input action=accept protocol=icmp comment="tod: ping" place-before=[find comment="tod: the rest of the Internet"]
{{#wireguard_port}}
add chain=input action=accept protocol=udp dst-port={{wireguard_port}} comment="tod: WireGuard" place-before=[find comment="tod: the rest of the Internet"]
{{/wireguard_port}}
add chain=input action=drop in-interface-list={{wan_list}} comment="tod: the rest of the Internet"
`,
    variables: [
      {
        ...{ name: "management_networks", type: "subnet", isList: true },
        default: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        help: "Who may always reach the router. Put the address of TOD's poller in.",
      },
      {
        ...{ name: "wan_list", type: "string", default: "WAN", min: 1, max: 60 },
        help: "The interface list towards the Internet; it must be there",
      },
      {
        ...{ name: "wireguard_port", type: "integer", isRequired: false, min: 1, max: 65_535 },
        help: "Left open for WireGuard, where there is any",
      },
    ],
  }),
  entry({
    slug: "port-forward",
    name: "Forward a port to a host inside",
    description: "One port from the Internet to one host: a camera recorder, a mail server.",
    tags: ["firewall"],
    routeros: "6.41 and newer, 7",
    script: `
/ip firewall nat
add chain=dstnat action=dst-nat in-interface-list={{wan_list}} protocol={{forward_protocol}} dst-port={{forward_port}} to-addresses={{forward_to}} to-ports={{forward_to_port}} comment="tod: forward {{forward_protocol}} {{forward_port}}"
`,
    variables: [
      { name: "wan_list", type: "string", default: "WAN", min: 1, max: 60 },
      { name: "forward_protocol", type: "choice", options: ["tcp", "udp"], default: "tcp" },
      { name: "forward_port", type: "integer", min: 1, max: 65_535 },
      { name: "forward_to", type: "ip", family: 4, help: "The host inside" },
      { name: "forward_to_port", type: "integer", min: 1, max: 65_535 },
    ],
  }),
];
