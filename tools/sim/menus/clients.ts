import { between, hash, pick } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { clientMac, portsOf, radioName } from "./interfaces.ts";

export interface LanClient {
  readonly mac: string;
  readonly address: string;
  readonly hostName: string | undefined;
  readonly port: string;
  /** Index of the radio it is on, if it is on one. */
  readonly radio: number | undefined;
  readonly seed: number;
}

/** People come and go: the list of who is here holds for a minute. */
export const CLIENT_SLICE_MS = 60_000;

/** What a device calls itself, and its maker's prefix; a phone may hide behind a random MAC. */
const KINDS: readonly (readonly [hostName: string | undefined, prefix: string])[] = [
  ["iPhone", "F0:18:98"],
  ["iPhone", "random"],
  ["DESKTOP-4K7Q", "3C:A9:F4"],
  ["Galaxy-S21", "random"],
  ["android-ac8f", "8C:F5:A3"],
  ["printer-2f", "3C:D9:2B"],
  ["NVR-01", "44:19:B6"],
  ["MacBook-Pro", "3C:22:FB"],
  ["POS-3", "F8:B1:56"],
  ["cam-yard", "44:19:B6"],
  [undefined, "A4:CF:12"],
];

/** The 192.168.X.0/24 of this router's LAN. */
export function lanPrefix(router: SimRouter): string {
  return `192.168.${router.spec.index % 200 + 20}`;
}

/** Devices on the LAN now: the same in leases, ARP, bridge hosts and registration tables. */
export function lanClients(router: SimRouter): LanClient[] {
  const { board, seed } = router;
  if (board.isChr || board.key === "ccr2004") return [];
  const slice = Math.floor(router.now() / CLIENT_SLICE_MS);
  const wired = portsOf(board).filter((port) => port.startsWith("ether") && port !== "ether1");
  const most = board.radios.length > 0 ? between(6, 28, seed, "clients") : between(2, 10, seed);
  const clients: LanClient[] = [];
  for (let i = 0; i < most; i++) {
    const own = hash(seed, "client", i);
    // One in eight is away in any given minute.
    if (hash(own, slice) % 8 === 0) continue;
    const radio = board.radios.length > 0 && own % 3 !== 0 ? own % board.radios.length : undefined;
    const [hostName, prefix] = pick(KINDS, own, "kind");
    clients.push({
      mac: clientMac(prefix, seed, "client", i),
      address: `${lanPrefix(router)}.${10 + i}`,
      hostName,
      port: radio === undefined ? pick(wired, own) : radioName(router, radio),
      radio,
      seed: own,
    });
  }
  return clients;
}

/** Whoever is on an access point is also seen by the switch that the access point hangs on. */
export function clientsBehind(router: SimRouter): LanClient[] {
  if (router.board.key !== "crs328") return [];
  return router.spec.cables.flatMap(({ local, peer }) => {
    const other = router.peer(peer);
    if (other?.board.key !== "cap-ax") return [];
    return lanClients(other).map((client) => ({ ...client, port: local, radio: undefined }));
  });
}
