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

const HOSTS = [
  "iPhone",
  "DESKTOP-4K7Q",
  "Galaxy-S21",
  "android-ac8f",
  "printer-2f",
  "NVR-01",
  "MacBook-Pro",
  "POS-3",
  "cam-yard",
  undefined,
] as const;

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
    clients.push({
      mac: clientMac(seed, "client", i),
      address: `${lanPrefix(router)}.${10 + i}`,
      hostName: pick(HOSTS, own, "host"),
      port: radio === undefined ? pick(wired, own) : radioName(router, radio),
      radio,
      seed: own,
    });
  }
  return clients;
}
