import type { MenuSchema } from "../field.ts";
import {
  COMMENT,
  duration,
  field,
  interfaceName,
  mac,
  nameIn,
  NOTES,
  oneOf,
  secret,
  someOf,
  suggest,
  text,
  whole,
  yesNo,
} from "../types.ts";

const group = "Wireless";
const NAME = field("name", text, "How other menus refer to it", { isRequired: true });
const AUTHENTICATION = field(
  "security.authentication-types",
  someOf("wpa-psk", "wpa2-psk", "wpa3-psk", "owe", "wpa-eap", "wpa2-eap", "wpa3-eap"),
  "How clients prove themselves",
);
const PASSPHRASE = field("security.passphrase", secret(8, 63), "What clients type");

/** Radios, by the two packages there are. */
export const WIRELESS_MENUS: readonly MenuSchema[] = [
  {
    path: "/interface/wireless",
    title: "Wireless",
    group,
    help: "Radios of the older wireless package",
    key: ["name"],
    columns: ["name", "ssid", "mode", "band", "frequency", "security-profile", "running"],
    fields: [
      NAME,
      field("ssid", { kind: "string", max: 32 }, "The network's name"),
      field(
        "mode",
        oneOf(
          ...["ap-bridge", "bridge", "station", "station-bridge", "station-pseudobridge"],
          ...["station-wds", "wds-slave", "alignment-only", "nstreme-dual-slave"],
          "station-pseudobridge-clone",
        ),
        "Access point or client",
      ),
      field(
        "band",
        oneOf(
          ...["2ghz-b", "2ghz-onlyg", "2ghz-b/g", "2ghz-onlyn", "2ghz-b/g/n", "2ghz-g/n"],
          ...["5ghz-a", "5ghz-onlyn", "5ghz-a/n", "5ghz-a/n/ac", "5ghz-n/ac", "5ghz-onlyac"],
        ),
        "Standards it speaks",
      ),
      field(
        "channel-width",
        suggest(
          ...["20mhz", "20/40mhz-XX", "20/40mhz-Ce", "20/40mhz-eC", "20/40/80mhz-XXXX"],
          "20/40/80mhz-Ceee",
        ),
        "More is faster and less far",
      ),
      field("frequency", whole(2_192, 6_100, "auto"), "MHz"),
      field("country", suggest("etsi", "germany", "austria", "united states3"), "Its rules"),
      field("security-profile", nameIn("/interface/wireless/security-profiles"), "Passwords"),
      field("hide-ssid", yesNo, "It is not announced"),
      field("wireless-protocol", oneOf("any", "802.11", "nstreme", "nv2", "nv2-nstreme"), "", {
        isAdvanced: true,
      }),
      field("default-authentication", yesNo, "Whoever knows the password may join", {
        isAdvanced: true,
      }),
      field("default-forwarding", yesNo, "Clients may talk to each other", { isAdvanced: true }),
      field("wps-mode", oneOf("disabled", "push-button", "push-button-virtual-only"), "", {
        isAdvanced: true,
      }),
      field("tx-power", whole(-30, 40), "dBm", { isAdvanced: true }),
      field(
        "tx-power-mode",
        oneOf("default", "card-rates", "all-rates-fixed", "manual-table"),
        "Who decides the power",
        { isAdvanced: true },
      ),
      field("antenna-gain", whole(0, 4_294_967_295), "dBi", { isAdvanced: true }),
      field("distance", suggest("dynamic", "indoors"), "To the farthest client, km", {
        isAdvanced: true,
      }),
      field("master-interface", nameIn("/interface/wireless"), "Of a virtual access point", {
        isAdvanced: true,
      }),
      field("mac-address", mac, "Another than its own", { isAdvanced: true }),
      field("running", yesNo, "Whether it is on the air", { isReadOnly: true }),
      ...NOTES,
    ],
  },
  {
    path: "/interface/wireless/security-profiles",
    title: "Security profiles",
    group,
    key: ["name"],
    columns: ["name", "mode", "authentication-types", "group-ciphers", "comment"],
    fields: [
      NAME,
      field(
        "mode",
        oneOf("none", "dynamic-keys", "static-keys-optional", "static-keys-required"),
        "dynamic-keys: WPA",
      ),
      field(
        "authentication-types",
        someOf("wpa-psk", "wpa2-psk", "wpa-eap", "wpa2-eap"),
        "How clients prove themselves",
      ),
      field("unicast-ciphers", someOf("aes-ccm", "tkip"), "tkip is broken"),
      field("group-ciphers", someOf("aes-ccm", "tkip"), "tkip is broken"),
      field("wpa2-pre-shared-key", secret(8, 64), "What clients type"),
      field("wpa-pre-shared-key", secret(8, 64), "For WPA of old, which is broken", {
        isAdvanced: true,
      }),
      field("disable-pmkid", yesNo, "Keeps a hint at the password off the air", {
        isAdvanced: true,
      }),
      field("management-protection", oneOf("disabled", "allowed", "required"), "802.11w", {
        isAdvanced: true,
      }),
      COMMENT,
    ],
  },
  {
    path: "/interface/wifi",
    title: "Wi-Fi",
    group,
    help: "Radios of the wifi package",
    since: "7.13",
    key: ["name"],
    columns: [
      ...["name", "configuration", "configuration.ssid", "configuration.mode", "channel.band"],
      ...["channel.frequency", "running", "comment"],
    ],
    fields: [
      NAME,
      field("configuration", nameIn("/interface/wifi/configuration"), "Kept for several radios"),
      field("configuration.ssid", { kind: "string", max: 32 }, "The network's name"),
      field("configuration.mode", oneOf("ap", "station", "station-bridge"), "What it is"),
      field("configuration.country", suggest("Germany", "Austria", "United States"), "Its rules"),
      field("configuration.hide-ssid", yesNo, "It is not announced"),
      AUTHENTICATION,
      PASSPHRASE,
      field("security", nameIn("/interface/wifi/security"), "Kept for several radios", {
        isAdvanced: true,
      }),
      field("security.ft", yesNo, "Clients roam quickly", { isAdvanced: true }),
      field("security.wps", oneOf("disable", "push-button"), "", { isAdvanced: true }),
      field("channel", nameIn("/interface/wifi/channel"), "Kept for several radios", {
        isAdvanced: true,
      }),
      field(
        "channel.band",
        oneOf(
          ...["2ghz-g", "2ghz-n", "2ghz-ax", "2ghz-be", "5ghz-a", "5ghz-n", "5ghz-ac", "5ghz-ax"],
          ...["5ghz-be", "6ghz-ax", "6ghz-be"],
        ),
        "Standards it speaks",
      ),
      field("channel.frequency", text, "MHz, or ranges of them"),
      field(
        "channel.width",
        oneOf(
          ...["20mhz", "20/40mhz", "20/40mhz-Ce", "20/40mhz-eC", "20/40/80mhz"],
          ...["20/40/80/160mhz", "20/40/80+80mhz", "20/40/80/160/320mhz"],
        ),
        "More is faster and less far",
      ),
      field("channel.skip-dfs-channels", oneOf("10min-cac", "all", "disabled"), "", {
        isAdvanced: true,
      }),
      field("configuration.tx-power", whole(0, 40), "dBm", { isAdvanced: true }),
      field("datapath.bridge", nameIn("/interface/bridge"), "Where clients go", {
        isAdvanced: true,
      }),
      field("datapath.vlan-id", whole(1, 4_094, "none"), "Where clients go", { isAdvanced: true }),
      field("datapath.client-isolation", yesNo, "Clients do not reach each other", {
        isAdvanced: true,
      }),
      field("master-interface", nameIn("/interface/wifi"), "Of a virtual access point", {
        isAdvanced: true,
      }),
      field("mac-address", mac, "Another than its own", { isAdvanced: true }),
      field("running", yesNo, "Whether it is on the air", { isReadOnly: true }),
      ...NOTES,
    ],
  },
  {
    path: "/interface/wifi/configuration",
    title: "Wi-Fi configurations",
    group,
    since: "7.13",
    key: ["name"],
    columns: ["name", "ssid", "mode", "country", "security", "channel", "datapath", "comment"],
    fields: [
      NAME,
      field("ssid", { kind: "string", max: 32 }, "The network's name"),
      field("mode", oneOf("ap", "station", "station-bridge"), "What it is"),
      field("country", suggest("Germany", "Austria", "United States"), "Its rules"),
      field("hide-ssid", yesNo, "It is not announced"),
      field("security", nameIn("/interface/wifi/security"), "Passwords"),
      AUTHENTICATION,
      PASSPHRASE,
      field("channel", nameIn("/interface/wifi/channel"), "Band and frequency"),
      field("datapath", nameIn("/interface/wifi/datapath"), "Where clients go"),
      field("tx-power", whole(0, 40), "dBm", { isAdvanced: true }),
      ...NOTES,
    ],
  },
  {
    path: "/interface/wifi/security",
    title: "Wi-Fi security",
    group,
    since: "7.13",
    key: ["name"],
    columns: ["name", "authentication-types", "ft", "wps", "comment"],
    fields: [
      NAME,
      field(
        "authentication-types",
        someOf("wpa-psk", "wpa2-psk", "wpa3-psk", "owe", "wpa-eap", "wpa2-eap", "wpa3-eap"),
        "How clients prove themselves",
      ),
      field("passphrase", secret(8, 63), "What clients type"),
      field("encryption", someOf("ccmp", "gcmp", "tkip", "ccmp-256", "gcmp-256"), "", {
        isAdvanced: true,
      }),
      field("group-key-update", duration(), "How often the key of all changes", {
        isAdvanced: true,
      }),
      field("ft", yesNo, "Clients roam quickly"),
      field("ft-over-ds", yesNo, "", { isAdvanced: true }),
      field("wps", oneOf("disable", "push-button"), "Joining by a button"),
      field("management-protection", oneOf("disabled", "allowed", "required"), "802.11w", {
        isAdvanced: true,
      }),
      ...NOTES,
    ],
  },
  {
    path: "/interface/wireless/access-list",
    title: "Wireless access list",
    group,
    isOrdered: true,
    key: ["mac-address", "interface"],
    columns: [
      "mac-address",
      "interface",
      "signal-range",
      "authentication",
      "forwarding",
      "comment",
    ],
    fields: [
      field("mac-address", mac, "Of the client; empty: any"),
      field("interface", interfaceName("any"), "On which radio"),
      field("signal-range", text, "dBm, as -80..120"),
      field("authentication", yesNo, "It may join"),
      field("forwarding", yesNo, "It may talk to other clients"),
      field("vlan-id", whole(0, 4_095), "Where it goes", { isAdvanced: true }),
      field("private-pre-shared-key", secret(8, 64), "Its own password", { isAdvanced: true }),
      field("time", text, "When it holds", { isAdvanced: true }),
      ...NOTES,
    ],
  },
];
