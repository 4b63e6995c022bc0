import type { RuleTest } from "@/core/contract/compliance_rules.ts";
import {
  all,
  any,
  each,
  is,
  isNot,
  type LibraryRule,
  noneOf,
  oneOf,
  put,
  restricted,
  setEach,
  since,
  some,
  where,
} from "./library_rule.ts";

const SERVICE = "/ip/service";
const off = (name: string) => each(SERVICE, [is("name", name)], [is("disabled", "yes")]);
const guarded = (name: string) =>
  each(SERVICE, [is("name", name), is("disabled", "no")], [restricted("address")]);
/** Servers take all four where their export says nothing. */
const lacksOf = (value: string): RuleTest => ({
  ...{ attribute: "authentication", is: "lacks", value, absent: "pap,chap,mschap1,mschap2" },
});
const disable = setEach(SERVICE, { disabled: "yes" });

export const SERVICE_RULES: readonly LibraryRule[] = [
  {
    ...{ key: "telnet-off", title: "Telnet is off", severity: "critical" },
    help: "Telnet sends user name, password and all commands in clear text: whoever sees the " +
      "packets holds the router. It is on by default in RouterOS 6 and 7. Use SSH or WinBox.",
    ...{ body: all(off("telnet")), fix: [disable] },
  },
  {
    ...{ key: "ftp-off", title: "FTP is off", severity: "high" },
    help: "FTP sends passwords in clear text and gives access to backups and other files of the " +
      "router. It is on by default. Copy files over SFTP, which comes with SSH.",
    ...{ body: all(off("ftp")), fix: [disable] },
  },
  {
    ...{ key: "www-tls", title: "WebFig is not served without TLS", severity: "high" },
    help:
      "The service www sends the login of WebFig unencrypted, and it is on by default. Turn it " +
      "off; where WebFig is needed, give www-ssl a certificate and use that.",
    ...{ body: all(off("www")), fix: [disable] },
  },
  {
    ...{ key: "api-restricted", title: "The API answers known addresses only", severity: "high" },
    help: "The services api and api-ssl are on by default and answer the whole network. Turn off " +
      "the one that nobody uses and name in `address` the networks that managers connect from. " +
      "Keep the address of this manager among them, or it loses the router.",
    ...{ body: all(guarded("api"), guarded("api-ssl")), fix: [] },
  },
  {
    key: "api-plain-off",
    ...{ title: "The API is not served without TLS", severity: "medium" },
    help: "The service api is unencrypted, commands and answers alike. Let managers use api-ssl, " +
      "then turn api off. Check first that this manager reaches the router over TLS: see how it " +
      "is added here.",
    ...{ body: all(off("api")), fix: [disable] },
  },
  {
    ...{ key: "api-ssl-certificate", title: "The TLS API has a certificate", severity: "low" },
    help:
      "Without a certificate api-ssl encrypts with anonymous keys: nobody can tell the router " +
      "from somebody in between. Give it one: /ip service set api-ssl certificate=…",
    body: all(
      each(SERVICE, [is("name", "api-ssl"), is("disabled", "no")], [
        noneOf("certificate", "none", ""),
      ]),
    ),
    fix: [],
  },
  {
    ...{ key: "winbox-restricted", title: "WinBox answers known addresses only", severity: "high" },
    help: "Attacks on the WinBox port have taken over whole fleets. Name in `address` of the " +
      "service winbox the networks that administrators come from, or turn it off.",
    ...{ body: all(guarded("winbox")), fix: [] },
  },
  {
    ...{ key: "ssh-restricted", title: "SSH answers known addresses only", severity: "medium" },
    help: "An SSH port that the whole internet reaches is tried by password guessers day and " +
      "night. Name in `address` of the service ssh the networks that administrators and this " +
      "manager come from.",
    ...{ body: all(guarded("ssh")), fix: [] },
  },
  {
    ...{ key: "ssh-strong-crypto", title: "SSH uses strong encryption only", severity: "medium" },
    help:
      "With strong-crypto=yes the router refuses short keys and the oldest ciphers. It is off " +
      "by default. Clients of the last ten years take it.",
    body: all(each("/ip/ssh", [], [is("strong-crypto", "yes"), is("allow-none-crypto", "no")])),
    fix: [put("/ip/ssh", { "strong-crypto": "yes" })],
  },
  {
    ...{ key: "ssh-forwarding-off", title: "SSH does not forward ports", severity: "low" },
    help: "Forwarding lets whoever may log in reach everything behind the router through it. " +
      "Leave it off unless it is used on purpose.",
    body: all(each("/ip/ssh", [], [is("forwarding-enabled", "no")])),
    fix: [put("/ip/ssh", { "forwarding-enabled": "no" })],
  },
  {
    ...{ key: "socks-off", title: "The SOCKS proxy is off", severity: "critical" },
    help: "Few use it; those who break into routers turn it on to hide behind them. If you did " +
      "not set it up, treat the router as broken into.",
    ...{
      body: all(each("/ip/socks", [], [is("enabled", "no")])),
      fix: [put("/ip/socks", { enabled: "no" })],
    },
  },
  {
    ...{ key: "proxy-off", title: "The web proxy is off", severity: "high" },
    help: "An open web proxy lets strangers surf from your address, and old malware used it to " +
      "rewrite pages. It is off by default.",
    ...{
      body: all(each("/ip/proxy", [], [is("enabled", "no")])),
      fix: [put("/ip/proxy", { enabled: "no" })],
    },
  },
  {
    ...{ key: "upnp-off", title: "UPnP is off", severity: "medium" },
    help: "With UPnP any program behind the router opens ports to the internet without asking. " +
      "Forward the ports that are needed by hand.",
    ...{
      body: all(each("/ip/upnp", [], [is("enabled", "no")])),
      fix: [put("/ip/upnp", { enabled: "no" })],
    },
  },
  {
    ...{ key: "smb-off", title: "File sharing (SMB) is off", severity: "medium" },
    help:
      "A router's SMB server has had serious holes. RouterOS 7 turns it on by itself for disks " +
      "alone (auto); yes serves always.",
    ...{
      body: all(each("/ip/smb", [], [isNot("enabled", "yes")])),
      fix: [put("/ip/smb", { enabled: "no" })],
    },
  },
  {
    key: "bandwidth-server",
    ...{ title: "The bandwidth test server is off or asks for a login", severity: "medium" },
    help: "It is on by default. Without a login anybody can make the router send as fast as it " +
      "can. Turn it off and on again for a test, or leave authenticate=yes.",
    body: any(
      each("/tool/bandwidth-server", [], [is("enabled", "no")]),
      each("/tool/bandwidth-server", [], [is("authenticate", "yes")]),
    ),
    fix: [put("/tool/bandwidth-server", { enabled: "no" })],
  },
  {
    ...{
      key: "mac-server-restricted",
      title: "MAC Telnet is for chosen interfaces",
      severity: "medium",
    },
    help: "MAC Telnet answers on every interface by default, without an address and past the " +
      "firewall. Set allowed-interface-list to a list with your own LAN, or to none. Lists are " +
      "there since RouterOS 6.41.",
    body: all(
      since(
        "6.41",
        each("/tool/mac-server", [], [noneOf("allowed-interface-list", "all")]),
      ),
    ),
    fix: [put("/tool/mac-server", { "allowed-interface-list": "none" })],
  },
  {
    ...{
      key: "mac-winbox-restricted",
      title: "MAC WinBox is for chosen interfaces",
      severity: "medium",
    },
    help: "MAC WinBox answers on every interface by default, without an address and past the " +
      "firewall. Set allowed-interface-list to a list with your own LAN, or to none.",
    body: all(
      since(
        "6.41",
        each("/tool/mac-server/mac-winbox", [], [
          noneOf("allowed-interface-list", "all"),
        ]),
      ),
    ),
    fix: [put("/tool/mac-server/mac-winbox", { "allowed-interface-list": "none" })],
  },
  {
    ...{
      key: "neighbor-discovery",
      title: "Neighbor discovery is for chosen interfaces",
      severity: "low",
    },
    help: "Discovery tells model, version and name of the router to everybody on a link. By " +
      "default it runs on nearly all interfaces, the one to the internet among them. Set " +
      "discover-interface-list to a list without it. The topology map here needs it between your " +
      "own routers.",
    body: all(since(
      "6.41",
      each("/ip/neighbor/discovery-settings", [], [
        noneOf("discover-interface-list", "all", "static", "dynamic", "!dynamic", "!none"),
      ]),
    )),
    fix: [],
  },
  {
    ...{ key: "romon-off", title: "RoMON is off or has a secret", severity: "medium" },
    help:
      "RoMON reaches routers over layer 2, past addresses and firewalls. Without a secret any " +
      "router on the network can join. It is off by default.",
    body: any(
      each("/tool/romon", [], [is("enabled", "no")]),
      each("/tool/romon", [], [{ attribute: "secrets", is: "set" }]),
    ),
    fix: [put("/tool/romon", { enabled: "no" })],
  },
  {
    ...{ key: "snmp-public", title: "SNMP does not answer to “public”", severity: "high" },
    help: "Everybody knows the community public. Rename the default community or disable it, and " +
      "name in `addresses` who may ask. Where SNMP is off this rule is not asked.",
    body: where(
      [each("/snmp", [], [is("enabled", "yes")])],
      all(each("/snmp/community", [], [noneOf("name", "public", "private")])),
    ),
    fix: [],
  },
  {
    ...{ key: "snmp-write", title: "SNMP cannot change anything", severity: "high" },
    help: "A community with write-access=yes can reboot the router. Leave it to no.",
    body: where(
      [each("/snmp", [], [is("enabled", "yes")])],
      all(each("/snmp/community", [], [is("write-access", "no")])),
    ),
    fix: [setEach("/snmp/community", { "write-access": "no" })],
  },
  {
    ...{ key: "ddns", title: "Cloud DDNS is off", severity: "low" },
    help: "With ddns-enabled=yes the address of the router is published under a name made of its " +
      "serial number. RouterOS 7 has auto, which publishes it only where Back To Home needs it.",
    body: all(each("/ip/cloud", [], [oneOf("ddns-enabled", "no", "auto")])),
    fix: [put("/ip/cloud", { "ddns-enabled": "no" })],
  },
  {
    ...{ key: "pptp-off", title: "The PPTP server is off", severity: "high" },
    help: "PPTP's encryption has been broken for years. Use WireGuard, IKEv2 or L2TP with IPsec.",
    body: all(each("/interface/pptp-server/server", [], [is("enabled", "no")])),
    fix: [put("/interface/pptp-server/server", { enabled: "no" })],
  },
  {
    ...{ key: "l2tp-ipsec", title: "The L2TP server asks for IPsec", severity: "medium" },
    help: "L2TP alone encrypts nothing worth the name. With use-ipsec=required no tunnel comes " +
      "about without IPsec. Where the server is off this rule is not asked.",
    body: where(
      [some("/interface/l2tp-server/server", is("enabled", "yes"))],
      all(each("/interface/l2tp-server/server", [], [is("use-ipsec", "required")])),
    ),
    fix: [],
  },
  {
    ...{ key: "wps-off", title: "WPS is off", severity: "medium" },
    help: "WPS lets whoever reaches the button, or in some modes anybody in range, into the " +
      "Wi-Fi without its key, and it is on by default. Set wps-mode=disabled on each interface of " +
      "the wireless package and wps=disable in the security of the wifi package.",
    body: all(
      each("/interface/wireless", [], [is("wps-mode", "disabled")]),
      since("7.13", each("/interface/wifi/security", [], [is("wps", "disable")])),
    ),
    fix: [
      setEach("/interface/wireless", { "wps-mode": "disabled" }),
      setEach("/interface/wifi/security", { wps: "disable" }),
    ],
  },
  {
    ...{ key: "ppp-mschap", title: "VPN servers refuse PAP and CHAP", severity: "medium" },
    help:
      "PAP sends the password as it is; CHAP and MS-CHAP v1 give it away to who listens. Leave " +
      "mschap2 alone in `authentication` of each server that is on.",
    body: all(
      ...["/interface/l2tp-server/server", "/interface/sstp-server/server"].map((menu) =>
        each(menu, [is("enabled", "yes")], [
          lacksOf("pap"),
          lacksOf("chap"),
          lacksOf("mschap1"),
        ])
      ),
      each("/interface/pppoe-server/server", [], [
        lacksOf("pap"),
        lacksOf("chap"),
        lacksOf("mschap1"),
      ]),
    ),
    fix: [],
  },
];
