import { entry } from "./entry.ts";

export const SERVICES = [
  entry({
    slug: "services-hardening",
    name: "Harden the services",
    description:
      "Switches off telnet, FTP and the web page, and lets SSH and WinBox be reached from chosen " +
      "networks only. The API stays as it is: TOD reads routers through it.",
    tags: ["security"],
    routeros: "6 and 7",
    script: `
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www disabled={{disable_web}}
{{#restrict}}
# From now on these networks alone: the address TOD comes from must be among them.
set ssh address={{management_networks}}
set winbox address={{management_networks}}
{{/restrict}}
/ip ssh
set strong-crypto=yes
`,
    variables: [
      { name: "disable_web", type: "boolean", default: "yes", help: "Switch off http (WebFig)" },
      {
        ...{ name: "restrict", type: "boolean", default: "no" },
        help: "SSH and WinBox from the management networks only",
      },
      {
        ...{ name: "management_networks", type: "subnet", isList: true },
        default: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        help: "Who may reach SSH and WinBox. Put the address of TOD's poller in.",
      },
    ],
  }),
  entry({
    slug: "unused-services",
    name: "Switch off what is not used",
    description:
      "The bandwidth test server, the proxy, SOCKS and UPnP: each a way in that few networks need.",
    tags: ["security"],
    routeros: "6 and 7",
    script: `
/tool bandwidth-server
set enabled=no
/ip proxy
set enabled=no
/ip socks
set enabled=no
{{#disable_upnp}}
/ip upnp
set enabled=no
{{/disable_upnp}}
`,
    variables: [
      {
        ...{ name: "disable_upnp", type: "boolean", default: "yes" },
        help: "Consoles and phones behind it may rely on UPnP",
      },
    ],
  }),
  entry({
    slug: "layer-2-access",
    name: "Discovery and MAC access from inside only",
    description:
      "Neighbour discovery, MAC telnet and MAC WinBox answer on the interfaces of one list, not " +
      "towards the Internet.",
    tags: ["security"],
    routeros: "6.41 and newer, 7",
    script: `
/ip neighbor discovery-settings
set discover-interface-list={{inside_list}}
/tool mac-server
set allowed-interface-list={{inside_list}}
/tool mac-server mac-winbox
set allowed-interface-list={{inside_list}}
/tool mac-server ping
set enabled=no
`,
    variables: [
      {
        ...{ name: "inside_list", type: "string", default: "LAN", min: 1, max: 60 },
        help: "An interface list that the router has",
      },
    ],
  }),
  entry({
    slug: "operator-account",
    name: "An account for operators",
    description:
      "A user of your own instead of admin, from chosen networks. Remove or disable admin yourself " +
      "once the new login was tried.",
    tags: ["security"],
    routeros: "6 and 7",
    script: `
/user
add name={{operator_name}} group={{operator_group}} password={{operator_password}} address={{operator_networks}} comment="tod: operators"
`,
    variables: [
      { name: "operator_name", type: "string", default: "operator", min: 1, max: 60 },
      {
        ...{ name: "operator_group", type: "choice", options: ["full", "write", "read"] },
        default: "full",
      },
      {
        ...{ name: "operator_password", type: "string", isSecret: true, min: 10, max: 200 },
        help: "Ten characters at least",
      },
      {
        ...{ name: "operator_networks", type: "subnet", isList: true },
        default: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        help: "From where it may log in",
      },
    ],
  }),
];
