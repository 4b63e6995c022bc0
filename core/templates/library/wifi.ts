import type { NewVariable } from "@/core/contract/templates.ts";
import { entry } from "./entry.ts";

/** The network of guests, whatever radio they come by: apart from everything inside. */
const GUEST_NETWORK = `
/interface bridge
add name=bridge-guest comment="tod: guests"
/ip address
add address={{guest_gateway}} interface=bridge-guest comment="tod: guests"
/ip pool
add name=pool-guest ranges={{guest_pool}}
/ip dhcp-server
add name=dhcp-guest interface=bridge-guest address-pool=pool-guest lease-time=1h disabled=no
/ip dhcp-server network
add address={{guest_network}} gateway={{guest_dns}} dns-server={{guest_dns}} comment="tod: guests"
`;
/** Guests reach the Internet, and the router for DHCP and DNS alone. */
const GUEST_FIREWALL = `
/ip firewall filter
add chain=forward action=drop in-interface=bridge-guest out-interface-list=!{{wan_list}} comment="tod: guests stay outside"
add chain=input action=accept in-interface=bridge-guest protocol=udp dst-port=53,67 comment="tod: guests, DNS and DHCP"
add chain=input action=drop in-interface=bridge-guest comment="tod: guests, nothing else"
`;
const VARIABLES: NewVariable[] = [
  { name: "guest_ssid", type: "string", default: "Guests", min: 1, max: 32 },
  {
    ...{ name: "guest_passphrase", type: "string", isSecret: true, min: 8, max: 63 },
    help: "Eight characters at least",
  },
  {
    ...{ name: "guest_gateway", type: "subnet", family: 4, isAddressInNetwork: true },
    ...{ default: "192.168.77.1/24", help: "The router's address among the guests" },
  },
  { name: "guest_network", type: "subnet", family: 4, default: "192.168.77.0/24" },
  { name: "guest_dns", type: "ip", family: 4, default: "192.168.77.1" },
  { name: "guest_pool", type: "string", default: "192.168.77.10-192.168.77.250" },
  { name: "wan_list", type: "string", default: "WAN", min: 1, max: 60 },
];

export const WIFI = [
  entry({
    slug: "guest-wifi",
    name: "Guest Wi-Fi (wifi, RouterOS 7.13 and newer)",
    description:
      "A second network name for guests with addresses of its own, apart from everything inside.",
    tags: ["wifi"],
    routeros: "7.13 and newer",
    script: `${GUEST_NETWORK.trim()}
/interface wifi security
add name=guest authentication-types=wpa2-psk,wpa3-psk passphrase={{guest_passphrase}}
/interface wifi datapath
add name=guest bridge=bridge-guest client-isolation=yes
/interface wifi
add name=wifi-guest master-interface={{radio}} configuration.ssid={{guest_ssid}} configuration.mode=ap security=guest datapath=guest disabled=no comment="tod: guests"
${GUEST_FIREWALL.trim()}
`,
    variables: [
      { name: "radio", type: "string", default: "wifi1", min: 1, max: 60, help: "Which radio" },
      ...VARIABLES,
    ],
  }),
  entry({
    slug: "guest-wireless",
    name: "Guest Wi-Fi (wireless package)",
    description: "The same for radios of the wireless package, RouterOS 6 and 7.",
    tags: ["wifi"],
    routeros: "6 and 7, wireless package",
    script: `${GUEST_NETWORK.trim()}
/interface wireless security-profiles
add name=guest mode=dynamic-keys authentication-types=wpa2-psk wpa2-pre-shared-key={{guest_passphrase}}
/interface wireless
add name=wlan-guest master-interface={{radio}} mode=ap-bridge ssid={{guest_ssid}} security-profile=guest default-forwarding=no disabled=no comment="tod: guests"
/interface bridge port
add bridge=bridge-guest interface=wlan-guest
${GUEST_FIREWALL.trim()}
`,
    variables: [
      { name: "radio", type: "string", default: "wlan1", min: 1, max: 60, help: "Which radio" },
      ...VARIABLES,
    ],
  }),
];
