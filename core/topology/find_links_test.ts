import { deepEqual, equal, ok } from "node:assert/strict";
import type { NeighborReading } from "@/core/contract/sample.ts";
import { findLinks } from "./find_links.ts";
import type { FleetDevice, Port } from "./sighting.ts";

const NOBODY: NeighborReading = {
  ...{ interface: "ether1", address: null, macAddress: null, identity: null, platform: null },
  ...{ board: null, version: null, remoteInterface: null, discoveredBy: null },
};

/** `ether1`, or `bridge:bridge`, `vlan10:vlan@ether1`: name, type, and whose MAC it has. */
function portsOf(id: string, names: string[]): Port[] {
  return names.map((text) => {
    const [name, rest = "ether"] = text.split(":");
    const [type, twin = name] = rest.split("@");
    return { name: name!, type: type!, mac: macOf(id, twin!) };
  });
}

function macOf(id: string, port: string): string {
  const number = [...port].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_536, 7);
  const hex = (value: number) => value.toString(16).padStart(2, "0").toUpperCase();
  return `48:A9:8A:${hex(id.charCodeAt(0))}:${hex(number >> 8)}:${hex(number & 255)}`;
}

interface Told {
  ports?: string[];
  address?: string;
  identity?: string | null;
  /** `ether1 > b.ether2`: sees b's packet from ether2; more of the neighbour behind it. */
  sees?: (string | [string, Partial<NeighborReading>])[];
}

function fleet(all: Record<string, Told>): FleetDevice[] {
  return Object.entries(all).map(([id, { ports, address, identity, sees = [] }], index) => ({
    id,
    address: address ?? `10.0.0.${index + 1}`,
    identity: identity === undefined ? `router-${id}` : identity,
    ports: portsOf(id, ports ?? ["ether1", "ether2", "ether3"]),
    toldMs: 1_000,
    neighbors: sees.map((one) => {
      const [text, rest] = typeof one === "string" ? [one, {}] : one;
      const [local, far] = text.split(" > ");
      const [peer, remote] = (far ?? "").split(".");
      return {
        ...NOBODY,
        interface: local!,
        ...(peer && { macAddress: macOf(peer, remote!), remoteInterface: remote! }),
        ...rest,
      };
    }),
  }));
}

/** `a.ether1=b.ether2` for both ends, `-` for one, `(…)` for what it also shows up on. */
async function linksOf(all: Record<string, Told>): Promise<string[]> {
  const { links } = await findLinks(fleet(all));
  return links.map(({ a, b, aSeenMs, bSeenMs, alsoOn, kind }) => {
    const ends = [`${a.node}.${a.port || "?"}`, `${b.node}.${b.port || "?"}`].sort();
    const also = alsoOn.length > 0 ? ` (${alsoOn.join()})` : "";
    return ends.join(aSeenMs !== null && bSeenMs !== null ? "=" : "-") + also +
      (kind === "wired" ? "" : ` ${kind}`);
  }).sort();
}

const CASES: [name: string, fleet: Record<string, Told>, links: string[]][] = [
  ["both ends see each other: one link", {
    a: { sees: ["ether1 > b.ether2"] },
    b: { sees: ["ether2 > a.ether1"] },
  }, ["a.ether1=b.ether2"]],
  ["one end alone says so", { a: { sees: ["ether1 > b.ether2"] }, b: {} }, ["a.ether1-b.ether2"]],
  ["two cables stay two", {
    a: { sees: ["ether1 > b.ether1", "ether2 > b.ether2"] },
    b: { sees: ["ether1 > a.ether1", "ether2 > a.ether2"] },
  }, ["a.ether1=b.ether1", "a.ether2=b.ether2"]],
  ["two cables whose ends name no port are paired by name", {
    a: {
      sees: [["ether1", { identity: "router-b" }], ["ether2", { identity: "router-b" }]],
    },
    b: {
      sees: [["ether2", { identity: "router-a" }], ["ether3", { identity: "router-a" }]],
    },
  }, ["a.ether1=b.ether2", "a.ether2=b.ether3"]],
  ["two cables, each seen from one end only, are not taken for one", {
    a: { sees: ["ether1 > b.ether1"] },
    b: { sees: ["ether2 > a.ether2"] },
  }, ["a.ether1-b.ether1", "a.ether2-b.ether2"]],
  ["only one end names the other's port", {
    a: { sees: ["ether1 > b.ether2"] },
    b: { sees: [["ether2", { identity: "router-a" }]] },
  }, ["a.ether1=b.ether2"]],
  ["bridge and VLANs repeat a neighbour", {
    a: {
      ports: ["ether1", "bridge:bridge@ether1", "vlan10:vlan@ether1"],
      sees: ["ether1 > b.ether2", "bridge > b.ether2", "vlan10 > b.ether2"],
    },
    b: { sees: ["ether2 > a.ether1"] },
  }, ["a.ether1=b.ether2 (bridge,vlan10)"]],
  ["only VLANs tell of it: one link, and the far end names the port", {
    a: {
      ports: ["ether1", "vlan10:vlan@ether1", "vlan20:vlan@ether1"],
      sees: ["vlan20 > b.ether2", "vlan10 > b.ether2"],
    },
    b: { sees: ["ether2 > a.ether1"] },
  }, ["a.ether1=b.ether2 (vlan10,vlan20)"]],
  ["RouterOS 7 names port and bridge", {
    a: { sees: [["ether1", { identity: "router-b", remoteInterface: "bridge/ether3" }]] },
    b: { ports: ["ether3", "bridge:bridge@ether3"], sees: ["ether3 > a.ether1"] },
  }, ["a.ether1=b.ether3"]],
  ["a bond shows up beside its members", {
    a: {
      ports: ["ether1", "ether2", "bond1:bond@ether1"],
      sees: ["ether1 > b.ether1", "ether2 > b.ether2", "bond1 > b.ether1"],
    },
    b: { sees: ["ether1 > a.ether1", "ether2 > a.ether2"] },
  }, ["a.ether1=b.ether1 (bond1)", "a.ether2=b.ether2"]],
  ["a tunnel is a link of its own", {
    a: { ports: ["ether1", "eoip1:eoip"], sees: ["ether1 > b.ether1", "eoip1 > b.eoip1"] },
    b: { ports: ["ether1", "eoip1:eoip"], sees: ["ether1 > a.ether1", "eoip1 > a.eoip1"] },
  }, ["a.eoip1=b.eoip1 tunnel", "a.ether1=b.ether1"]],
  ["itself, through a loop", { a: { sees: ["ether1 > a.ether2"] } }, []],
  ["by address, with a MAC nobody told of yet", {
    a: { sees: [["ether1", { address: "10.0.0.2", macAddress: "02:00:00:00:00:09" }]] },
    b: { ports: [] },
  }, ["a.ether1-b.?"]],
  ["an address whose device has other MACs is somebody else", {
    a: { sees: [["ether1", { address: "10.0.0.2", macAddress: "02:00:00:00:00:09" }]] },
    b: {},
  }, ["a.ether1-mac:02:00:00:00:00:09.?"]],
  ["unless the name says the same: the board was replaced", {
    a: {
      sees: [["ether1", {
        ...{ address: "10.0.0.2", macAddress: "02:00:00:00:00:09", identity: "router-b" },
      }]],
    },
    b: {},
  }, ["a.ether1-b.?"]],
  ["a name that two devices have is nobody's", {
    a: { sees: [["ether1", { identity: "twin", address: "192.0.2.1" }]] },
    b: { identity: "twin" },
    c: { identity: "twin" },
  }, ["a.ether1-ip:192.0.2.1.?"]],
  ["a name from the factory is nobody's", {
    a: { sees: [["ether1", { identity: "MikroTik", address: "192.0.2.1" }]] },
    b: { identity: "MikroTik" },
  }, ["a.ether1-ip:192.0.2.1.?"]],
  ["cloned MACs: the name decides among their owners", {
    a: { sees: [["ether1", { identity: "router-c", macAddress: macOf("z", "ether1") }]] },
    b: { ports: [] },
    c: { ports: [] },
  }, ["a.ether1-c.?"]],
  ["somebody who says nothing of itself", { a: { sees: ["ether1"] } }, []],
  ["behind a managed switch: the switch's cables, not everybody to everybody", {
    a: { sees: ["ether1 > s.ether1", "ether1 > b.ether1", "ether1 > c.ether1"] },
    b: { sees: ["ether1 > s.ether2", "ether1 > a.ether1", "ether1 > c.ether1"] },
    c: { sees: ["ether1 > s.ether3", "ether1 > a.ether1", "ether1 > b.ether1"] },
    s: { sees: ["ether1 > a.ether1", "ether2 > b.ether1", "ether3 > c.ether1"] },
  }, ["a.ether1=s.ether1", "b.ether1=s.ether2", "c.ether1=s.ether3"]],
  ["two switches in a row", {
    a: { sees: ["ether1 > s.ether1", "ether1 > t.ether1", "ether1 > b.ether1"] },
    s: { sees: ["ether1 > a.ether1", "ether2 > t.ether1", "ether2 > b.ether1"] },
    t: { sees: ["ether1 > s.ether2", "ether1 > a.ether1", "ether2 > b.ether1"] },
    b: { sees: ["ether1 > t.ether2", "ether1 > s.ether2", "ether1 > a.ether1"] },
  }, ["a.ether1=s.ether1", "b.ether1=t.ether2", "s.ether2=t.ether1"]],
  ["a ring keeps all its cables", {
    a: { sees: ["ether1 > b.ether1", "ether2 > c.ether2"] },
    b: { sees: ["ether1 > a.ether1", "ether2 > c.ether1"] },
    c: { sees: ["ether1 > b.ether2", "ether2 > a.ether2"] },
  }, ["a.ether1=b.ether1", "a.ether2=c.ether2", "b.ether2=c.ether1"]],
  ["a switch nobody manages is one node, not a mesh", {
    a: { sees: ["ether1 > b.ether1", "ether1 > c.ether1", "ether1 > d.ether1"] },
    b: { sees: ["ether1 > a.ether1", "ether1 > c.ether1", "ether1 > d.ether1"] },
    c: { sees: ["ether1 > a.ether1", "ether1 > b.ether1", "ether1 > d.ether1"] },
    d: { sees: ["ether1 > a.ether1", "ether1 > b.ether1", "ether1 > c.ether1"] },
  }, ["a", "b", "c", "d"].map((id) => `${id}.ether1=seg:a/ether1.?`)],
  ["a radio and its stations are a star, also where they hear each other", {
    a: { ports: ["wlan1:wlan"], sees: ["wlan1 > b.wlan1", "wlan1 > c.wlan1", "wlan1 > d.wlan1"] },
    b: { ports: ["wlan1:wlan"], sees: ["wlan1 > a.wlan1", "wlan1 > c.wlan1"] },
    c: { ports: ["wlan1:wlan"], sees: ["wlan1 > a.wlan1"] },
    d: { ports: ["wlan1:wlan"], sees: ["wlan1 > a.wlan1"] },
  }, ["b", "c", "d"].map((id) => `a.wlan1=${id}.wlan1 wireless`)],
  ["a switch nobody manages shows another MAC on each port, and is one node", {
    a: { sees: [["ether1", { identity: "sw", macAddress: "02:00:00:00:00:01" }]] },
    b: { sees: [["ether1", { identity: "sw", macAddress: "02:00:00:00:00:02" }]] },
  }, ["a.ether1-mac:02:00:00:00:00:01.?", "b.ether1-mac:02:00:00:00:00:01.?"]],
  ["the same name far away is another one", {
    a: { sees: [["ether1", { identity: "sw", macAddress: "02:00:00:00:00:01" }]] },
    b: { sees: [["ether1", { identity: "sw", macAddress: "02:00:00:00:09:02" }]] },
  }, ["a.ether1-mac:02:00:00:00:00:01.?", "b.ether1-mac:02:00:00:00:09:02.?"]],
];

for (const [name, told, expected] of CASES) {
  Deno.test(`links: ${name}`, async () => {
    if (name.startsWith("cloned")) {
      const devices = fleet(told);
      const clone = { name: "ether1", type: "ether", mac: macOf("z", "ether1") };
      const { links } = await findLinks(
        devices.map((one) => one.id === "a" ? one : { ...one, ports: [clone] }),
      );
      deepEqual(links.map(({ b }) => b.node), ["c"]);
    } else deepEqual(await linksOf(told), expected.toSorted());
  });
}

Deno.test("links: what everybody has in common tells nothing, and costs no more than the fleet", async () => {
  const told = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index): [string, Told] => [`${index}`, {
      ...{ identity: "MikroTik", ports: ["ether1"], address: "10.0.0.1" },
      sees: [["ether1", { macAddress: macOf("z", "ether1"), identity: "MikroTik" }]],
    }]),
  );
  const clone = { name: "ether1", type: "ether", mac: macOf("z", "ether1") };
  const began = performance.now();
  const { links, strangers } = await findLinks(
    fleet(told).map((device) => ({ ...device, ports: [clone] })),
  );
  deepEqual([links.length, strangers.length], [1_000, 1]);
  ok(performance.now() - began < 5_000);
});

Deno.test("links: 120 routers in one broadcast domain are one node and 120 links", async () => {
  const ids = Array.from({ length: 120 }, (_, index) => String.fromCharCode(0x100 + index));
  const told = Object.fromEntries(
    ids.map((id): [string, Told] => [id, {
      ports: ["ether1"],
      sees: ids.filter((other) => other !== id).map((other) => [
        "ether1",
        { identity: `router-${other}`, remoteInterface: "ether1" },
      ]),
    }]),
  );
  const { links, segments } = await findLinks(fleet(told));
  deepEqual([links.length, segments.length], [120, 1]);
  equal(links.every(({ aSeenMs, bSeenMs }) => aSeenMs !== null && bSeenMs !== null), true);
});
