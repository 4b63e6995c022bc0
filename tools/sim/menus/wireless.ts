import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import { wander } from "../live.ts";
import type { Menu } from "../menu.ts";
import { between, pick } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { duration } from "../text.ts";
import type { Version } from "../version.ts";
import { CLIENT_SLICE_MS, type LanClient, lanClients } from "./clients.ts";
import { radioName } from "./interfaces.ts";
import { list } from "./list.ts";
import { own, picked } from "./rows.ts";

const signal = (client: LanClient, now: number) => Math.round(wander(-84, -44, client.seed, now));
const since = (router: SimRouter, client: LanClient) =>
  between(60, 90_000, client.seed, Math.floor(router.now() / 7_200_000));
const traffic = (client: LanClient, now: number, factor: number) =>
  String(Math.floor(now / 1_000 % 8_640_000) * (client.seed % 900 + 20) * factor);
const pair = (client: LanClient, factor: number) => (now: number) =>
  `${traffic(client, now, factor * 3)},${traffic(client, now, factor)}`;

function wirelessClients(router: SimRouter): LanClient[] {
  return lanClients(router).filter((client) => client.radio !== undefined);
}

/** A row of the old driver's registration table. */
function oldRow(router: SimRouter, client: LanClient, i: number): Row {
  return {
    ".id": `*${(i + 1).toString(16).toUpperCase()}`,
    interface: client.port,
    "radio-name": "",
    "mac-address": client.mac,
    ap: "false",
    wds: "false",
    bridge: "false",
    "rx-rate": pick(["144.4Mbps-20MHz/2S/SGI", "6Mbps", "65Mbps-20MHz/1S"], client.seed),
    "tx-rate": pick(["130Mbps-20MHz/2S", "72.2Mbps-20MHz/1S/SGI", "54Mbps"], client.seed),
    packets: pair(client, 1),
    bytes: pair(client, 700),
    uptime: duration(since(router, client)),
    "last-activity": (now) => `${between(1, 9, client.seed, Math.floor(now / 1_000))}s`,
    "signal-strength": (now) => `${signal(client, now)}dBm@6Mbps`,
    "signal-to-noise": (now) => String(signal(client, now) + 105),
    "tx-ccq": (now) => String(Math.round(wander(55, 99, client.seed + 1, now))),
    "rx-ccq": (now) => String(Math.round(wander(50, 97, client.seed + 2, now))),
    "last-ip": client.address,
    "authentication-type": "wpa2-psk",
    encryption: "aes-ccm",
    "802.1x-port-enabled": "true",
  };
}

/** A row of wifi and wifiwave2. */
function newRow(router: SimRouter, client: LanClient, i: number): Row {
  const band = router.board.radios[client.radio!]!;
  return {
    ".id": `*${(i + 1).toString(16).toUpperCase()}`,
    interface: client.port,
    ssid: `${router.spec.site}-${band === "5ghz" ? "staff" : "guest"}`,
    "mac-address": client.mac,
    uptime: duration(since(router, client)),
    "last-activity": (now) => `${between(0, 9, client.seed, Math.floor(now / 1_000))}s`,
    signal: (now) => String(signal(client, now)),
    "auth-type": "wpa2-psk",
    band: band === "5ghz" ? "5ghz-ax" : "2ghz-ax",
    "tx-rate": String(between(6, 1200, client.seed, "tx") * 1_000_000),
    "rx-rate": String(between(6, 1200, client.seed, "rx") * 1_000_000),
    packets: pair(client, 1),
    bytes: pair(client, 700),
    "tx-bits-per-second": (now) => String(Math.round(wander(0, 4e6, client.seed + 3, now))),
    "rx-bits-per-second": (now) => String(Math.round(wander(0, 9e5, client.seed + 4, now))),
    authorized: "true",
  };
}

/** A row of the old CAPsMAN's registration table. */
function capsRow(router: SimRouter, client: LanClient, i: number): Row {
  return {
    ".id": `*${(i + 1).toString(16).toUpperCase()}`,
    interface: `cap-${client.port}`,
    ssid: `${router.spec.site}-guest`,
    "mac-address": client.mac,
    "tx-rate": "130Mbps-20MHz/2S",
    "rx-rate": "144.4Mbps-20MHz/2S/SGI",
    "rx-signal": (now) => String(signal(client, now)),
    uptime: duration(since(router, client)),
    packets: pair(client, 1),
    bytes: pair(client, 700),
  };
}

function radioRows(router: SimRouter): Row[] {
  return router.rows("/interface").filter((row) => row["$radio"] !== undefined);
}

/** Stations of one radio, for its monitor. */
function stationsOn(router: SimRouter, row: Row): string {
  return String(wirelessClients(router).filter(({ port }) => port === row["name"]).length);
}

/** What a radio is born with is no setting of its driver. */
function withoutBand(row: Row): Row {
  const { radio: _, ssid, ...rest } = row;
  return rest["configuration.ssid"] === undefined && ssid !== undefined ? { ...rest, ssid } : rest;
}

const WAVE2 = [
  ...["name", "comment", "disabled", "mtu", "configuration.ssid", "configuration.mode"],
  ...["security.authentication-types", "security.passphrase"],
];
const PROFILES = ["security", "configuration", "channel", "datapath"];

function oldMenus(): Menu[] {
  return [
    {
      path: "/interface/wireless",
      viewOf: "/interface",
      verbs: ["set", "enable", "disable", "comment"],
      settable: [
        ...["name", "comment", "disabled", "mtu", "ssid", "frequency", "band", "channel-width"],
        ...["mode", "security-profile", "country", "hide-ssid", "wireless-protocol"],
      ],
      defaults: {
        mtu: "1500",
        mode: "ap-bridge",
        "security-profile": "default",
        "channel-width": "20/40mhz-XX",
      },
      rows: (router) =>
        radioRows(router).map((row) => ({
          ".id": row[".id"]!,
          name: row["name"]!,
          mtu: row["mtu"]!,
          "mac-address": row["mac-address"]!,
          arp: "enabled",
          "interface-type": "IPQ4019",
          mode: "ap-bridge",
          frequency: row["$radio"] === "5ghz" ? "5180" : "2412",
          band: row["$radio"] === "5ghz" ? "5ghz-a/n/ac" : "2ghz-b/g/n",
          "channel-width": "20/40mhz-XX",
          "radio-name": String(row["mac-address"]).replaceAll(":", ""),
          "security-profile": "default",
          ...withoutBand(own(row)),
          running: row["running"]!,
          disabled: row["disabled"]!,
          ...picked(row, ["comment"]),
        })),
      monitors: {
        monitor: {
          names: "numbers",
          report: (router, row, now) => ({
            status: "running-ap",
            channel: row["$radio"] === "5ghz" ? "5180/20-Ceee/ac/P" : "2412/20-Ce/gn",
            "wireless-protocol": "802.11",
            "noise-floor": String(Math.round(wander(-112, -98, router.seed, now))),
            "overall-tx-ccq": String(Math.round(wander(60, 98, router.seed + 1, now))),
            "registered-clients": stationsOn(router, row),
            "authenticated-clients": stationsOn(router, row),
          }),
        },
      },
    },
    list("/interface/wireless/security-profiles", {
      mode: "none",
      "authentication-types": "",
      "unicast-ciphers": "aes-ccm",
      "group-ciphers": "aes-ccm",
      "wpa-pre-shared-key": "",
      "wpa2-pre-shared-key": "",
      "supplicant-identity": "",
    }, {
      settable: [
        ...["name", "mode", "authentication-types", "unicast-ciphers", "group-ciphers"],
        ...["wpa-pre-shared-key", "wpa2-pre-shared-key", "supplicant-identity", "comment"],
      ],
      needs: ["name"],
      seed: [{
        name: "default",
        default: "true",
        mode: "dynamic-keys",
        "authentication-types": "wpa2-psk",
        "wpa2-pre-shared-key": "not a secret",
      }],
    }),
    {
      path: "/interface/wireless/registration-table",
      renewMs: CLIENT_SLICE_MS,
      verbs: ["remove"],
      rows: (router) => wirelessClients(router).map((client, i) => oldRow(router, client, i)),
    },
  ];
}

function newMenus(path: string): Menu[] {
  return [
    {
      path,
      viewOf: "/interface",
      verbs: ["set", "enable", "disable", "comment"],
      ...(path.endsWith("2") ? { settable: WAVE2 } : {}),
      defaults: { mtu: "1500", "configuration.mode": "ap" },
      rows: (router) =>
        radioRows(router).map((row) => ({
          ".id": row[".id"]!,
          "default-name": row["name"]!,
          name: row["name"]!,
          "l2mtu": "1560",
          "mac-address": row["mac-address"]!,
          "arp-timeout": "auto",
          "radio-mac": row["mac-address"]!,
          "configuration.mode": "ap",
          "configuration.ssid": row["$configuration.ssid"] ?? row["$ssid"]!,
          "security.authentication-types": "wpa2-psk,wpa3-psk",
          ...withoutBand(own(row)),
          master: "true",
          bound: "true",
          running: row["running"]!,
          inactive: "false",
          disabled: row["disabled"]!,
          ...picked(row, ["comment"]),
        })),
      monitors: {
        monitor: {
          names: "numbers",
          report: (router, row, now) => ({
            state: "running",
            channel: row["$radio"] === "5ghz" ? "5180/ax/Ceee/I" : "2412/ax/Ce",
            "registered-peers": stationsOn(router, row),
            "authorized-peers": stationsOn(router, row),
            "tx-power": String(Math.round(wander(17, 24, router.seed, now))),
            "available-channels": row["$radio"] === "5ghz" ? "5180/ax/Ceee" : "2412/ax/Ce,2437/ax",
          }),
        },
      },
    },
    {
      path: `${path}/registration-table`,
      renewMs: CLIENT_SLICE_MS,
      verbs: ["remove"],
      rows: (router) => wirelessClients(router).map((client, i) => newRow(router, client, i)),
    },
    {
      path: `${path}/radio`,
      rows: (router) =>
        router.board.radios.map((band, i) => ({
          ".id": `*${i + 1}`,
          "radio-mac": router.macOf(radioName(router, i)),
          interface: radioName(router, i),
          bands: band === "5ghz" ? "5ghz-a,5ghz-n,5ghz-ac,5ghz-ax" : "2ghz-g,2ghz-n,2ghz-ax",
          "tx-chains": "0,1",
          "rx-chains": "0,1",
        })),
    },
    { path: `${path}/capsman/remote-cap`, rows: () => [] },
    ...(path.endsWith("2") ? [] : PROFILES.map((name) =>
      list(`${path}/${name}`, {}, {
        needs: ["name"],
        ...(name === "configuration" ? {} : { autoName: name }),
      })
    )),
  ];
}

/** CAPs the core of a site manages under RouterOS 6: the access points of the same site. */
function oldCapsMenus(): Menu[] {
  const managed = (router: SimRouter) =>
    router.spec.cables.length === 0 ? [] : [wirelessClients(router)[0]].filter((c) => c);
  return [
    {
      path: "/caps-man/registration-table",
      renewMs: CLIENT_SLICE_MS,
      rows: (router) => managed(router).map((client, i) => capsRow(router, client!, i)),
    },
    { path: "/caps-man/interface", rows: () => [] },
    { path: "/caps-man/remote-cap", rows: () => [] },
  ];
}

/** The old driver on 6, wifiwave2 before 7.13, wifi from then on; none without radios. */
export function wirelessMenus(board: Board, version: Version): Menu[] {
  if (version.major === 6) return [...oldMenus(), ...oldCapsMenus()];
  if (!board.wifiPackage) return version.atLeast("7.13") ? newMenus("/interface/wifi") : [];
  return newMenus(version.atLeast("7.13") ? "/interface/wifi" : "/interface/wifiwave2");
}
