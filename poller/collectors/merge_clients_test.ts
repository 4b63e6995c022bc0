import { deepEqual, equal } from "node:assert/strict";
import { type ClientReading, ClientsReading, MAX_CLIENTS } from "@/core/contract/sample.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import type { ClientTables } from "./clients.ts";
import { macOf, mergeClients } from "./merge_clients.ts";

function merge(tables: Partial<Record<keyof ClientTables, Row[]>>): ClientReading[] {
  const names = ["arp", "leases", "hosts", "ppp", "ipv6"] as const;
  const whole = Object.fromEntries(
    names.map((name) => [name, { rows: tables[name] ?? [], isCut: false }]),
  ) as ClientTables;
  // As it comes off the bus.
  return ClientsReading.parse(JSON.parse(JSON.stringify(mergeClients(whole)))).clients;
}
const MAC = "A4:CF:12:00:00:01";

Deno.test("mergeClients() makes one client of what each table knows, RouterOS 7", () => {
  const clients = merge({
    arp: [{
      ...{ address: "192.168.1.10", "mac-address": MAC, interface: "bridge", dynamic: "true" },
      ...{ complete: "true", status: "stale" },
    }],
    leases: [{
      ...{ address: "192.168.1.10", "active-address": "192.168.1.10", "mac-address": MAC },
      ...{ "active-mac-address": MAC, "host-name": "cam", status: "bound", dynamic: "false" },
      comment: "yard",
    }],
    hosts: [
      { "mac-address": MAC, "on-interface": "ether3", vid: "10", local: "false" },
      { "mac-address": "48:A9:8A:00:00:01", "on-interface": "ether3", local: "true" },
    ],
    ipv6: [
      { address: "fe80::1", "mac-address": MAC, interface: "bridge", status: "reachable" },
      { address: "2001:DB8::1", "mac-address": MAC, interface: "bridge", status: "reachable" },
    ],
  });
  deepEqual(clients, [{
    macAddress: MAC,
    addresses: ["192.168.1.10", "2001:db8::1"],
    interface: "bridge",
    port: "ether3",
    vlan: 10,
    hostName: "cam",
    comment: "yard",
    lease: { status: "bound", isReserved: true },
    isHere: true,
  }]);
});

Deno.test("mergeClients() reads RouterOS 6: no ARP status, interface and age beside bridge hosts", () => {
  const arp = (tail: string, rest: Row): Row => ({
    ...{ address: `10.0.0.${tail}`, "mac-address": `02:00:00:00:00:0${tail}`, interface: "lan" },
    ...rest,
  });
  const clients = merge({
    arp: [
      arp("1", { dynamic: "true", complete: "true", DHCP: "true" }),
      arp("2", { dynamic: "true", complete: "false" }),
      arp("3", { dynamic: "false", complete: "true" }),
      arp("4", { dynamic: "true", complete: "true", disabled: "true" }),
    ],
    hosts: [{
      ...{ "mac-address": "02:00:00:00:00:05", interface: "ether2", "on-interface": "ether2" },
      ...{ age: "12s", local: "false", dynamic: "true" },
    }],
  });
  deepEqual(
    clients.map(({ macAddress, isHere, port }) => [macAddress!.slice(-1), isHere, port]),
    [["5", true, "ether2"], ["1", true, undefined], ["3", false, undefined]],
  );
});

Deno.test("mergeClients() keeps who is remembered apart from who is here", () => {
  const clients = merge({
    leases: [
      { address: "10.0.0.9", "mac-address": MAC, status: "waiting", comment: "printer" },
      { address: "10.0.0.8", status: "conflict", dynamic: "true" },
    ],
  });
  deepEqual(clients, [{
    ...{ macAddress: MAC, addresses: ["10.0.0.9"], comment: "printer", isHere: false },
    lease: { status: "waiting", isReserved: true },
  }]);
});

Deno.test("mergeClients() tells a PPPoE login by its MAC, and a tunnel by none", () => {
  const clients = merge({
    ppp: [
      { name: "cust-1", service: "pppoe", "caller-id": MAC, address: "100.64.0.1", uptime: "1h" },
      { name: "cust-2", service: "l2tp", "caller-id": "203.0.113.5", address: "100.64.0.2" },
    ],
  });
  deepEqual(clients.map(({ macAddress, ppp, addresses }) => [macAddress, ppp, addresses]), [
    [MAC, { name: "cust-1", service: "pppoe", uptimeSeconds: 3_600 }, ["100.64.0.1"]],
    [undefined, { name: "cust-2", service: "l2tp", uptimeSeconds: null }, ["100.64.0.2"]],
  ]);
});

Deno.test("mergeClients() bounds what a hostile router sends", () => {
  const long = "x".repeat(100_000);
  const leases = Array.from({ length: 9_000 }, (_, at): Row => ({
    address: at === 0 ? "999.1.1.1" : "10.0.0.1",
    "mac-address": `02:00:00:00:${(at >> 8).toString(16).padStart(2, "0")}:${
      (at & 255).toString(16).padStart(2, "0")
    }`,
    ...{ "host-name": long, status: long, comment: long },
  }));
  const reading = mergeClients({
    ...{ arp: { rows: [], isCut: false }, hosts: { rows: [], isCut: false } },
    ...{ ppp: { rows: [], isCut: false }, ipv6: { rows: [], isCut: false } },
    leases: { rows: leases, isCut: false },
  });
  equal(reading.clients.length, MAX_CLIENTS);
  equal(reading.isCut, true);
  equal(ClientsReading.safeParse(reading).success, true);
  deepEqual(reading.clients[0]!.addresses, []);
  equal(reading.clients[0]!.hostName!.length, 255);
  for (const mac of ["01:00:5E:00:00:01", "FF:FF:FF:FF:FF:FF", "00:00:00:00:00:00", "<b>", ""]) {
    equal(macOf(mac), undefined, mac);
  }
});
