import { boardOf } from "./boards.ts";
import { RouterHost, type TlsKind } from "./host.ts";
import { hash } from "./random.ts";
import { type RouterSpec, type RouterUser, SimRouter } from "./router.ts";
import { realTime, realTimers, type Timers } from "./time.ts";
import type { TagPlace } from "./template.ts";
import { cablesOf, SITE } from "./topology.ts";
import { Version } from "./version.ts";

/** How one router differs from what its place in the fleet would give it. */
export interface RouterWish {
  readonly board?: string;
  readonly version?: string;
  readonly identity?: string | Uint8Array;
  readonly users?: readonly RouterUser[];
  readonly tls?: TlsKind;
  readonly hasOwnCertificate?: boolean;
  readonly maxSessions?: number;
  readonly tagPlace?: TagPlace;
  /** How long a boot takes. */
  readonly bootMs?: number;
}

export interface FleetOptions {
  /** How many routers; at least as many as `routers` lists. */
  readonly count?: number;
  readonly seed?: number;
  /** Taken in turn; a board that is younger than a version takes the next one. */
  readonly versions?: readonly string[];
  /** Boards taken in turn instead of the places of a site. */
  readonly boards?: readonly string[];
  /** Plain ports from here on, TLS ports behind them; 0 takes free ones. */
  readonly portBase?: number;
  /** Addresses from here on (127.x.y.z), all on 8728 and 8729, instead of ports. */
  readonly addressBase?: string;
  readonly tls?: TlsKind;
  /** Routers with an SSH service too. */
  readonly ssh?: boolean;
  readonly username?: string;
  /** One password for all; each has its own otherwise. */
  readonly password?: string;
  /** Gives some routers names that try to break what shows them. */
  readonly hasHostileNames?: boolean;
  readonly routers?: readonly RouterWish[];
  /**
   * Whether a router's own firewall, addresses and services decide who comes in, for a manager at
   * {@linkcode MANAGER_ADDRESS}.
   */
  readonly guarded?: boolean;
  readonly now?: () => number;
  /** In place of `now`: timers, too, that run as fast as somebody likes. */
  readonly time?: Timers;
}

export const DEFAULT_VERSIONS: readonly string[] = [
  "7.18.2",
  "6.49.17",
  "7.21.5",
  "7.12",
  "7.24",
  "7.16",
];

/** Text that breaks pages, terminals, spreadsheets and logs which do not expect it. */
export const HOSTILE_NAMES: readonly string[] = [
  `<script>alert("tod")</script>`,
  `=HYPERLINK("http://192.0.2.1","x")`,
  "\u001b[31mred\u001b[0m",
  "first line\nlevel=error forged=yes",
  "'; drop table devices; --",
];

const PLACES = ["prague", "plzen", "brno", "riga", "jelgava", "lviv", "porto", "oulu"];

/** Routers by their index; closing the fleet closes their ports and connections. */
export class Fleet implements AsyncDisposable {
  constructor(readonly routers: readonly RouterHost[]) {}

  /** Resolves as soon as `isTrue` holds, asked after each thing that happens on a router. */
  until(isTrue: () => boolean, signal?: AbortSignal): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => {
        for (const { router } of this.routers) router.watchers.delete(check);
        signal?.removeEventListener("abort", abort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = () => {
        if (isTrue()) done();
      };
      const abort = () => done(signal!.reason);
      for (const { router } of this.routers) router.watchers.add(check);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.routers.map((router) => router[Symbol.asyncDispose]()));
  }
}

/** Starts the routers; resolves when every port is open. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const wishes = options.routers ?? [];
  const count = Math.max(options.count ?? 0, wishes.length, options.count === undefined ? 1 : 0);
  const routers: SimRouter[] = [];
  const peer = (index: number) => routers[index];
  const hosts: RouterHost[] = [];
  for (let index = 0; index < count; index++) {
    const wish = wishes[index] ?? {};
    const router = new SimRouter(
      specOf(index, count, wish, options),
      peer,
      options.time ?? (options.now ? realTimers(options.now) : realTime),
    );
    routers.push(router);
    const tls = wish.tls ?? options.tls ?? "none";
    hosts.push(
      new RouterHost(router, {
        ...endpointOf(index, count, tls, options),
        tls,
        hasOwnCertificate: wish.hasOwnCertificate ?? false,
        hasSsh: options.ssh ?? false,
        sshPort: options.addressBase ? 22 : 0,
        isGuarded: options.guarded ?? false,
      }),
    );
  }
  const fleet = new Fleet(hosts);
  try {
    // Some at a time: thousands of listen calls at once only queue up in the kernel.
    for (let i = 0; i < hosts.length; i += 250) {
      await Promise.all(hosts.slice(i, i + 250).map((host) => host.powerOn()));
    }
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
  return fleet;
}

function endpointOf(index: number, count: number, tls: TlsKind, options: FleetOptions) {
  if (options.addressBase) {
    return { address: addressAt(options.addressBase, index), port: 8728, tlsPort: 8729 };
  }
  const base = options.portBase ?? 0;
  // openssl opens the port of an anonymous server itself, so it cannot be told "any".
  const own = tls === "anonymous" ? freePort() : 0;
  return {
    address: "127.0.0.1",
    port: base && base + index,
    tlsPort: base ? base + count + index : own,
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The `index`th address from `base` on; only loopback addresses. */
function addressAt(base: string, index: number): string {
  const parts = base.split(".").map(Number);
  const isAddress = parts.length === 4 &&
    parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  if (!isAddress || parts[0] !== 127) {
    throw new RangeError(
      `Cannot start a fleet as the address base must be 127.x.y.z: current value is ${base}`,
    );
  }
  // 127.x.y.0 and .255 are as good as any on loopback.
  const number = (parts[1]! << 16 | parts[2]! << 8 | parts[3]!) + index + 1;
  return `127.${number >> 16 & 255}.${number >> 8 & 255}.${number & 255}`;
}

/** What the router at `index` of a fleet is. */
export function specOf(
  index: number,
  count: number,
  wish: RouterWish,
  options: FleetOptions,
): RouterSpec {
  const seed = hash(options.seed ?? 1, index);
  const place = SITE[index % SITE.length]!;
  const board = wish.board ?? options.boards?.[index % options.boards.length] ?? place.board;
  const number = Math.floor(index / SITE.length);
  const site = `${PLACES[number % PLACES.length]}${
    number < PLACES.length ? "" : Math.floor(number / PLACES.length) + 1
  }`;
  return {
    index,
    seed,
    version: wish.version ?? versionFor(board, index, options.versions ?? DEFAULT_VERSIONS),
    board,
    identity: wish.identity ?? identityOf(index, site, place.role, options),
    site,
    users: wish.users ?? [{
      name: options.username ?? "tod",
      password: options.password ?? `sim-${hash(seed, "password").toString(36)}`,
      group: "full",
    }],
    cables: cablesOf(index, count),
    maxSessions: wish.maxSessions ?? 20,
    // Real ones put it first; a client must find it anywhere.
    bootMs: wish.bootMs ?? 2_000,
    tagPlace: wish.tagPlace ?? (["first", "first", "second", "last"] as const)[seed % 4]!,
  };
}

function versionFor(board: string, index: number, versions: readonly string[]): string {
  const since = boardOf(board).since;
  const first = Math.floor(index / SITE.length) + index;
  for (let i = 0; i < versions.length; i++) {
    const version = versions[(first + i) % versions.length]!;
    if (new Version(version).atLeast(since)) return version;
  }
  throw new RangeError(
    `Cannot simulate ${board} as a version must be ${since} or newer: current value is ${versions}`,
  );
}

/** Names as people give them: mostly plain, some in UTF-8, one in a Windows code page. */
function identityOf(
  index: number,
  site: string,
  role: string,
  options: FleetOptions,
): string | Uint8Array {
  if (options.hasHostileNames && index % 7 === 2) {
    return HOSTILE_NAMES[Math.floor(index / 7) % HOSTILE_NAMES.length]!;
  }
  if (index % 24 === 11) return `${site}-věž-☂`;
  // "Склад" in windows-1251, as WinBox 3 stores it on a Russian Windows.
  if (index % 24 === 21) return Uint8Array.of(0xd1, 0xea, 0xeb, 0xe0, 0xe4, 0x2d, 0x37);
  return `${site}-${role}`;
}
