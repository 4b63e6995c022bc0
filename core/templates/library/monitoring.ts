import { entry } from "./entry.ts";

export const MONITORING = [
  entry({
    slug: "syslog-to-tod",
    name: "Log to TOD",
    description:
      "Sends the router's log to TOD's syslog port as it is written. Enable syslog in TOD's settings " +
      "first.",
    tags: ["logs", "monitoring"],
    routeros: "6 and 7",
    script: `
/system logging action
add name=tod target=remote remote={{syslog_address}} remote-port={{syslog_port}}
/system logging
{{#log_topics}}
add topics={{.}} action=tod
{{/log_topics}}
`,
    variables: [
      { name: "syslog_address", type: "ip", help: "Where TOD's poller listens" },
      { name: "syslog_port", type: "integer", default: "5514", min: 1, max: 65_535 },
      {
        ...{ name: "log_topics", type: "choice", isList: true },
        options: ["critical", "error", "warning", "info", "account", "dhcp", "wireless"],
        default: ["critical", "error", "warning", "info"],
      },
    ],
  }),
  entry({
    slug: "snmp-v3",
    name: "SNMP v3, encrypted",
    description:
      "A user with its own passwords who may read and not write; the community public answers " +
      "nobody any more.",
    tags: ["monitoring", "security"],
    routeros: "6 and 7",
    script: `
/snmp community
set [ find default=yes ] addresses=127.0.0.1/32 read-access=no
add name={{snmp_user}} addresses={{snmp_networks}} security=private authentication-protocol=SHA1 authentication-password={{snmp_auth_password}} encryption-protocol=AES encryption-password={{snmp_privacy_password}} read-access=yes write-access=no
/snmp
set enabled=yes{{#snmp_contact}} contact={{snmp_contact}}{{/snmp_contact}}{{#site_name}} location={{site_name}}{{/site_name}}
`,
    variables: [
      { name: "snmp_user", type: "string", min: 1, max: 60, help: "The user of SNMP v3" },
      {
        ...{ name: "snmp_networks", type: "subnet", isList: true, default: ["10.0.0.0/8"] },
        help: "Who may ask",
      },
      { name: "snmp_auth_password", type: "string", isSecret: true, min: 8, max: 64 },
      { name: "snmp_privacy_password", type: "string", isSecret: true, min: 8, max: 64 },
      { name: "snmp_contact", type: "string", isRequired: false, max: 200 },
    ],
  }),
  entry({
    slug: "daily-export",
    name: "A daily copy of the configuration on the router",
    description:
      "Beside TOD's own backups: a file on the router itself, overwritten each night, for whoever " +
      "stands before it without a network. It holds no passwords on RouterOS 7.",
    tags: ["backup"],
    routeros: "6 and 7",
    script: `
/system scheduler
add name=daily-export start-time={{export_time}} interval=1d policy=read,write,policy,test on-event="/export file=daily" comment="tod: daily copy"
`,
    variables: [
      { name: "export_time", type: "string", default: "03:10:00", min: 8, max: 8 },
    ],
  }),
  entry({
    slug: "watch-address",
    name: "Watch an address from the router",
    description: "The router pings an address and writes a warning into its log when it is lost.",
    tags: ["monitoring"],
    routeros: "6 and 7",
    script: `
/tool netwatch
add host={{watched_address}} interval={{watch_seconds}}s timeout=1s down-script=":log warning \\"lost {{watched_address}}\\"" up-script=":log info \\"found {{watched_address}}\\"" comment="tod: watched"
`,
    variables: [
      { name: "watched_address", type: "ip", help: "The gateway of the provider, say" },
      { name: "watch_seconds", type: "integer", default: "30", min: 5, max: 3_600 },
    ],
  }),
];
