import type { PushRequest, PushTier } from "@/core/contract/pushes.ts";
import { ENDED_PUSHES } from "@/core/contract/pushes.ts";
import { drivePush } from "@/core/push/drive_push.ts";
import type { PushRecord } from "@/core/push/record.ts";
import { PUSH_LEASE_MS } from "@/core/push/store.ts";
import type { TenantId } from "@/core/scope.ts";
import { admits, managementAddress } from "@/tools/sim/admission.ts";
import { connectDirectly, simRouter } from "@/tools/sim/direct.ts";
import type { SimRouter } from "@/tools/sim/router.ts";
import { VirtualTime } from "@/tools/sim/time.ts";
import { type Change, probeDns } from "./changes.ts";
import { configurationOf, firstDifference, leftovers } from "./configuration.ts";
import { MemoryPushStore } from "./memory_store.ts";
import { type Hooks, Worker, type World } from "./worker.ts";

export const START = Date.UTC(2026, 10, 25, 12);
export const TENANT = "00000000-0000-4000-8000-0000000000aa" as TenantId;
const DEVICE = "00000000-0000-4000-8000-0000000000bb";

export interface Machine {
  readonly board: string;
  readonly version: string;
}

/** What else goes on while a push is made. Built for one cell: it may count. */
export interface Trouble {
  readonly hooks?: Hooks;
  /** Before the push begins. */
  readonly prepare?: (router: SimRouter, time: VirtualTime) => void;
  /** Beside the push, from its beginning; what it changes is in `foreign`. */
  readonly confirm?: "auto" | "manual";
  readonly decide?: "confirm" | "revert" | null;
  /** Two people at once: the other's push. */
  readonly other?: "same manager" | "another manager";
  /** What somebody else does to the router's configuration, alike on the routers it is compared with. */
  readonly foreign?: (router: SimRouter) => void;
  readonly didForeign?: () => boolean;
  /** Where there is one right end alone. */
  readonly endsAs?: (change: Change) => "confirmed" | "reverted";
  readonly hasExport?: boolean;
  /** After so long without an end somebody goes there. */
  readonly onSite?: (router: SimRouter) => void;
}

export interface Cell {
  readonly machine: Machine;
  readonly tier: PushTier;
  readonly change: Change;
  readonly trouble: Trouble;
  readonly seed: number;
}

export interface Outcome {
  readonly end: "confirmed" | "reverted" | "failed";
  /** The way that guarded it in the end. */
  readonly tier: PushTier | null;
  readonly wasUnknown: boolean;
  /** What was told and is not so; `null`: all is as told. */
  readonly wrong: string | null;
  /** What would still act on the router; `null`: nothing. */
  readonly armed: string | null;
  readonly record: PushRecord;
  /** From the first command of a change that locks us out, until the engine says so; until we get in. */
  readonly seenMs: number | null;
  readonly backMs: number | null;
}

const HOUR = 3_600_000;
/** Nothing is left to happen after this: a TCP timeout, a reboot and a countdown together. */
const AFTERMATH_MS = HOUR / 2;
const LONGEST_MS = 1.5 * HOUR;

export function requestOf(change: Change, router: SimRouter, confirm: "auto" | "manual") {
  return {
    deviceId: DEVICE,
    title: change.name,
    source: { kind: "api", id: null },
    commands: change.commands(router),
    confirm,
    windowSeconds: 120,
    probes: [...change.probes ?? []],
    typedName: router.identity,
  } satisfies PushRequest;
}

export function newRecord(id: string, token: string, request: PushRequest): PushRecord {
  return {
    ...{ id, token, request, tenantId: TENANT, deviceId: request.deviceId, state: "draft" },
    ...{ aim: null, tier: null, plan: null, evidence: null, decision: null, confirmBy: null },
    ...{ reason: null, foreign: [], timeline: [] },
  };
}

const machines = new Map<string, Promise<string>>();

/** What a router of this kind holds after the change, found out on another one and without the engine. */
function intendedOf(cell: Cell, sequence: readonly ("change" | "foreign" | "other")[]) {
  const { machine, change, seed } = cell;
  const key = [machine.board, machine.version, seed, change.name, ...sequence].join();
  const foreign = cell.trouble.foreign;
  let text = foreign ? undefined : machines.get(key);
  if (!text) {
    text = play(cell, sequence);
    if (!foreign) machines.set(key, text);
  }
  return text;
}

async function play(cell: Cell, sequence: readonly ("change" | "foreign" | "other")[]) {
  const time = new VirtualTime(START);
  const router = simRouter(cell.machine, { time, seed: cell.seed });
  for (const what of sequence) {
    if (what === "foreign") cell.trouble.foreign?.(router);
    else await time.run(carryOut(router, what === "change" ? cell.change : OTHER));
  }
  return configurationOf(router);
}

/** Sends the commands as a person would type them, one by one, whatever becomes of them. */
async function carryOut(router: SimRouter, change: Change): Promise<void> {
  const [user] = router.spec.users;
  const open = () => connectDirectly(router, { user: user!.name, password: user!.password });
  const connection = await open();
  const find = (menu: string, target: { by: string } & Record<string, unknown>) => {
    if (target.by === "menu") return undefined;
    if (target.by === "id") return String(target["id"]);
    const where = Object.entries(target["where"] as Record<string, string>);
    const row = router.rows(menu).find((one) =>
      where.every(([name, value]) => one[name] === value)
    );
    return String(row![".id"]);
  };
  for (const command of change.commands(router)) {
    const { menu } = command;
    const place = "before" in command && command.before ? find(menu, command.before) : undefined;
    const id = "target" in command ? find(menu, command.target) : undefined;
    const values = "attributes" in command ? command.attributes as Record<string, string> : {};
    const bytes = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, latin(value)]),
    );
    const words = command.action === "add"
      ? { ...bytes, ...(place !== undefined && { "place-before": place }) }
      : command.action === "move"
      ? { numbers: id!, ...(place !== undefined && { destination: place }) }
      : { ...(id !== undefined && { ".id": id }), ...bytes };
    await connection.run(`${menu}/${command.action}`, { attributes: words, deadlineMs: 1_000 })
      .catch(() => {});
  }
  await connection.close();
}

const latin = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

/** What the second person pushes. */
export const OTHER: Change = {
  name: "another's",
  commands: () => [{
    action: "add",
    menu: "/ip/firewall/address-list",
    attributes: { list: "another", address: "198.51.100.99" },
    before: null,
  }],
  ends: "confirmed",
};

/** Makes one push on one simulated router with its trouble, and judges what is told against what is. */
export async function runCell(cell: Cell): Promise<Outcome> {
  const { machine, change, trouble, seed } = cell;
  const time = new VirtualTime(START);
  const router = simRouter(machine, { time, seed });
  const old = configurationOf(router);
  const servers = String(router.rows("/ip/dns")[0]?.["servers"] ?? "");
  trouble.prepare?.(router, time);
  const confirm = trouble.confirm ?? "auto";
  const store = new MemoryPushStore(() => time.now());
  const token = (0x1_0000_0000 + seed * 7919).toString(16).padStart(10, "0");
  store.create(newRecord("push", token, requestOf(change, router, confirm)));
  let wasUnknown = false;
  let lockedAt: number | null = null;
  let seenMs: number | null = null;
  let backMs: number | null = null;
  const watch = () => {
    const isIn = !router.isUp || isReachable(router);
    if (lockedAt === null && !isIn) lockedAt = time.now();
    if (lockedAt !== null && isIn && router.isUp) backMs = time.now() - lockedAt;
    if (backMs === null && time.now() < START + HOUR) time.setTimeout(watch, 100);
  };
  if (change.locksOut) watch();
  const world: World = {
    router,
    time,
    store,
    counts: { saves: 0, commands: 0 },
    hasExport: trouble.hasExport ?? true,
    tiers: cell.tier === "safe_mode" ? undefined : [cell.tier],
    probe: probeDns(router, servers),
    hooks: {
      ...trouble.hooks,
      async save(worker, when, record, n) {
        if (record.state === "unknown") wasUnknown = true;
        if (record.state === "reverting" && lockedAt !== null) seenMs ??= time.now() - lockedAt;
        if (when === "after" && record.state === "applied" && trouble.decide) {
          store.decide("push", { action: trouble.decide, actor: "ann", at: time.now() });
        }
        await trouble.hooks?.save?.(worker, when, record, n);
      },
    },
  };
  const others = trouble.other ? startOther(cell, world, router, time) : undefined;
  const stuck = await operate(world, "push", cell);
  const otherEnd = others && await time.run(others);
  const record = store.read("push");
  const told = router.isUp ? configurationOf(router) : undefined;
  await time.advance(AFTERMATH_MS);
  const last = configurationOf(router);
  const happened: ("change" | "foreign" | "other")[] = [];
  if (otherEnd === "confirmed") happened.push("other");
  if (record.state === "confirmed") happened.push("change");
  const wanted = happened.length === 0 ? old : await intendedOf(cell, happened);
  const isForeign = trouble.foreign !== undefined && (trouble.didForeign?.() ?? false);
  const withForeign = isForeign ? await intendedOf(cell, [...happened, "foreign"]) : wanted;
  const wrong = stuck !== null
    ? stuck
    : trouble.endsAs !== undefined && trouble.endsAs(change) !== record.state
    ? `${record.state} (${record.reason}), not ${trouble.endsAs(change)}`
    : told !== undefined && told !== last
    ? `changed after it was ${record.state}: ${firstDifference(told, last)}`
    : last !== wanted && last !== withForeign
    ? `${record.state}, but ${firstDifference(wanted, last)}`
    : isForeign && last === withForeign && record.state === "reverted" &&
        record.foreign.length === 0
    ? "what somebody else did is not told"
    : null;
  const left = leftovers(router);
  return {
    end: record.state as Outcome["end"],
    tier: record.tier,
    wasUnknown,
    wrong,
    armed: left.length > 0 ? left.join(", ") : null,
    ...{ record, seenMs, backMs },
  };
}

/** The job runner: workers one after the other until the push has ended. */
async function operate(
  world: World,
  id: string,
  { machine, change, trouble, seed }: Cell,
): Promise<string | null> {
  const { time, router } = world;
  const store = world.store as MemoryPushStore;
  const startedMs = time.now();
  let isHelped = false;
  while (time.now() - startedMs < LONGEST_MS) {
    const worker = new Worker(world);
    const driving = drivePush(id, worker.deps);
    const end = await time.run(Promise.race([driving, worker.died.then(() => undefined)]));
    if (ENDED_PUSHES.includes(store.read(id).state)) return null;
    await time.advance(end?.again ?? PUSH_LEASE_MS + 5_000);
    if (!isHelped && time.now() - startedMs > HOUR / 2) {
      isHelped = true;
      trouble.onSite?.(router);
      // Where nothing on the router helps, somebody goes there.
      if (!isReachable(router)) {
        const net = store.read(id).plan?.net;
        if (net === "script" || net === "backup") return "nothing on the router took it back";
        change.undo?.(router, simRouter(machine, { time, seed }));
      }
    }
  }
  const { state, reason } = store.read(id);
  return `not over after ${LONGEST_MS / HOUR} h: ${state}, ${reason}`;
}

const isReachable = (router: SimRouter) =>
  admits(
    router,
    { from: "10.255.0.1", to: managementAddress(router), port: 8728 },
    "new",
  ) === "accept";

async function startOther(cell: Cell, world: World, router: SimRouter, time: VirtualTime) {
  const isSame = cell.trouble.other === "same manager";
  const store = isSame ? world.store as MemoryPushStore : new MemoryPushStore(() => time.now());
  store.create(newRecord("other", "fedcba9876", requestOf(OTHER, router, "auto")));
  const mine: World = { ...world, store, hooks: {}, counts: { saves: 0, commands: 0 } };
  for (let tries = 0; tries < 200; tries++) {
    const worker = new Worker(mine);
    await drivePush("other", worker.deps);
    const { state } = store.read("other");
    if (ENDED_PUSHES.includes(state)) return state;
    await time.sleep(5_000);
  }
  return store.read("other").state;
}
