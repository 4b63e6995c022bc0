import { deepEqual, equal } from "node:assert/strict";
import type { MapPlace } from "@/core/contract/map.ts";
import { Clusters, totalOf, worstOf } from "./clusters.ts";

const NONE = { online: 0, offline: 0, unknown: 0, pending: 0, disabled: 0 };
const WORLD = { west: -180, south: -85, east: 180, north: 85 };

function place(latitude: number, longitude: number, counts: Partial<typeof NONE>): MapPlace {
  const siteId = crypto.randomUUID();
  return { siteId, name: "x", path: "x", latitude, longitude, counts: { ...NONE, ...counts } };
}

Deno.test("clusters: near sites are one mark with the routers of all", () => {
  const clusters = new Clusters([
    place(48.2, 16.3, { online: 3 }),
    place(48.2001, 16.3001, { online: 2, offline: 1 }),
    place(-33, 151, { disabled: 1 }),
  ]);
  const far = clusters.marks(WORLD, 3);
  deepEqual(far.map(({ places, counts }) => [places.length, totalOf(counts), worstOf(counts)]), [
    [2, 6, "offline"],
    [1, 1, "disabled"],
  ]);
  equal(clusters.marks(WORLD, far[0]!.expandsAt!).length, 3, "it falls apart there");
  equal(clusters.marks({ ...WORLD, west: 100 }, 3).length, 1, "what is not in sight is not drawn");
});

Deno.test("clusters: sites at the very same place stay one mark", () => {
  const clusters = new Clusters([place(1, 1, { online: 1 }), place(1, 1, { online: 1 })]);
  equal(clusters.marks(WORLD, 22).length, 1);
  equal(clusters.marks(WORLD, 22)[0]!.places.length, 2);
});

Deno.test("clusters: a site without routers shows nothing bad", () => {
  const [mark] = new Clusters([place(1, 1, {})]).marks(WORLD, 3);
  deepEqual([totalOf(mark!.counts), worstOf(mark!.counts)], [0, undefined]);
});
