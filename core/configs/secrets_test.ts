import { equal } from "node:assert/strict";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { MASK, maskEntry } from "./secrets.ts";

for (
  const { text, want, why } of [
    { text: "/ppp secret\nadd name=a password=b", want: `add name=a password=${MASK}`, why: "PPP" },
    {
      text: '/interface wireguard\nadd name=wg private-key="abc="',
      want: `add name=wg private-key=${MASK}`,
      why: "WireGuard keys",
    },
    {
      text: "/interface wireguard peers\nadd public-key=pub preshared-key=x",
      want: `add public-key=pub preshared-key=${MASK}`,
      why: "preshared keys, not public ones",
    },
    {
      text: "/interface wifi security\nadd name=s passphrase=x",
      want: `add name=s passphrase=${MASK}`,
      why: "wifi passphrases",
    },
    {
      text: "/interface wifi\nset [ find default-name=wifi1 ] security.passphrase=x ssid=y",
      want: `set [ find default-name=wifi1 ] security.passphrase=${MASK} ssid=y`,
      why: "passphrases written inline",
    },
    {
      text: "/interface wifi\nadd security.authentication-types=wpa2-psk .passphrase=x name=z",
      want: `add security.authentication-types=wpa2-psk security.passphrase=${MASK} name=z`,
      why: "passphrases whose name is shortened",
    },
    {
      text: "/interface wireless security-profiles\nset 0 wpa2-pre-shared-key=x mode=dynamic-keys",
      want: `set 0 wpa2-pre-shared-key=${MASK} mode=dynamic-keys`,
      why: "keys of the old wireless driver",
    },
    {
      text: "/snmp community\nadd name=inside\nadd name=public",
      want: `add name=${MASK}`,
      why: "SNMP communities",
    },
    {
      text: "/radius\nadd address=192.0.2.1 secret=x",
      want: `add address=192.0.2.1 secret=${MASK}`,
      why: "RADIUS",
    },
    { text: "/ip ipsec identity\nadd secret=x", want: `add secret=${MASK}`, why: "IPsec" },
    {
      text: "/ip hotspot user\nadd name=a",
      want: "add name=a",
      why: "nothing where there is none",
    },
    {
      text:
        `/system script\nadd name=a source=":global p \\"x\\"; /tool fetch user=a password=b1; :set token=\\"c2\\""`,
      want:
        `add name=a source=":global p \\"x\\"; /tool fetch user=a password=${MASK}; :set token=\\"${MASK}\\""`,
      why: "passwords within scripts",
    },
  ]
) {
  Deno.test(`maskEntry() hides ${why}`, () => {
    equal(printCommand(maskEntry(parseExport(text).entries[0]!)), want);
  });
}
