import { deepEqual } from "node:assert/strict";
import { parseOptics, parseSpeeds } from "./ethernet.ts";
import { parseHealth } from "./health.ts";
import { parseInterfaces } from "./interfaces.ts";
import { parseNeighbors } from "./neighbors.ts";
import { parsePackages } from "./packages.ts";
import { parseBgp6, parseBgp7, parseOspf } from "./peers.ts";
import { parsePoe } from "./poe.ts";
import { NO_BOARD, parseSystem } from "./system.ts";
import { parseClients, parseRadioList, parseRadios } from "./wireless.ts";

/** One case: rows as a router sends them, and the part of the reading that the case is about. */
function reads(name: string, got: () => unknown, want: unknown) {
  Deno.test(`collectors read ${name}`, () => deepEqual(got(), want));
}

/** The fields of `names` alone. */
const pick = <Whole extends object>(whole: Whole, ...names: (keyof Whole)[]) =>
  names.map((name) => whole[name]);

// System
reads(
  "a RouterOS 7 resource",
  () =>
    pick(
      parseSystem({ name: "edge" }, {
        version: "7.18.2 (stable)",
        uptime: "5w2d11h14m3s",
        "cpu-load": "7",
        "free-memory": "913891328",
        "total-memory": "1073741824",
        "bad-blocks": "0.1",
        "board-name": "RB5009UG+S+",
      }, NO_BOARD),
      "identity",
      "version",
      "channel",
      "uptimeSeconds",
      "cpuPercent",
      "freeMemoryBytes",
      "badBlocksPercent",
    ),
  [
    "edge",
    "7.18.2",
    "stable",
    5 * 604_800 + 2 * 86_400 + 11 * 3_600 + 14 * 60 + 3,
    7,
    913891328,
    0.1,
  ],
);
reads(
  "a resource with fields missing, odd or hostile",
  () =>
    pick(
      parseSystem(
        {},
        { version: "<script>", uptime: "soon", "cpu-load": "250", "cpu-count": "-1" },
        NO_BOARD,
      ),
      "identity",
      "version",
      "uptimeSeconds",
      "cpuPercent",
      "cpuCount",
      "totalMemoryBytes",
    ),
  ["", "", 0, 100, null, null],
);

// Health
reads(
  "health as RouterOS 6 sends it, one row",
  () =>
    parseHealth([{
      voltage: "24.1",
      temperature: "33C",
      "fan1-speed": "4200RPM",
      "fan-mode": "auto",
      "psu1-state": "ok",
    }]),
  [
    { name: "voltage", kind: "voltage", value: 24.1, state: null },
    { name: "temperature", kind: "temperature", value: 33, state: null },
    { name: "fan1-speed", kind: "fan", value: 4200, state: null },
    { name: "psu1-state", kind: "state", value: null, state: "ok" },
  ],
);
reads(
  "health as RouterOS 7 sends it, a row a sensor",
  () =>
    parseHealth([
      { ".id": "*1", name: "cpu-temperature", value: "48", type: "C" },
      { ".id": "*2", name: "psu2-state", value: "fail", type: "" },
      { ".id": "*3", name: "poe-out-consumption", value: "12.5", type: "W" },
      { ".id": "*4", name: "mystery", value: "9", type: "" },
    ]),
  [
    { name: "cpu-temperature", kind: "temperature", value: 48, state: null },
    { name: "psu2-state", kind: "state", value: null, state: "fail" },
    { name: "poe-out-consumption", kind: "power", value: 12.5, state: null },
  ],
);
reads("a router without sensors", () => parseHealth([]), []);

// Interfaces
reads(
  "64-bit counters as text, and flags that RouterOS 6 leaves out",
  () =>
    parseInterfaces([{
      name: "ether1",
      type: "ether",
      "rx-byte": "18446744073709551615",
      "tx-byte": "007",
      running: "true",
      "actual-mtu": "1480",
      mtu: "1500",
      "tx-queue-drop": "3",
      comment: "=cmd|' /C calc'!A0",
    }], { speeds: new Map([["ether1", 1e9]]) }).map((reading) =>
      pick(
        reading,
        "rxBytes",
        "txBytes",
        "isRunning",
        "isDisabled",
        "isSlave",
        "mtu",
        "txDrops",
        "rxErrors",
        "speedBps",
        "comment",
      )
    ),
  [["18446744073709551615", "7", true, false, false, 1480, "3", null, 1e9, "=cmd|' /C calc'!A0"]],
);
reads(
  "interfaces without a name, or with counters that are none",
  () =>
    parseInterfaces([{ type: "ether" }, { name: "x", "rx-byte": "-5", "tx-byte": "1e9" }], {
      speeds: new Map(),
    }).map((reading) => pick(reading, "name", "rxBytes", "txBytes", "type")),
  [["x", "0", "0", "unknown"]],
);
reads(
  "a name of 10 KB, cut",
  () => parseInterfaces([{ name: "n".repeat(10_000) }], { speeds: new Map() })[0]!.name.length,
  200,
);

// Wireless: three spellings of one thing
reads(
  "clients of wireless, wifi and caps-man",
  () =>
    parseClients([
      {
        interface: "wlan1",
        "mac-address": "3C:22:FB:01:02:03",
        "signal-strength": "-67dBm@6Mbps",
        "tx-ccq": "93",
        "tx-rate": "144.4Mbps-20MHz/2S/SGI",
        uptime: "1d02:03:04",
      },
      {
        interface: "wifi1",
        "mac-address": "3C:22:FB:01:02:04",
        signal: "-51",
        "tx-rate": "1080.6Mbps-80MHz/2S/SGI",
        uptime: "2h13m55s830ms",
      },
      { interface: "cap1", "mac-address": "3C:22:FB:01:02:05", "rx-signal": "-70", uptime: "9s" },
      { interface: "wlan1" },
    ]).map((client) =>
      pick(client, "interface", "signalDbm", "ccqPercent", "txRateBps", "uptimeSeconds")
    ),
  [
    ["wlan1", -67, 93, 144_400_000, 93_784],
    ["wifi1", -51, null, 1_080_600_000, 8_035],
    ["cap1", -70, null, null, 9],
  ],
);
reads(
  "a signal that is none",
  () => parseClients([{ "mac-address": "A", signal: "999" }])[0]!.signalDbm,
  null,
);
reads(
  "radios with monitor rows that carry no name",
  () =>
    parseRadios(
      parseRadioList([
        { name: "wlan1", ssid: "staff", band: "5ghz-a/n/ac", frequency: "5180" },
        { name: "wlan2", "configuration.ssid": "guest", disabled: "true" },
        { name: "wifi3", "configuration.ssid": "guest", "channel.frequency": "2412" },
      ]),
      [{
        channel: "5200/20-Ce/ac",
        "noise-floor": "-109",
        "overall-tx-ccq": "88",
        "registered-clients": "4",
      }, {}],
      [],
    ).map((radio) =>
      pick(radio, "interface", "ssid", "frequencyMhz", "noiseDbm", "ccqPercent", "clients")
    ),
  [["wlan1", "staff", 5200, -109, 88, 4], ["wifi3", "guest", 2412, null, null, 0]],
);

// Neighbours
reads(
  "neighbours of RouterOS 6 and 7, IPv4 before IPv6",
  () =>
    parseNeighbors([
      {
        interface: "ether3,bridge",
        address: "10.0.0.2",
        identity: "\u202eevil",
        platform: "MikroTik",
      },
      { interface: "sfp1", address4: "10.0.0.3", address6: "fe80::1", "interface-name": "ether1" },
      { interface: "sfp2", address6: "fe80::2" },
    ]).map((neighbor) => pick(neighbor, "interface", "address", "identity", "remoteInterface")),
  [["ether3", "10.0.0.2", "\u202eevil", null], ["sfp1", "10.0.0.3", null, "ether1"], [
    "sfp2",
    "fe80::2",
    null,
    null,
  ]],
);

// Packages
reads(
  "packages; since 7.18 the list names what could be installed too",
  () =>
    parsePackages([
      { name: "routeros", version: "7.18.2" },
      { name: "container", available: "true" },
      { name: "wifi-qcom", version: "7.18.2", disabled: "true" },
      { version: "1" },
    ]),
  [
    { name: "routeros", version: "7.18.2", isDisabled: false },
    { name: "wifi-qcom", version: "7.18.2", isDisabled: true },
  ],
);

// Routing
reads(
  "a BGP peer of RouterOS 6, up and down",
  () =>
    [
      parseBgp6({
        name: "up1",
        "remote-address": "192.0.2.1",
        "remote-as": "64500",
        state: "established",
        uptime: "1d00:00:01",
        "prefix-count": "812",
      }),
      parseBgp6({ name: "up2", "remote-as": "4200000000", state: "idle" }),
    ].map((peer) => pick(peer, "name", "remoteAs", "state", "isUp", "uptimeSeconds", "prefixes")),
  [["up1", 64500, "established", true, 86_401, 812], [
    "up2",
    4200000000,
    "idle",
    false,
    null,
    null,
  ]],
);
reads(
  "BGP of RouterOS 7, where a session that is down has no row",
  () =>
    parseBgp7(
      [{
        name: "up1-1",
        "remote.address": "192.0.2.1",
        "remote.as": "64500",
        established: "true",
        uptime: "5m",
        "prefix-count": "3",
      }],
      [
        { name: "up1", "remote.address": "192.0.2.1/32" },
        { name: "up2", "remote.address": "192.0.2.9/32", "remote.as": "64501" },
        { name: "off", "remote.address": "192.0.2.10", disabled: "true" },
      ],
    ).map((peer) => pick(peer, "name", "remoteAddress", "isUp", "state")),
  [["up1-1", "192.0.2.1", true, "established"], ["up2", "192.0.2.9", false, "down"]],
);
for (
  const [state, isUp] of [["Full", true], ["full", true], ["2-Way", true], [
    "Init",
    false,
  ]] as const
) {
  reads(`OSPF ${state}`, () => parseOspf({ "router-id": "1.1.1.1", state }).isUp, isUp);
}

// Power and light
reads(
  "PoE, by name or by the order that was asked",
  () =>
    parsePoe([{
      name: "ether2",
      "poe-out-status": "powered-on",
      "poe-out-voltage": "52.4",
      "poe-out-current": "180",
      "poe-out-power": "9.4",
    }, { "poe-out-status": "waiting-for-load" }], ["ether2", "ether3"])
      .map((port) => pick(port, "interface", "status", "voltageV", "currentMa", "powerW")),
  [["ether2", "powered-on", 52.4, 180, 9.4], ["ether3", "waiting-for-load", null, null, null]],
);
reads(
  "optics: a module with diagnostics, a copper cable without, an empty cage",
  () =>
    parseOptics([
      {
        name: "sfp1",
        "sfp-module-present": "true",
        "sfp-type": "SFP/SFP+",
        "sfp-temperature": "41",
        "sfp-rx-power": "-7.31",
        "sfp-tx-power": "-2.1",
        "sfp-rx-loss": "false",
      },
      { name: "sfp2", "sfp-module-present": "true", "sfp-connector-type": "copper-pigtail" },
      { name: "sfp3", "sfp-module-present": "false" },
      { name: "ether1", status: "link-ok" },
    ]).map((optic) =>
      pick(optic, "interface", "isPresent", "type", "temperatureC", "rxPowerDbm", "rxLoss")
    ),
  [
    ["sfp1", true, "SFP/SFP+", 41, -7.31, false],
    ["sfp2", true, "copper-pigtail", null, null, null],
    ["sfp3", false, null, null, null, null],
  ],
);
reads(
  "link speeds of ports that have a link",
  () => [
    ...parseSpeeds([{ name: "ether1", status: "link-ok", rate: "2.5Gbps" }, {
      name: "ether2",
      status: "no-link",
      rate: "1Gbps",
    }]),
  ],
  [["ether1", 2.5e9]],
);
