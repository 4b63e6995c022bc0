import { entry } from "./entry.ts";

export const NAMES_AND_TIME = [
  entry({
    slug: "ntp-7",
    name: "Time from NTP servers (RouterOS 7)",
    description: "Right times in logs and certificates that hold. Sets the time zone, too.",
    tags: ["time"],
    routeros: "7",
    script: `
/system ntp client
set enabled=yes
/system ntp client servers
{{#ntp_servers}}
add address={{.}} comment="tod: NTP"
{{/ntp_servers}}
/system clock
set time-zone-name={{time_zone}}
`,
    variables: [
      {
        ...{ name: "ntp_servers", type: "string", isList: true, min: 1, max: 200 },
        default: ["0.pool.ntp.org", "1.pool.ntp.org"],
        help: "Names or addresses; better your own where you have some",
      },
      { name: "time_zone", type: "string", default: "UTC", help: "Europe/Vienna, say" },
    ],
  }),
  entry({
    slug: "ntp-6",
    name: "Time from NTP servers (RouterOS 6)",
    description: "The same for RouterOS 6, which takes two addresses and no names.",
    tags: ["time"],
    routeros: "6",
    script: `
/system ntp client
set enabled=yes primary-ntp={{ntp_primary}} secondary-ntp={{ntp_secondary}}
/system clock
set time-zone-name={{time_zone}}
`,
    variables: [
      { name: "ntp_primary", type: "ip", help: "An NTP server of yours, or your provider's" },
      { name: "ntp_secondary", type: "ip", help: "Another one, or 0.0.0.0" },
      { name: "time_zone", type: "string", default: "UTC", help: "Europe/Vienna, say" },
    ],
  }),
  entry({
    slug: "dns",
    name: "DNS servers",
    description:
      "Which servers the router asks, and whether it answers those behind it. Where it answers, " +
      "the input firewall must keep the Internet out.",
    tags: ["dns"],
    routeros: "6 and 7",
    script: `
/ip dns
set servers={{dns_servers}} allow-remote-requests={{dns_for_clients}}
`,
    variables: [
      {
        ...{
          name: "dns_servers",
          type: "ip",
          isList: true,
          default: ["9.9.9.9", "149.112.112.112"],
        },
      },
      {
        ...{ name: "dns_for_clients", type: "boolean", default: "no" },
        help: "Answer the DNS requests of clients",
      },
    ],
  }),
  entry({
    slug: "banner",
    name: "A note at login",
    description: "What whoever logs in reads first: whose router this is, and whom to ask.",
    tags: ["security"],
    routeros: "6 and 7",
    script: `
/system note
set show-at-login=yes note="{{banner}}\\n{{device_name}}{{#site_name}}, {{site_name}}{{/site_name}}"
`,
    variables: [
      {
        ...{ name: "banner", type: "string", min: 1, max: 600 },
        default: "Property of the network operator. Access for authorised people only; " +
          "everything is logged.",
      },
    ],
  }),
  entry({
    slug: "identity",
    name: "The router's own name",
    description: "Calls the router what it is called here, so that logs and neighbours agree.",
    tags: ["names"],
    routeros: "6 and 7",
    script: `
/system identity
set name={{device_name}}
`,
    variables: [],
  }),
];
