import { deepEqual, equal, ok } from "node:assert/strict";
import { macDigits, parseMac } from "@/core/contract/clients.ts";
import type { ClientReading, WirelessClient } from "@/core/contract/sample.ts";
import { mergeDevice, type RouterTables } from "./merge_device.ts";
import { isRandomMac, loadVendors, Vendors } from "./vendors.ts";

const NONE: RouterTables = { clients: null, wireless: null, neighbors: null, interfaces: null };
const vendors = new Vendors(new Map([["A4CF12", "Espressif Inc."], ["A4CF12345", "Small & Co"]]));
const MAC = "A4:CF:12:00:00:01";

const reading = (rest: Partial<ClientReading> = {}): ClientReading => ({
  ...{ macAddress: MAC, addresses: ["10.0.0.5"], isHere: true },
  ...rest,
});
const station = (rest: Partial<WirelessClient> = {}): WirelessClient => ({
  ...{ interface: "wlan1", macAddress: MAC, ssid: null, signalDbm: -61, snrDb: 40 },
  ...{ ccqPercent: 90, txRateBps: 1e8, rxRateBps: 2e8, uptimeSeconds: 60, lastIp: "10.0.0.6" },
  ...rest,
});
const radio = {
  ...{ interface: "wlan1", ssid: "guest", band: null, channel: null, frequencyMhz: null },
  ...{ noiseDbm: null, ccqPercent: null, clients: 1 },
};

Deno.test("mergeDevice() puts a registration to the row of its MAC, with the SSID of its radio", () => {
  const [client, ...rest] = mergeDevice({
    ...NONE,
    clients: { clients: [reading({ port: "wlan1", hostName: "cam" })], isCut: false },
    wireless: { drivers: ["wireless"], radios: [radio], clients: [station()] },
  }, vendors);
  equal(rest.length, 0);
  const { name, ssid, interface: where, signalDbm, isWireless, addresses, vendor } = client!;
  deepEqual(
    { name, ssid, where, signalDbm, isWireless, addresses, vendor },
    {
      ...{ name: "cam", ssid: "guest", where: "wlan1", signalDbm: -61, isWireless: true },
      ...{ addresses: ["10.0.0.5"], vendor: "Espressif Inc." },
    },
  );
});

Deno.test("mergeDevice() takes a registration alone, and one who left the radio for gone", () => {
  const tables = {
    ...NONE,
    clients: { clients: [reading({ port: "wlan1" })], isCut: false },
    wireless: {
      ...{ drivers: [], radios: [radio] },
      clients: [station({ macAddress: "02:00:00:00:00:09", ssid: "own" })],
    },
  };
  const clients = mergeDevice(tables, vendors);
  deepEqual(
    clients.map(({ macAddress, isHere, ssid, isRandom, addresses }) => [
      ...[macAddress, isHere, ssid, isRandom, addresses[0]],
    ]),
    [[MAC, false, null, false, "10.0.0.5"], ["02:00:00:00:00:09", true, "own", true, "10.0.0.6"]],
  );
});

Deno.test("mergeDevice() marks the router's own interfaces and who announces itself", () => {
  const clients = mergeDevice({
    ...NONE,
    clients: {
      clients: [
        reading(),
        reading({ macAddress: "48:A9:8A:00:00:01" }),
        reading({ macAddress: "48:A9:8A:00:00:02", hostName: "named" }),
      ],
      isCut: false,
    },
    interfaces: [{ macAddress: "48:A9:8A:00:00:01" }, { macAddress: null }],
    neighbors: [{
      ...{ interface: "ether1", address: null, macAddress: "48:a9:8a:00:00:02" },
      ...{ identity: "switch", platform: null, board: null, version: null },
      ...{ remoteInterface: null, discoveredBy: null },
    }],
  }, vendors);
  deepEqual(clients.map(({ kind }) => kind), ["client", "router", "neighbour"]);
  equal(clients[2]!.name, "named");
});

Deno.test("vendors: the longest prefix wins, a random MAC has none, the list of the IEEE is there", async () => {
  equal(vendors.of("A4:CF:12:34:5F:FF"), "Small & Co");
  equal(vendors.of("A4:CF:12:34:6F:FF"), "Espressif Inc.");
  equal(vendors.of("A6:CF:12:34:5F:FF"), null);
  ok(isRandomMac("52:00:00:00:00:00") && !isRandomMac("50:C7:BF:00:00:00"));
  const all = await loadVendors();
  const path = new URL("../../node_modules/oui-data/index.json", import.meta.url);
  const entries = Object.entries<string>(JSON.parse(await Deno.readTextFile(path)));
  const wrong = entries.filter(([prefix, entry]) => {
    const mac = prefix.padEnd(12, "0").match(/../g)!.join(":");
    if (prefix.length !== 9 || isRandomMac(mac)) return false;
    return all.of(mac) !== entry.split("\n")[0]!.slice(0, 100);
  });
  deepEqual(wrong, []);
  equal(all.of("48:A9:8A:00:00:01"), "Routerboard.com");
  equal(all.of("8C:1F:64:FF:90:00"), all.of("8C:1F:64:FF:90:01"));
  ok(all.of("8C:1F:64:FF:90:00") !== all.of("8C:1F:64:FF:B0:00"), "parts of one block differ");
});

Deno.test("parseMac() and macDigits() read any notation, and nothing else", () => {
  for (
    const text of ["aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabb.ccdd.ee0f", "aabbccddee0f"]
  ) equal(parseMac(text), "AA:BB:CC:DD:EE:0F", text);
  equal(parseMac("a:b:c:d:e:f"), "0A:0B:0C:0D:0E:0F");
  equal(macDigits("ee:0f"), "EE0F");
  equal(macDigits("aa:bb:"), "AABB");
  equal(macDigits("ccdd.ee"), "CCDDEE");
  for (const text of ["", "a", "abc", "fe80::1", "cafe-bar", "aabbccddeeff00", "10.0.0.1 "]) {
    equal(parseMac(text), undefined, text);
  }
  equal(macDigits("cafe-bar"), undefined);
});
