import type { Client } from "@/core/contract/clients.ts";

/** Searches of every kind over `plantClients`, and what each found client must be like. */
export const FILTERS: readonly (readonly [q: string, fits: (client: Client) => boolean])[] = [
  ["", () => true],
  ["iphone", ({ name }) => name === "iPhone"],
  ["desktop-4", ({ name }) => name!.startsWith("DESKTOP-4")],
  ["name:galaxy", ({ name }) => name === "Galaxy-S21"],
  ["name:s21", ({ name }) => name === "Galaxy-S21"],
  ["apple", ({ vendor }) => vendor === "Apple, Inc."],
  ["vendor:intel", ({ vendor }) => vendor === "Intel Corporate"],
  ['vendor:"vendor 8"', ({ vendor }) => vendor!.startsWith("Vendor 8")],
  ["ssid:network-12", ({ ssid }) => ssid!.startsWith("network-12")],
  ['router:"core 2"', ({ device }) => device!.name === "core 2"],
  ["edge", ({ device }) => device!.name === "edge"],
  ["10.0.7", ({ addresses }) => addresses[0]!.startsWith("10.0.7.")],
  ["ip:10.0.5.20", ({ addresses }) => addresses[0] === "10.0.5.20"],
  ["ip:10.0.8.0/22", ({ addresses }) => /^10\.0\.(8|9|10|11)\./.test(addresses[0]!)],
  ["mac:00:02", ({ macAddress }) => macAddress.startsWith("00:02") || macAddress.endsWith("00:02")],
  ["0009-e3", (client) => client.macAddress.startsWith("00:09:E3")],
  ["is:wireless", ({ isWireless }) => isWireless],
  ["is:wired vendor:apple", ({ isWireless, vendor }) => !isWireless && vendor === "Apple, Inc."],
  ["is:here", ({ isHere }) => isHere],
  ["is:random", ({ isRandom }) => isRandom],
  [
    'iphone router:"core 1" is:wired ip:10.0.0.0/16',
    ({ name, device, isWireless }) => name === "iPhone" && device!.name === "core 1" && !isWireless,
  ],
];
