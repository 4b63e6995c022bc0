import { type Row, valueAt } from "./live.ts";
import { after, before } from "./moments.ts";
import type { Action, Actor, Menu, Task } from "./menu.ts";
import { useTool, watch } from "./monitoring.ts";
import { checkPrint, selectRows } from "./printing.ts";
import type { Request } from "./request.ts";
import type { SimRouter } from "./router.ts";
import { rowWords, Template } from "./template.ts";
import { parseSeconds } from "./seconds.ts";
import {
  noSuchCommand,
  noSuchItem,
  noSuchPrefix,
  notPermitted,
  Trap,
  unknownParameter,
} from "./trap.ts";
import { write } from "./writing.ts";

/** What a command leads to. */
export type Result =
  | {
    kind: "rows";
    rows: Row[];
    saysEmpty: boolean;
    renewMs?: number | undefined;
    isVolatile: boolean;
  }
  | { kind: "ret"; ret: string | undefined }
  | { kind: "task"; task: Task }
  | Streamed;

/** Rows that come until `/cancel`, or for some rounds. */
export type Streamed =
  | { kind: "changes"; menu: Menu; first: Row[] }
  | {
    kind: "periodic";
    rows: (round: number) => Row[];
    everyMs: number;
    rounds: number;
    /** Its rows carry the number of their round, unless told. */
    hasSections?: boolean;
  };

/** The same, encoded where it is an answer. */
export type Outcome =
  | { kind: "answer"; template: Template }
  | { kind: "task"; task: Task }
  | Streamed;

const READING = new Set(["print", "getall", "get", "listen", "monitor", "monitor-traffic"]);
const CACHED_ANSWERS = 64;

interface Cached {
  readonly template: Template;
  readonly revision: number;
  readonly until: number;
}
const caches = new WeakMap<SimRouter, Map<string, Cached>>();

/** `!done` with a value, nothing before it. */
export function doneWith(router: SimRouter, ret?: string): Template {
  return new Template(
    [ret === undefined ? ["!done"] : ["!done", `=ret=${ret}`]],
    router.spec.tagPlace,
  );
}

/**
 * Carries a command out and encodes its answer; the answer to the same question is reused.
 *
 * @throws {Trap} when the router declines
 */
export function execute(router: SimRouter, request: Request, actor: Actor): Outcome {
  const cache = caches.get(router);
  const hit = cache?.get(request.key);
  if (hit && hit.revision === router.revision && router.now() < hit.until) {
    return { kind: "answer", template: hit.template };
  }
  const result = perform(router, request, actor);
  if (result.kind === "ret") return { kind: "answer", template: doneWith(router, result.ret) };
  if (result.kind !== "rows") return result;
  const template = answer(router, result.rows, result.saysEmpty);
  if (!result.isVolatile) remember(router, request.key, template, result.renewMs);
  return { kind: "answer", template };
}

/**
 * Carries a command out, whoever gave it: a session or a script.
 *
 * @throws {Trap} when the router declines
 * @throws {PowerGone} when a fault takes the router away before it answers
 */
export function perform(router: SimRouter, request: Request, actor: Actor): Result {
  if (router.faults.size === 0) return carryOut(router, request, actor);
  before(router, request.command, actor.isScript === true);
  const result = carryOut(router, request, actor);
  after(router, request.command);
  return result;
}

function carryOut(router: SimRouter, request: Request, actor: Actor): Result {
  const cut = request.command.lastIndexOf("/");
  const path = request.command.slice(0, cut);
  const verb = request.command.slice(cut + 1);
  const menu = router.tree.menus.get(path);
  if (!menu) throw router.tree.folders.has(path) ? noSuchCommand() : noSuchPrefix();
  const action = menu.actions?.[verb];
  if (action) return act(router, action, request, actor);
  const tool = menu.tools?.[verb];
  if (tool) {
    demand(actor, "test");
    return useTool(router, tool, request);
  }
  const monitor = menu.monitors?.[verb];
  if (monitor) return watch(router, menu, monitor, request);
  if (READING.has(verb) && !menu.isFolder) {
    demand(actor, "read");
    return read(router, menu, verb, request);
  }
  if (!menu.verbs?.includes(verb)) throw noSuchCommand();
  demand(actor, "write");
  if (menu.policy) demand(actor, menu.policy);
  menu.checkActor?.(actor, request.attributes);
  let ret: string | undefined;
  const steps = router.config.record(() => {
    ret = write(router, menu, verb, request.attributes);
  });
  const line = changeLine(path, verb, actor.name);
  router.history.record(line.slice(0, -` by ${actor.name}`.length), actor.name, steps);
  router.log("system,info", line);
  return { kind: "ret", ret };
}

function demand(actor: Actor, policy: string): void {
  if (!actor.policies.has(policy)) throw notPermitted();
}

function act(router: SimRouter, action: Action, request: Request, actor: Actor): Result {
  for (const policy of action.policies ?? ["write"]) demand(actor, policy);
  for (const name of request.attributes.keys()) {
    if (!action.accepts.includes(name)) throw unknownParameter(name);
  }
  const done = action.run(router, request.attributes, actor);
  if (!Array.isArray(done)) {
    return "task" in done ? { kind: "task", task: done.task } : { kind: "ret", ret: done.ret };
  }
  return { kind: "rows", rows: done, saysEmpty: false, isVolatile: true };
}

const CHANGES: Record<string, string> = { add: "added", remove: "removed", move: "moved" };
/** What RouterOS calls the rows of a menu in its log, where that is not the menu's name. */
const ITEMS: Record<string, string> = {
  "/ip/firewall/filter": "filter rule",
  "/ip/firewall/nat": "nat rule",
  "/interface": "device",
  "/system/identity": "system identity",
  "/system/logging": "log rule",
  "/system/logging/action": "log action",
};

/** "filter rule added by admin" */
function changeLine(path: string, verb: string, user: string): string {
  const item = ITEMS[path] ?? path.slice(path.lastIndexOf("/") + 1);
  return `${item} ${CHANGES[verb] ?? "changed"} by ${user}`;
}

function read(router: SimRouter, menu: Menu, verb: string, request: Request): Result {
  const { attributes, queries } = request;
  if (verb === "get") {
    return { kind: "ret", ret: get(router, menu, request) };
  }
  if (verb === "monitor" || verb === "monitor-traffic") throw noSuchCommand();
  checkPrint(menu, request, router.version);
  if (attributes.has("count-only")) {
    const isWhole = queries.length === 0 && menu.count;
    const count = isWhole
      ? menu.count!(router, router.now())
      : selectRows(router, menu, request).length;
    return { kind: "ret", ret: String(count) };
  }
  const isListen = verb === "listen" || attributes.has("follow-only");
  if (isListen || attributes.has("follow")) {
    return { kind: "changes", menu, first: isListen ? [] : selectRows(router, menu, request) };
  }
  if (attributes.has("interval")) {
    const everyMs = parseSeconds(attributes.get("interval")!) * 1_000;
    return {
      kind: "periodic",
      rows: () => selectRows(router, menu, request),
      everyMs,
      rounds: Infinity,
    };
  }
  return {
    kind: "rows",
    rows: selectRows(router, menu, request),
    saysEmpty: router.version.saysEmpty,
    isVolatile: menu.isFresh === true || queries.length > 0,
    renewMs: menu.renewMs,
  };
}

function answer(router: SimRouter, rows: Row[], saysEmpty: boolean): Template {
  const before = rows.length === 0 && saysEmpty ? [["!empty"]] : rows.map(rowWords);
  return new Template([...before, ["!done"]], router.spec.tagPlace);
}

function remember(router: SimRouter, key: string, template: Template, renewMs?: number): void {
  let cache = caches.get(router);
  if (!cache) caches.set(router, cache = new Map());
  if (cache.size >= CACHED_ANSWERS) cache.clear();
  const now = router.now();
  const until = renewMs ? (Math.floor(now / renewMs) + 1) * renewMs : Infinity;
  cache.set(key, { template, revision: router.revision, until });
}

function get(router: SimRouter, menu: Menu, request: Request): string {
  const { attributes } = request;
  const rows = menu.viewOf ? menu.rows(router) : router.rows(menu.path);
  const wanted = attributes.get(".id") ?? attributes.get("number") ?? attributes.get("numbers");
  const row = menu.isSingle
    ? rows[0]
    : rows.find((candidate) => candidate[".id"] === wanted || candidate["name"] === wanted);
  if (!row) throw noSuchItem();
  const now = router.now();
  const property = attributes.get("value-name");
  if (property === undefined) {
    return Object.entries(row).filter(([name]) => !name.startsWith("$"))
      .map(([name, value]) => `${name}=${valueAt(value, now)}`).join(";");
  }
  const value = row[property];
  if (value === undefined || property.startsWith("$")) {
    throw new Trap("input does not match any value of value-name", 1);
  }
  return valueAt(value, now);
}
