import type { Board } from "./boards.ts";
import { boardOf } from "./boards.ts";
import { type Fault, hasFault } from "./faults.ts";
import { carried, type Live, type Row } from "./live.ts";
import type { Menu } from "./menu.ts";
import { between, hash, mac } from "./random.ts";
import type { TagPlace } from "./template.ts";
import type { Cable } from "./topology.ts";
import { dateTime, duration, toBytes } from "./text.ts";
import { type Tree, treeFor } from "./tree.ts";
import { Version } from "./version.ts";

export interface RouterUser {
  readonly name: string;
  readonly password: string;
  /** `read` may print; `write` and `full` may change things too. */
  readonly group: "read" | "write" | "full";
}

/** What the router is; what it does follows from it, the seed and the clock. */
export interface RouterSpec {
  readonly index: number;
  readonly seed: number;
  readonly version: string;
  readonly board: string;
  /** Text becomes UTF-8; bytes stay as they are (a code page). */
  readonly identity: string | Uint8Array;
  readonly site: string;
  readonly users: readonly RouterUser[];
  readonly cables: readonly Cable[];
  readonly maxSessions: number;
  /** Where `.tag` stands in its replies; routers of a fleet differ. */
  readonly tagPlace: TagPlace;
}

export interface ActiveSession {
  readonly id: number;
  readonly user: RouterUser;
  readonly address: string;
  readonly via: "api" | "api-ssl";
  readonly since: number;
}

/** How many of each this router has seen since it was made. */
export interface RouterCounts {
  connections: number;
  logins: number;
  failedLogins: number;
  commands: number;
  /** Commands that a `/cancel` ended. */
  cancelled: number;
}

export type RouterEvent = "connection" | "login" | "refused" | "command" | "closed" | "power";

export type RouterChange =
  | { path: string; kind: "changed"; row: Row }
  | { path: string; kind: "removed"; id: string };

interface LogLine {
  readonly id: string;
  readonly at: number;
  readonly topics: string;
  readonly message: string;
}

interface LinkState {
  downSince: number | undefined;
  downMs: number;
  downs: number;
  lastUp: number;
}

const LOG_LINES = 100;

/** One simulated router: its state, its config tree and its faults. Connections are elsewhere. */
export class SimRouter {
  readonly board: Board;
  readonly version: Version;
  readonly tree: Tree;
  readonly counts: RouterCounts = {
    connections: 0,
    logins: 0,
    failedLogins: 0,
    commands: 0,
    cancelled: 0,
  };
  readonly active: Map<number, ActiveSession> = new Map();
  readonly faults: Set<Fault> = new Set();
  /** Epoch milliseconds of the last boot. */
  bootedAt: number;
  /** Grows with every change of the tree or of a link: what was encoded before is stale. */
  revision = 0;
  /** What a reboot asked for on the router itself does; set by whoever runs its listeners. */
  onReboot: (() => void) | undefined;
  /** Told of what happens on the router's connections. */
  readonly watchers: Set<(event: RouterEvent) => void> = new Set();
  readonly listeners: Set<(change: RouterChange) => void> = new Set();
  #stored: Map<string, Row[]> = new Map();
  #links: Map<string, LinkState> = new Map();
  #log: LogLine[] = [];
  #nextId = 0x100;
  #nextSession = 1;
  #hasRebooted = false;

  constructor(
    public spec: RouterSpec,
    /** Another router of the fleet, for neighbour tables. */
    readonly peer: (index: number) => SimRouter | undefined,
    readonly now: () => number,
  ) {
    this.board = boardOf(spec.board);
    this.version = new Version(spec.version);
    this.tree = treeFor(this.board, this.version);
    // Up since some day in the last ten weeks, so that counters start with a history.
    this.bootedAt = now() - between(3_600, 70 * 86_400, spec.seed, "boot") * 1_000;
  }

  get seed(): number {
    return this.spec.seed;
  }

  uptimeMs(now: number): number {
    return Math.max(0, now - this.bootedAt);
  }

  /** The identity as bytes, set through the API or by {@linkcode setIdentity}. */
  get identity(): string {
    const name = this.rows("/system/identity")[0]?.["name"];
    return typeof name === "string" ? name : "";
  }

  setIdentity(name: string | Uint8Array): void {
    this.edit("/system/identity")[0]!["name"] = toBytes(name);
    this.changed("/system/identity");
  }

  /** As `/user set password=…`: sessions that are open stay open. */
  setPassword(password: string, name = this.spec.users[0]!.name): void {
    const users = this.spec.users.map((user) => user.name === name ? { ...user, password } : user);
    this.spec = { ...this.spec, users };
  }

  /** Rows of a menu, as stored if anything was written there, else as the seed says. */
  rows(path: string): Row[] {
    return this.#stored.get(path) ?? this.tree.menus.get(path)?.rows(this) ?? [];
  }

  /** The same rows, kept from now on: call it before changing one. */
  edit(path: string): Row[] {
    let rows = this.#stored.get(path);
    if (!rows) this.#stored.set(path, rows = this.rows(path));
    return rows;
  }

  newId(): string {
    return `*${(this.#nextId++).toString(16).toUpperCase()}`;
  }

  changed(path: string, change?: RouterChange): void {
    this.revision++;
    const told = change ?? { path, kind: "changed", row: this.rows(path)[0] ?? {} };
    for (const listener of this.listeners) listener(told);
  }

  /** Where writes through `menu` land. */
  storeOf(menu: Menu): string {
    return menu.viewOf ?? menu.path;
  }

  macOf(interfaceName: string): string {
    return mac(this.seed, interfaceName);
  }

  // --- links

  isLinkUp(name: string): boolean {
    return this.#links.get(name)?.downSince === undefined;
  }

  linkDowns(name: string): number {
    return between(0, 4, this.seed, name, "downs") + (this.#links.get(name)?.downs ?? 0);
  }

  lastUp(name: string): number {
    return this.#links.get(name)?.lastUp ?? this.bootedAt + 21_000;
  }

  setLink(name: string, isUp: boolean): void {
    const link = this.#links.get(name) ??
      { downSince: undefined, downMs: 0, downs: 0, lastUp: this.bootedAt };
    this.#links.set(name, link);
    if (isUp === (link.downSince === undefined)) return;
    const now = this.now();
    if (isUp) {
      link.downMs += now - link.downSince!;
      link.downSince = undefined;
      link.lastUp = now;
    } else {
      link.downSince = now;
      link.downs++;
    }
    this.log("interface,info", `${name} link ${isUp ? "up" : "down"}`);
    const row = this.rows("/interface").find((candidate) => candidate["name"] === name);
    this.changed("/interface", { path: "/interface", kind: "changed", row: row ?? {} });
  }

  /** Milliseconds since boot in which `name` carried traffic. */
  activeMs(name: string, now: number): number {
    const link = this.#links.get(name);
    const down = link ? link.downMs + (link.downSince ? now - link.downSince : 0) : 0;
    return Math.max(0, this.uptimeMs(now) - down);
  }

  /** A counter that starts from zero at boot; `base` is what it had beside the flow. */
  counter(name: string, what: string, perSecond: number, base: bigint | number = 0): Live {
    const seed = hash(this.seed, name, what);
    const flow = (now: number) => carried(perSecond, this.activeMs(name, now), seed);
    if (typeof base === "bigint") {
      return (now) => String((this.#hasRebooted ? 0n : base) + BigInt(flow(now)));
    }
    return (now) => String((this.#hasRebooted ? 0 : base) + flow(now));
  }

  // --- power

  /** Counters, links and sessions start afresh; the configuration stays. */
  boot(): void {
    this.bootedAt = this.now();
    this.#hasRebooted = true;
    this.#links.clear();
    this.#log = [];
    this.revision++;
    this.log("system,info", "router rebooted");
  }

  // --- people

  logIn(user: RouterUser, address: string, via: "api" | "api-ssl"): ActiveSession {
    const session = { id: this.#nextSession++, user, address, via, since: this.now() };
    this.active.set(session.id, session);
    this.counts.logins++;
    this.log("system,info,account", `user ${user.name} logged in from ${address} via api`);
    return session;
  }

  logOut(session: ActiveSession): void {
    if (!this.active.delete(session.id)) return;
    const { user, address } = session;
    this.log("system,info,account", `user ${user.name} logged out from ${address} via api`);
  }

  refuseLogin(name: string, address: string): void {
    this.counts.failedLogins++;
    this.log("system,error,critical", `login failure for user ${name} from ${address} via api`);
  }

  log(topics: string, message: string): void {
    const line = { id: this.newId(), at: this.now(), topics, message };
    this.#log.push(line);
    if (this.#log.length > LOG_LINES) this.#log.shift();
    for (const listener of this.listeners) {
      listener({ path: "/log", kind: "changed", row: this.#lineRow(line) });
    }
  }

  logRows(): Row[] {
    return this.#log.map((line) => this.#lineRow(line));
  }

  #lineRow({ id, at, topics, message }: LogLine): Row {
    const { date, time } = dateTime(at, this.version.hasIsoDates);
    const isToday = Math.floor(at / 86_400_000) === Math.floor(this.now() / 86_400_000);
    const short = isToday ? time : `${date.slice(0, 6)} ${time}`;
    const stamp = this.version.hasIsoDates ? `${date} ${time}` : short;
    return { ".id": id, time: stamp, buffer: "memory", topics, message };
  }

  tell(event: RouterEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }

  uptime(now: number): string {
    return duration(this.uptimeMs(now) / 1_000);
  }

  /** The fault of this kind that is on, if any. */
  fault<Kind extends Fault["kind"]>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
    return hasFault(this.faults, kind);
  }
}
