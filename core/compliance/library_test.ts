import { deepEqual, equal, ok } from "node:assert/strict";
import { NewRule } from "@/core/contract/compliance_rules.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { ConfigView } from "@/core/config_view/config_view.ts";
import { evaluateRule } from "./evaluate.ts";
import { evidenceOf } from "./evidence.ts";
import { fixCommands } from "./fix.ts";
import { LIBRARY } from "./library/mod.ts";

type Rows = readonly Readonly<Record<string, string>>[];
interface Case {
  pass: string;
  /** An empty export is what a router says with everything left as it came. */
  fail: string;
  /** Users of the router, as it answers. */
  users?: { pass: Rows; fail: Rows };
  /** Where RouterOS 6 writes it in another way, or knows none of it. */
  v6?: { pass: string; fail: string } | "not_applicable";
  v7?: "not_applicable";
}

const HEAD =
  "/ip firewall filter\nadd action=accept chain=input connection-state=established,related\n";
const LOCKED = `${HEAD}add action=drop chain=input in-interface-list=!LAN\n`;
const NAT = "/ip firewall nat\nadd action=masquerade chain=srcnat out-interface=ether1\n";
const SNMP = "/snmp\nset enabled=yes\n";
const IPV6 = "/ipv6 address\nadd address=2001:db8::1/64 interface=ether1\n";
const admin = { name: "admin", group: "full", address: "" };
const boss = { name: "boss", group: "full", address: "192.0.2.0/24" };

const CASES: Readonly<Record<string, Case>> = {
  "telnet-off": { pass: "/ip service\nset telnet disabled=yes", fail: "" },
  "ftp-off": { pass: "/ip service\nset ftp disabled=yes", fail: "/ip service\nset ftp port=2121" },
  "www-tls": {
    pass: "/ip service\nset www disabled=yes",
    fail: "/ip service\nset www disabled=no",
  },
  "api-restricted": {
    pass: "/ip service\nset api disabled=yes\nset api-ssl address=192.0.2.0/24,2001:db8::/32",
    fail: "/ip service\nset api disabled=yes\nset api-ssl address=192.0.2.0/24,0.0.0.0/0",
  },
  "api-plain-off": { pass: "/ip service\nset api disabled=yes", fail: "" },
  "api-ssl-certificate": { pass: "/ip service\nset api-ssl certificate=tod", fail: "" },
  "winbox-restricted": {
    pass: "/ip service\nset winbox address=10.0.0.0/8 port=8299",
    fail: '/ip service\nset winbox address=""',
  },
  "ssh-restricted": { pass: "/ip service\nset ssh address=10.0.0.0/8", fail: "" },
  "ssh-strong-crypto": { pass: "/ip ssh\nset strong-crypto=yes", fail: "" },
  "ssh-forwarding-off": { pass: "", fail: "/ip ssh\nset forwarding-enabled=both" },
  "socks-off": { pass: "", fail: "/ip socks\nset enabled=yes port=5678" },
  "proxy-off": { pass: "/ip proxy\nset port=3128", fail: "/ip proxy\nset enabled=yes" },
  "upnp-off": { pass: "", fail: "/ip upnp\nset enabled=yes" },
  "smb-off": { pass: "", fail: "/ip smb\nset enabled=yes" },
  "bandwidth-server": {
    pass: "/tool bandwidth-server\nset enabled=no authenticate=no",
    fail: "/tool bandwidth-server\nset authenticate=no",
  },
  "mac-server-restricted": { pass: "/tool mac-server\nset allowed-interface-list=LAN", fail: "" },
  "mac-winbox-restricted": {
    pass: "/tool mac-server mac-winbox\nset allowed-interface-list=none",
    fail: "/tool mac-server\nset allowed-interface-list=LAN",
  },
  "neighbor-discovery": {
    pass: "/ip neighbor discovery-settings\nset discover-interface-list=LAN",
    fail: "",
  },
  "romon-off": {
    pass: "/tool romon\nset enabled=yes secrets=x1",
    fail: "/tool romon\nset enabled=yes",
  },
  "snmp-public": {
    pass: `${SNMP}/snmp community\nset [ find default=yes ] name=s3cret addresses=192.0.2.1/32`,
    fail: `${SNMP}/snmp community\nset [ find default=yes ] addresses=192.0.2.1/32`,
  },
  "snmp-write": {
    pass: SNMP,
    fail: `${SNMP}/snmp community\nadd name=rw write-access=yes addresses=::/0`,
  },
  "ddns": { pass: "", fail: "/ip cloud\nset ddns-enabled=yes" },
  "pptp-off": { pass: "", fail: "/interface pptp-server server\nset enabled=yes" },
  "l2tp-ipsec": {
    pass: "/interface l2tp-server server\nset enabled=yes use-ipsec=required",
    fail: "/interface l2tp-server server\nset enabled=yes use-ipsec=yes",
  },
  "wps-off": {
    pass: "/interface wifi security\nadd name=home wps=disable",
    fail: "/interface wifi security\nadd name=home",
    v6: {
      pass: "/interface wireless\nset [ find default-name=wlan1 ] disabled=no wps-mode=disabled",
      fail: "/interface wireless\nset [ find default-name=wlan1 ] disabled=no mode=ap-bridge",
    },
  },
  "ppp-mschap": {
    pass: "/interface l2tp-server server\nset authentication=mschap2 enabled=yes",
    fail: "/interface l2tp-server server\nset enabled=yes",
  },
  "input-drop": {
    pass: `${LOCKED}add action=drop chain=input disabled=yes src-address=192.0.2.1`,
    fail: `${HEAD}add action=drop chain=input dst-port=53 protocol=udp`,
  },
  "input-established": {
    pass: `${HEAD}add action=drop chain=input connection-state=invalid`,
    fail: HEAD,
  },
  "forward-established": {
    pass: `${NAT}/ip firewall filter
add action=fasttrack-connection chain=forward connection-state=established,related hw-offload=yes
add action=drop chain=forward connection-state=invalid`,
    fail: `${NAT}${HEAD}`,
  },
  "forward-dstnat": {
    pass: `${NAT}/ip firewall filter
add action=drop chain=forward connection-nat-state=!dstnat connection-state=new in-interface=ether1`,
    fail: `${NAT}${LOCKED}`,
  },
  "open-resolver": {
    pass: `/ip dns\nset allow-remote-requests=yes\n${LOCKED}`,
    fail: `/ip dns\nset allow-remote-requests=yes servers=192.0.2.53\n${HEAD}`,
  },
  "ipv6-input-drop": {
    pass: `${IPV6}/ipv6 firewall filter\nadd action=drop chain=input`,
    fail: `${IPV6}${LOCKED}`,
  },
  "ipv6-forward-drop": {
    pass: `${IPV6}/ipv6 firewall filter\nadd action=reject chain=forward in-interface-list=!LAN`,
    fail: `${IPV6}/ipv6 firewall filter\nadd action=drop chain=input`,
  },
  "masquerade-interface": {
    pass: NAT,
    fail: "/ip firewall nat\nadd action=masquerade chain=srcnat",
  },
  "source-route": { pass: "", fail: "/ip settings\nset accept-source-route=yes" },
  "rp-filter": { pass: "/ip settings\nset rp-filter=loose", fail: "" },
  "default-admin": { pass: "", fail: "", users: { pass: [boss], fail: [boss, admin] } },
  "few-full-users": {
    ...{ pass: "", fail: "" },
    users: { pass: [boss, { name: "reader", group: "read" }], fail: [boss, admin, admin, admin] },
  },
  "users-restricted": { pass: "", fail: "", users: { pass: [boss], fail: [admin] } },
  "routeros-version": {
    pass: "",
    fail: "# by RouterOS 7.17.2",
    v6: { pass: "", fail: "# by RouterOS 6.48.6" },
  },
  "ppp-credentials": {
    pass: '/ppp secret\nadd name=branch password="correct horse" service=l2tp',
    fail: "/ppp secret\nadd name=branch12 password=branch12",
  },
  "wifi-wpa1": {
    pass: "/interface wifi security\nadd authentication-types=wpa2-psk,wpa3-psk name=home",
    fail:
      "/interface wifi\nset [ find default-name=wifi1 ] security.authentication-types=wpa-psk,wpa2-psk",
    v6: {
      pass:
        "/interface wireless security-profiles\nadd authentication-types=wpa2-psk mode=dynamic-keys name=home",
      fail:
        "/interface wireless security-profiles\nadd authentication-types=wpa2-psk mode=dynamic-keys name=home unicast-ciphers=tkip,aes-ccm",
    },
  },
  "wifi-open": {
    pass: `/interface wireless security-profiles
add authentication-types=wpa2-psk mode=dynamic-keys name=home
/interface wireless
set [ find default-name=wlan1 ] disabled=no mode=ap-bridge security-profile=home`,
    fail: "/interface wireless\nset [ find default-name=wlan1 ] disabled=no mode=ap-bridge",
  },
  "wifi-pmkid": {
    pass: '/interface wifi security\nadd name=home passphrase="correct horse battery"',
    fail: "/interface wifi security\nadd name=home passphrase=short123",
    v6: {
      pass:
        '/interface wireless security-profiles\nadd mode=dynamic-keys name=a wpa2-pre-shared-key="correct horse"',
      fail:
        "/interface wireless security-profiles\nset [ find default=yes ] mode=dynamic-keys wpa2-pre-shared-key=12345678",
    },
  },
  "wireguard-peer-keys": {
    pass:
      '/interface wireguard peers\nadd allowed-address=10.9.0.2/32 interface=wg1 public-key="A="',
    fail: '/interface wireguard peers\nadd interface=wg1 private-key="B=" public-key="A="',
    v6: "not_applicable",
  },
  "wireguard-allowed": {
    pass:
      '/interface wireguard peers\nadd allowed-address=10.9.0.2/32 interface=wg1 public-key="A="',
    fail: '/interface wireguard peers\nadd allowed-address=0.0.0.0/0 interface=wg1 public-key="A="',
    v6: "not_applicable",
  },
  "identity": { pass: "/system identity\nset name=edge-1", fail: "" },
  "ntp-client": {
    pass:
      "/system ntp client\nset enabled=yes\n/system ntp client servers\nadd address=ntp.example",
    fail: "/system ntp client\nset enabled=yes",
    v6: {
      pass: "/system ntp client\nset enabled=yes primary-ntp=192.0.2.1",
      fail: "/system ntp client\nset enabled=yes",
    },
  },
  "time-zone": { pass: "/system clock\nset time-zone-name=Europe/Riga", fail: "" },
  "remote-logging": {
    pass: "/system logging action\nset 3 remote=192.0.2.9\n/system logging\nset 1 action=remote",
    fail: "/system logging\nadd action=remote topics=error",
  },
};

function judge(key: string, text: string, version: string, users?: Rows) {
  const rule = LIBRARY.find((one) => one.key === key)!;
  const head = text.startsWith("#") ? "" : `# 2026-11-25 12:00:00 by RouterOS ${version}\n`;
  const facts = { version: null, menus: users ? { "/user": users } : {} };
  const view = new ConfigView(parseExport(head + text), facts);
  return { rule, view, ...evaluateRule(rule.body, view) };
}

Deno.test("library: each rule has its cases, and is a rule as the contract has it", () => {
  deepEqual(Object.keys(CASES).sort(), LIBRARY.map(({ key }) => key).sort());
  for (const { key, ...rule } of LIBRARY) {
    const parsed = NewRule.safeParse(rule);
    ok(parsed.success, `${key}: ${parsed.error?.message}`);
    ok(rule.help.length > 40, `${key} explains itself`);
  }
  ok(LIBRARY.length >= 40, `${LIBRARY.length} rules`);
});

for (const [version, major] of [["6.49.18", 6], ["7.20.1", 7]] as const) {
  Deno.test(`library: each rule passes and fails as it should on RouterOS ${version}`, () => {
    const wrong: string[] = [];
    for (const [key, { users, ...cases }] of Object.entries(CASES)) {
      const own = major === 6 ? cases.v6 : cases.v7;
      if (own === "not_applicable") {
        const { result } = judge(key, "", version);
        if (result !== own) wrong.push(`${key}: ${result}, not ${own}`);
        continue;
      }
      for (const expected of ["pass", "fail"] as const) {
        const text = own ? own[expected] : cases[expected];
        const { result, findings, rule, view } = judge(key, text, version, users?.[expected]);
        const evidence = evidenceOf(findings);
        if (result !== expected) {
          wrong.push(`${key}: ${result}, not ${expected}: ${JSON.stringify(evidence)}`);
        } else if (expected === "fail") {
          if (evidence.length === 0) wrong.push(`${key} fails without evidence`);
          const each = rule.fix.filter((step) => "each" in step);
          const commands = fixCommands(rule.fix, findings, view);
          if (each.length > 0 && commands.length === 0) wrong.push(`${key}: no fix comes of it`);
        }
      }
    }
    deepEqual(wrong, []);
  });
}

Deno.test("library: what is by default counts, and says so", () => {
  const { findings, rule, view } = judge("telnet-off", "", "7.20.1");
  deepEqual(evidenceOf(findings), [{
    ...{ menu: "/ip/service", line: null },
    item: "name=telnet (as RouterOS sets it by default)",
    message: "disabled is no by default; must be so: disabled is yes",
  }]);
  deepEqual(fixCommands(rule.fix, findings, view), [{
    ...{ action: "set", menu: "/ip/service", target: { by: "where", where: { name: "telnet" } } },
    attributes: { disabled: "yes" },
  }]);
});

Deno.test("library: evidence names the line, and no secret stands in it", () => {
  const { findings } = judge("ppp-credentials", CASES["ppp-credentials"]!.fail, "7.20.1");
  const [first] = evidenceOf(findings);
  equal(first!.line, 3);
  ok(!JSON.stringify(first).includes("password=branch12"), JSON.stringify(first));
});

Deno.test("library: users that nobody asked for, and menus that failed, are unknown", () => {
  equal(judge("default-admin", "", "7.20.1").result, "unknown");
  const failed = judge("input-drop", '#error exporting "/ip/firewall/filter"\n', "7.20.1");
  equal(failed.result, "unknown");
  equal(judge("wifi-wpa1", "", "7.20.1").result, "not_applicable", "no Wi-Fi at all");
  equal(judge("ipv6-input-drop", "", "7.20.1").result, "not_applicable", "no IPv6 address");
  equal(judge("mac-server-restricted", "", "6.40.9").result, "not_applicable", "too old for lists");
});
