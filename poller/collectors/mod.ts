import type { Collector } from "../collector.ts";
import { clients } from "./clients.ts";
import { counts, routes } from "./counts.ts";
import { ethernet } from "./ethernet.ts";
import { health } from "./health.ts";
import { interfaces } from "./interfaces.ts";
import { neighbors } from "./neighbors.ts";
import { packages } from "./packages.ts";
import { bgp, ospf } from "./peers.ts";
import { poe } from "./poe.ts";
import { radios, wireless } from "./wireless.ts";

/** Every reading beyond system and board, in the order a router is asked. */
export const COLLECTORS: readonly Collector[] = [
  interfaces,
  health,
  ...radios,
  ...wireless,
  counts,
  bgp,
  ospf,
  poe,
  packages,
  ethernet,
  neighbors,
  clients,
  routes,
];
