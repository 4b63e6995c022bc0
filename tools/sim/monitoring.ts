import type { Result } from "./command.ts";
import type { Menu, Monitor, Tool } from "./menu.ts";
import type { Request } from "./request.ts";
import type { SimRouter } from "./router.ts";
import { parseSeconds } from "./seconds.ts";
import { noSuchItem, notPermitted, Trap, unknownParameter } from "./trap.ts";

/** Starts what measures or tries something. */
export function useTool(router: SimRouter, tool: Tool, { attributes }: Request): Result {
  if (router.fault("no-test-policy")) throw notPermitted();
  for (const name of attributes.keys()) {
    if (!tool.accepts.includes(name)) throw unknownParameter(name);
  }
  const missing = tool.needs.find((name) => !attributes.has(name));
  if (missing) throw new Trap(`missing =${missing}=`, 1);
  const run = tool.start(router, attributes);
  if ("ret" in run) return { kind: "ret", ret: run.ret };
  const { everyMs, rounds, hasSections } = run;
  const rows = (round: number) => run.rows(round, router.now());
  return { kind: "periodic", rows, everyMs, rounds, hasSections };
}

/** Reports on rows, once or round by round. */
export function watch(router: SimRouter, menu: Menu, monitor: Monitor, request: Request): Result {
  const { attributes } = request;
  const wanted = attributes.get(monitor.names) ?? attributes.get("numbers") ??
    attributes.get(".id");
  if (wanted === undefined) throw new Trap(`missing =${monitor.names}=`, 1);
  const all = menu.viewOf ? menu.rows(router) : router.rows(menu.path);
  // A monitor may need what the view hides, so it is given the row behind it.
  const behind = menu.viewOf ? router.rows(menu.viewOf) : all;
  const chosen = wanted.split(",").map((name) => {
    const shown = all.find((row) => row["name"] === name || row[".id"] === name);
    const row = shown && behind.find((candidate) => candidate[".id"] === shown[".id"]);
    if (!row) {
      throw monitor.names === "interface"
        ? new Trap("input does not match any value of interface", 1)
        : noSuchItem();
    }
    return row;
  });
  const list = attributes.get(".proplist") ?? attributes.get("proplist");
  const names = list?.split(",");
  const rows = () =>
    chosen.map((row) => {
      const report = monitor.report(router, row, router.now());
      if (!names) return report;
      return Object.fromEntries(
        names.filter((name) => name in report).map((name) => [name, report[name]!]),
      );
    });
  if (attributes.has("once")) {
    return { kind: "rows", rows: rows(), saysEmpty: router.version.saysEmpty, isVolatile: true };
  }
  const everyMs = parseSeconds(attributes.get("interval") ?? "1") * 1_000;
  const duration = attributes.get("duration");
  const rounds = duration
    ? Math.max(1, Math.ceil(parseSeconds(duration) * 1_000 / everyMs))
    : Infinity;
  return { kind: "periodic", rows, everyMs, rounds };
}
