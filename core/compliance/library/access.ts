import type { RuleTest } from "@/core/contract/compliance_rules.ts";
import {
  all,
  each,
  is,
  isNot,
  isSet,
  lacks,
  type LibraryRule,
  none,
  noneOf,
  restricted,
  since,
  some,
  unset,
  until,
} from "./library_rule.ts";

const differs = (attribute: string, other: string): RuleTest => ({
  attribute,
  is: "differs",
  other,
});
const longer = (attribute: string, min: number): RuleTest => ({ attribute, is: "longer", min });
/** Passwords that every guesser tries first. */
const GUESSED = [
  ...["", "admin", "password", "1234", "12345", "123456", "12345678", "123456789", "test", "guest"],
  ...["user", "ppp", "vpn", "mikrotik", "changeme", "qwerty", "secret", "default"],
];
const WIRELESS = "/interface/wireless/security-profiles";

export const ACCESS_RULES: readonly LibraryRule[] = [
  {
    ...{ key: "default-admin", title: "There is no user admin", severity: "high" },
    help:
      "Everybody knows the name admin, so password guessing begins there. Make a user of your " +
      "own in the group full, log in as that, then remove or disable admin. Exports leave users " +
      "out: they are read from the router itself, with the login it is polled with.",
    ...{ body: all(none("/user", is("name", "admin"))), fix: [] },
  },
  {
    ...{
      key: "few-full-users",
      title: "At most three users may do everything",
      severity: "medium",
    },
    help: "Each user of the group full can do anything, also hide that they did. Give people who " +
      "look the group read and those who configure write, and keep full for few.",
    body: {
      ...{ when: null, need: "all" },
      checks: [{ menu: "/user", expect: "count", where: [is("group", "full")], min: 1, max: 3 }],
    },
    fix: [],
  },
  {
    ...{
      key: "users-restricted",
      title: "Full users log in from known addresses",
      severity: "low",
    },
    help: "A user's `address` says from where they may log in, over whichever service. With it a " +
      "stolen password alone is not enough.",
    body: all(each("/user", [is("group", "full")], [restricted("address")])),
    fix: [],
  },
  {
    ...{ key: "routeros-version", title: "RouterOS is recent", severity: "high" },
    help: "Older versions have known holes that are used in the open. Set the oldest version you " +
      "still trust for 6 and for 7 in this rule; MikroTik repairs holes in the newest of each.",
    body: {
      ...{ when: null, need: "all" },
      checks: [{ expect: "version", atLeast: { 6: "6.49.18", 7: "7.18" } }],
    },
    fix: [],
  },
  {
    ...{ key: "ppp-credentials", title: "PPP secrets are no guesses", severity: "high" },
    help:
      "A password that is empty, the same as the name, shorter than eight characters or among " +
      "those that everybody tries first is as good as none. Evidence here never shows passwords.",
    body: all(
      each("/ppp/secret", [], [
        differs("password", "name"),
        longer("password", 8),
        noneOf("password", ...GUESSED),
      ]),
    ),
    fix: [],
  },
  {
    ...{ key: "wifi-wpa1", title: "Wi-Fi does not offer WPA 1 or TKIP", severity: "high" },
    help: "WPA 1 and its cipher TKIP are broken and slow a network down. Leave wpa2-psk or newer " +
      "in authentication-types, and take tkip out of the ciphers. Looks at the wireless package, " +
      "the wifi package (RouterOS 7.13 and later) and both CAPsMANs.",
    body: all(
      each(WIRELESS, [isNot("mode", "none")], [
        ...[lacks("authentication-types", "wpa-psk"), lacks("authentication-types", "wpa-eap")],
        ...[lacks("unicast-ciphers", "tkip"), lacks("group-ciphers", "tkip")],
      ]),
      each("/caps-man/security", [], [
        ...[lacks("authentication-types", "wpa-psk"), lacks("authentication-types", "wpa-eap")],
        lacks("encryption", "tkip"),
      ]),
      ...["/interface/wifi/security", "/interface/wifi", "/interface/wifi/configuration"].map(
        (menu) => {
          const prefix = menu === "/interface/wifi/security" ? "" : "security.";
          return each(menu, [], [
            lacks(`${prefix}authentication-types`, "wpa-psk"),
            lacks(`${prefix}authentication-types`, "wpa-eap"),
            lacks(`${prefix}encryption`, "tkip"),
          ]);
        },
      ),
    ),
    fix: [],
  },
  {
    ...{ key: "wifi-open", title: "No Wi-Fi is open", severity: "high" },
    help: "An access point whose security profile has mode=none lets everybody in and encrypts " +
      "nothing. Interfaces of the wireless package use the profile default unless told otherwise, " +
      "and that one is open from the start. For guests use a hotspot with an exception here.",
    body: all(
      each("/interface/wireless", [{ attribute: "mode", is: "like", pattern: "ap-bridge" }], [{
        ...{ attribute: "security-profile", is: "names", menu: WIRELESS, key: "name" },
        where: [{ attribute: "mode", is: "not_equal", value: "none" }],
      }]),
    ),
    fix: [],
  },
  {
    ...{ key: "wifi-pmkid", title: "Wi-Fi keys are long", severity: "medium" },
    help: "Whoever records one login to the Wi-Fi can guess its key at home, billions a second. " +
      "Twelve characters or more, not from a dictionary.",
    body: all(
      each(WIRELESS, [isSet("wpa2-pre-shared-key")], [longer("wpa2-pre-shared-key", 12)]),
      each("/interface/wifi/security", [isSet("passphrase")], [longer("passphrase", 12)]),
      each("/interface/wifi", [isSet("security.passphrase")], [longer("security.passphrase", 12)]),
      each("/caps-man/security", [isSet("passphrase")], [longer("passphrase", 12)]),
    ),
    fix: [],
  },
  {
    key: "wireguard-peer-keys",
    ...{ title: "WireGuard peers keep their private keys", severity: "medium" },
    help: "RouterOS 7.15 and later can hold the private key of a peer so as to show it a ready " +
      "configuration. A backup of the router then holds the keys of everybody. Let peers make " +
      "their own key and take it out here.",
    body: all(
      each("/interface/wireguard/peers", [], [{
        ...{ attribute: "private-key", is: "one_of", values: ["", "none"] },
      }]),
    ),
    fix: [],
  },
  {
    key: "wireguard-allowed",
    ...{ title: "WireGuard road warriors have addresses of their own", severity: "medium" },
    help: "A peer without an endpoint that may use 0.0.0.0/0 can pretend to be any address, and " +
      "takes the traffic of all other peers of the interface. Give each its own /32.",
    body: all(
      each("/interface/wireguard/peers", [unset("endpoint-address")], [
        ...[lacks("allowed-address", "0.0.0.0/0"), lacks("allowed-address", "::/0")],
      ]),
    ),
    fix: [],
  },
  {
    ...{ key: "identity", title: "The router has a name", severity: "low" },
    help:
      "Logs, neighbours and backups of a router that is called MikroTik, as all are at first, " +
      "are hard to tell apart.",
    body: all(each("/system/identity", [], [noneOf("name", "MikroTik", "")])),
    fix: [],
  },
  {
    ...{ key: "ntp-client", title: "The clock is set by NTP", severity: "medium" },
    help: "Certificates, logs and schedules need the right time, and most routers forget it " +
      "without power. RouterOS 6 names servers in the client itself; 7 has a list of its own.",
    body: all(
      each("/system/ntp/client", [], [is("enabled", "yes")]),
      until(
        "7",
        none(
          "/system/ntp/client",
          is("primary-ntp", "0.0.0.0"),
          is("secondary-ntp", "0.0.0.0"),
          unset("server-dns-names"),
        ),
      ),
      since("7", some("/system/ntp/client/servers")),
    ),
    fix: [],
  },
  {
    ...{ key: "time-zone", title: "The time zone is set", severity: "low" },
    help: "With the zone left to manual, log lines stand hours beside those of other routers. " +
      "Set time-zone-name, for example Europe/Riga or Etc/UTC.",
    body: all(each("/system/clock", [], [noneOf("time-zone-name", "manual", "")])),
    fix: [],
  },
  {
    ...{ key: "remote-logging", title: "Logs are sent away", severity: "medium" },
    help: "The log of a router is in memory: a reboot or an intruder empties it. Send at least " +
      "errors and logins to a log server: set the address of an action with target=remote and " +
      "use that action in /system logging.",
    body: all(
      some("/system/logging", {
        ...{ attribute: "action", is: "names", menu: "/system/logging/action", key: "name" },
        where: [
          { attribute: "target", is: "equal", value: "remote" },
          { attribute: "remote", is: "none_of", values: ["", "0.0.0.0", "::"] },
        ],
      }),
    ),
    fix: [],
  },
];
