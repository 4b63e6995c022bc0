import { deepEqual, equal, match, ok } from "node:assert/strict";
import { MASK } from "@/core/configs/secrets.ts";
import { ConfigView } from "@/core/config_view/config_view.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { diffPart, diffWhole } from "./baseline_diff.ts";
import { readPart, unmask } from "./baseline_text.ts";
import { withoutIgnored } from "./ignore.ts";
import { asBaseline, asRunning } from "./put_back.ts";

const entriesOf = (text: string) => parseExport(text).entries;
const printed = (entries: ReturnType<typeof entriesOf>) =>
  printExport(entries.map((entry) => ({ ...entry, remarks: [] })));

const WANTED = `/ip firewall filter
add action=accept chain=input comment=one
add action=accept chain=input comment=two
add action=drop chain=input comment=last
/ip service
set telnet disabled=yes
/ppp secret
add name=branch password=old
`;
const RUNNING = `/ip firewall filter
add action=accept chain=input comment=two
add action=accept chain=input comment=new
add action=accept chain=input comment=one
add action=drop chain=input comment=last
/ppp secret
add name=branch password=new
/ip dns
set servers=192.0.2.1
`;

Deno.test("drift: each item alone is put back or adopted, and all together make the other whole", () => {
  const [wanted, running] = [entriesOf(WANTED), entriesOf(RUNNING)];
  const changes = diffWhole(wanted, running);
  deepEqual(changes.map(({ menu, kind }) => `${kind} ${menu}`).sort(), [
    "added /ip/dns",
    "added /ip/firewall/filter",
    "changed /ppp/secret",
    "moved /ip/firewall/filter",
    "removed /ip/service",
  ]);
  for (const change of changes) {
    const left = diffWhole(wanted, asBaseline(running, change, wanted));
    equal(left.length, changes.length - 1, `${change.kind} ${change.menu} alone`);
    const adopted = diffWhole(asRunning(wanted, change, running), running);
    equal(adopted.length, changes.length - 1, `${change.kind} ${change.menu} adopted`);
  }
  const all = changes.reduce((entries, change) => asBaseline(entries, change, wanted), running);
  deepEqual(diffWhole(wanted, all), []);
  const taken = changes.reduce((entries, change) => asRunning(entries, change, running), wanted);
  deepEqual(diffWhole(taken, running), []);
});

function part(wanted: string, running: string, whole: string[] = []) {
  const config = parseExport(`# by RouterOS 7.20.1\n${running}`);
  const view = new ConfigView(config, { version: null, menus: {} });
  return diffPart(entriesOf(wanted), whole, view, config.entries);
}

Deno.test("drift: a part asks for what it says, and knows what exports leave out", () => {
  const says = (wanted: string, running: string, whole?: string[]) =>
    part(wanted, running, whole).map(({ kind, menu, attributes }) =>
      [kind, menu, ...attributes.map(({ name, from, to }) => `${name}: ${from} → ${to}`)].join(" ")
    );
  const telnet = "/ip service\nset telnet disabled=yes\n";
  deepEqual(says(telnet, telnet), []);
  deepEqual(says(telnet, "/ip service\nset telnet address=192.0.2.0/24 disabled=yes\n"), []);
  deepEqual(says(telnet, ""), ["changed /ip/service disabled: yes → no"], "on by default");
  deepEqual(says("/ip service\nset ssh disabled=no\n", ""), [], "as it is by default");
  const dns = "/ip dns\nset allow-remote-requests=no servers=192.0.2.53\n";
  deepEqual(says(dns, "/ip dns\nset cache-size=4096 servers=203.0.113.1\n"), [
    "changed /ip/dns servers: 192.0.2.53 → 203.0.113.1",
  ]);
  const list = "/ip firewall address-list\nadd address=192.0.2.1 list=managers\n";
  const other = "/ip firewall address-list\nadd address=192.0.2.9 list=managers\n";
  deepEqual(says(list, `${other}add address=192.0.2.1 comment=us list=managers\n`), []);
  deepEqual(says(list, other), ["removed /ip/firewall/address-list"]);
  deepEqual(says(list, other, ["/ip/firewall/address-list"]), [
    "added /ip/firewall/address-list",
    "removed /ip/firewall/address-list",
  ]);
  const rule =
    '/ip firewall filter\nadd action=drop chain=input comment="no dns" dst-port=53 protocol=udp\n';
  deepEqual(says(rule, rule), []);
  deepEqual(says(rule, rule.replace("drop", "accept")), [
    "changed /ip/firewall/filter action: drop → accept",
  ]);
  deepEqual(says(`${list}${list.split("\n")[1]}\n`, list), ["removed /ip/firewall/address-list"]);
});

Deno.test("drift: what a part asks for is put where it is not", () => {
  const telnet = "/ip service\nset telnet disabled=yes\n";
  const running = entriesOf("/ip dns\nset servers=192.0.2.1\n");
  const [change] = part(telnet, "/ip dns\nset servers=192.0.2.1\n");
  equal(
    printed(asBaseline(running, change!, entriesOf(telnet))),
    "/ip dns\nset servers=192.0.2.1\n/ip service\nset telnet disabled=yes\n",
  );
  const dns = "/ip dns\nset servers=192.0.2.53\n";
  const now = "/ip dns\nset cache-size=4096 servers=203.0.113.1\n";
  const [other] = part(dns, now);
  equal(
    printed(asBaseline(entriesOf(now), other!, entriesOf(dns))),
    "/ip dns\nset cache-size=4096 servers=192.0.2.53\n",
    "what the part says nothing of stays",
  );
});

Deno.test("drift: what may differ is left out, by menu, attribute and comment", () => {
  const changes = diffWhole(entriesOf(WANTED), entriesOf(RUNNING));
  const left = (menu: string, attribute: string | null = null, comment: string | null = null) =>
    withoutIgnored(changes, [{ menu, attribute, comment }]).length;
  equal(left("/nothing"), 5);
  equal(left("/ip/*"), 1);
  equal(left("/ppp/secret", "comment"), 5);
  equal(left("/ppp/secret", "password"), 4);
  equal(left("*", null, "n?w"), 4);
  equal(left("*"), 0);
});

Deno.test("drift: a baseline is edited with its secrets hidden, and keeps them", () => {
  const known = entriesOf("/ppp secret\nadd name=a password=first\nadd name=b password=second\n");
  const masked =
    `/ppp secret\nadd name=b password=${MASK} profile=x\nadd name=a password=${MASK}\n`;
  equal(
    printed(unmask(readPart(masked), known)),
    "/ppp secret\nadd name=b password=second profile=x\nadd name=a password=first\n",
  );
  const asked = `/ppp secret\nadd name=c password=${MASK}\n`;
  try {
    unmask(readPart(asked), known);
    ok(false, "a secret that nobody knows");
  } catch (error) {
    match(JSON.stringify((error as { issues: unknown }).issues), /line 2: write the password anew/);
  }
  for (
    const [text, why] of [
      ["/ip dns\nremove 0\n", /remove says what to do/],
      [":put x\n", /script/],
      ["add x=y\n", /before any menu/],
      ["# nothing\n", /no item/],
    ] as const
  ) {
    try {
      readPart(text);
      ok(false, text);
    } catch (error) {
      match(JSON.stringify((error as { issues: unknown }).issues), why);
    }
  }
});
