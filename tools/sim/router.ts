import { type Account, accountOf } from "./accounts.ts";
import type { Board } from "./boards.ts";
import { boardOf } from "./boards.ts";
import { Config } from "./config.ts";
import { type Fault, hasFault } from "./faults.ts";
import { Files } from "./files.ts";
import { History } from "./history.ts";
import { carried, type Live, type Row } from "./live.ts";
import type { Menu } from "./menu.ts";
import { between, hash, mac } from "./random.ts";
import type {
  ActiveSession,
  Peer,
  RouterChange,
  RouterCounts,
  RouterEvent,
  RouterSpec,
} from "./router_types.ts";
import { Scheduler } from "./scheduler.ts";
import type { Value } from "./script/values.ts";
import { SystemLog } from "./system_log.ts";
import { type TimerId, type Timers } from "./time.ts";
import { duration, toBytes } from "./text.ts";
import { type Tree, treeFor } from "./tree.ts";
import { Version } from "./version.ts";

export type * from "./router_types.ts";

interface LinkState {
  downSince: number | undefined;
  downMs: number;
  downs: number;
  lastUp: number;
}

/** Until the router notices that a silent link is lost. */
const TCP_TIMEOUT_MS = 540_000;

/** One simulated router: its state, its config tree and its faults. Connections are elsewhere. */
export class SimRouter {
  /** Epoch milliseconds of the world; {@linkcode SimRouter.clock} is what the router believes. */
  readonly now: () => number;
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
  /** Told when it goes down and when it is back; set by whoever runs its listeners. */
  onPower: ((isUp: boolean) => void) | undefined;
  /** Told of what happens on the router's connections. */
  readonly watchers: Set<(event: RouterEvent) => void> = new Set();
  readonly listeners: Set<(change: RouterChange) => void> = new Set();
  readonly config: Config;
  readonly history: History;
  readonly files: Files;
  readonly scheduler: Scheduler;
  /** Connections that are open. */
  readonly peers: Set<Peer> = new Set();
  readonly #lingering = new Set<TimerId>();
  /** Runs while it has power and is not booting. */
  isUp = true;
  /** Which boot this is: what an earlier one began is over. */
  boots = 0;
  /** Global variables of scripts; a reboot forgets them. */
  readonly globals: Map<string, Value> = new Map();
  /** How far its clock is off. */
  #clockOffset = 0;
  #booting: TimerId | undefined;
  #cutAt: number | undefined;
  #links: Map<string, LinkState> = new Map();
  readonly #log = new SystemLog(this);
  #nextId = 0x100;
  #nextSession = 1;
  #hasRebooted = false;

  constructor(
    public spec: RouterSpec,
    /** Another router of the fleet, for neighbour tables. */
    readonly peer: (index: number) => SimRouter | undefined,
    readonly time: Timers,
  ) {
    this.now = () => time.now();
    this.board = boardOf(spec.board);
    this.version = new Version(spec.version);
    this.tree = treeFor(this.board, this.version);
    this.config = new Config(
      (path) => this.tree.menus.get(path)?.rows(this) ?? [],
      (path) => this.#touched(path),
    );
    this.history = new History(this);
    this.files = new Files(this);
    this.scheduler = new Scheduler(this);
    // Up since some day in the last ten weeks, so that counters start with a history.
    this.bootedAt = time.now() - between(3_600, 70 * 86_400, spec.seed, "boot") * 1_000;
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

  /** Epoch milliseconds as the router believes. */
  clock(): number {
    return this.time.now() + this.#clockOffset;
  }

  /** Sets its clock, as NTP or a person does. */
  moveClock(byMs: number): void {
    this.#clockOffset += byMs;
    this.revision++;
    this.scheduler.plan();
  }

  account(name: string): Account | undefined {
    return accountOf(this, name);
  }

  /** As `/user set password=…`: sessions that are open stay open. */
  setPassword(password: string, name = this.spec.users[0]!.name): void {
    const row = this.edit("/user").find((user) => user["name"] === name);
    if (row) row["$password"] = toBytes(password);
    const users = this.spec.users.map((user) => user.name === name ? { ...user, password } : user);
    this.spec = { ...this.spec, users };
  }

  /** Rows of a menu: what is configured there, and what lives there by itself. */
  rows(path: string): Row[] {
    const menu = this.tree.menus.get(path);
    let rows = this.config.rows(path);
    if (menu?.show) rows = rows.map((row) => menu.show!(this, row));
    return menu?.dynamic ? [...rows, ...menu.dynamic(this)] : rows;
  }

  /** The configured rows, kept from now on: call it before changing one. */
  edit(path: string): Row[] {
    return this.config.edit(path);
  }

  /** What was written without a menu's own commands: a menu's own rows may follow from it. */
  #touched(path: string): void {
    this.revision++;
    this.tree.menus.get(path)?.touched?.(this);
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
    this.time.clearTimeout(this.#booting);
    this.#booting = undefined;
    this.isUp = true;
    this.boots++;
    this.bootedAt = this.now();
    this.#hasRebooted = true;
    this.#links.clear();
    this.#log.clear();
    this.globals.clear();
    this.active.clear();
    this.files.boot(this.#cutAt);
    this.#cutAt = undefined;
    this.history.boot();
    this.revision++;
    this.log("system,info", "router rebooted");
    this.scheduler.boot();
    this.onPower?.(true);
    this.tell("power");
  }

  /** As `/system/reboot`: ends all connections, is gone for `bootMs`, then is back. */
  reboot({ bootMs = this.spec.bootMs }: { bootMs?: number } = {}): void {
    if (!this.isUp) return;
    this.goDown("end");
    this.#booting = this.time.setTimeout(() => this.boot(), bootMs);
  }

  /** Pulls the plug for `offMs`: open connections fall silent, what the flash had not yet is lost. */
  powerLoss({ offMs = 1_000, bootMs = this.spec.bootMs } = {}): void {
    if (!this.isUp) return;
    this.goDown("die");
    this.#booting = this.time.setTimeout(() => this.boot(), offMs + bootMs);
  }

  /** Everything that runs stops. */
  goDown(how: "end" | "die"): void {
    this.isUp = false;
    this.boots++;
    for (const timer of this.#lingering) this.time.clearTimeout(timer);
    this.#lingering.clear();
    if (how === "die") this.#cutAt = this.now();
    this.scheduler.stop();
    for (const peer of [...this.peers]) {
      if (how === "die") peer.die();
      else peer.close();
    }
    this.onPower?.(false);
    this.tell("power");
  }

  /** Nothing of it waits any more. */
  dispose(): void {
    this.isUp = false;
    this.boots++;
    this.time.clearTimeout(this.#booting);
    for (const timer of this.#lingering) this.time.clearTimeout(timer);
    this.#lingering.clear();
    this.history.boot();
    this.scheduler.stop();
  }

  /** Until when no packet gets through. */
  #closedUntil = 0;

  /** Whether packets reach it at all. */
  get isOnline(): boolean {
    return this.isUp && this.now() >= this.#closedUntil;
  }

  /** Nothing gets through for so long. */
  closeWay(forMs: number): void {
    this.#closedUntil = this.now() + forMs;
  }

  /** Every open connection is lost. */
  loseLinks(how: "silent" | "reset"): void {
    for (const peer of [...this.peers]) {
      if (how === "silent") peer.cut();
      else peer.close("reset");
    }
  }

  // --- people

  logIn(user: Account, address: string, via: ActiveSession["via"]): ActiveSession {
    const session = { id: this.#nextSession++, user, address, via, since: this.now() };
    this.active.set(session.id, session);
    this.counts.logins++;
    this.log(
      "system,info,account",
      `user ${user.name} logged in from ${address} via ${wayOf(via)}`,
    );
    return session;
  }

  logOut(session: ActiveSession): void {
    if (!this.active.delete(session.id)) return;
    const { user, address, via } = session;
    this.log(
      "system,info,account",
      `user ${user.name} logged out from ${address} via ${wayOf(via)}`,
    );
    this.history.left(session);
  }

  /** The link of a session is gone without a word: the router believes in it until TCP gives up. */
  linger(session: ActiveSession): void {
    const timer = this.time.setTimeout(() => {
      this.#lingering.delete(timer);
      this.logOut(session);
    }, TCP_TIMEOUT_MS);
    this.#lingering.add(timer);
  }

  refuseLogin(name: string, address: string): void {
    this.counts.failedLogins++;
    this.log("system,error,critical", `login failure for user ${name} from ${address} via api`);
  }

  log(topics: string, message: string): void {
    this.#log.add(topics, message);
  }

  logRows(): Row[] {
    return this.#log.rows();
  }

  /** Turns a fault on; what happens once and now happens. */
  inject(fault: Fault): void {
    if (fault.kind === "clock-jump" && !fault.at) return this.moveClock(fault.byMs);
    this.faults.add(fault);
    if (fault.kind === "scheduler-inactivated") this.scheduler.plan();
    this.revision++;
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

/** Log lines name the service, not whether it was encrypted. */
const wayOf = (via: ActiveSession["via"]) => via === "ssh" ? "ssh" : "api";
