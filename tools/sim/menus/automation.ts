import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Action, Actor, Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";
import { run } from "../tasks.ts";
import { scriptTask } from "../script/start.ts";
import { dateTime } from "../text.ts";
import { noSuchItem, notPermitted, Trap } from "../trap.ts";
import { LIST_VERBS } from "./ip.ts";
import type { Version } from "../version.ts";

const POLICY = "ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon";

/** Nobody leaves behind what may do more than he himself. */
function checkPolicies(actor: ReadonlySet<string>, wanted: string): void {
  for (const policy of wanted.split(",").filter(Boolean)) {
    if (!actor.has(policy)) throw notPermitted();
  }
}

function checkActor(actor: Actor, attributes: ReadonlyMap<string, string>): void {
  checkPolicies(actor.policies, attributes.get("policy") ?? "");
}

/** Scripts, jobs, and what runs a text or a file. */
export function automationMenus(_board: Board, version: Version): Menu[] {
  return [
    {
      path: "/system/script",
      verbs: LIST_VERBS.filter((verb) => verb !== "enable" && verb !== "disable"),
      settable: ["comment", "dont-require-permissions", "name", "owner", "policy", "source"],
      defaults: { "dont-require-permissions": "false", policy: POLICY, source: "" },
      needs: ["name"],
      taken: "failure: item with this name already exists",
      checkActor,
      rows: () => [],
      actions: { run: runScript },
    },
    {
      path: "/system/scheduler",
      verbs: LIST_VERBS,
      defaults: { interval: "0s", policy: POLICY, "on-event": "" },
      needs: ["name"],
      taken: "failure: item with this name already exists",
      checkActor,
      rows: () => [],
      isFresh: true,
      derive: startOf,
      show: shownJob,
      touched: (router) => router.scheduler.plan(),
    },
    {
      path: "",
      isFolder: true,
      rows: () => [],
      actions: {
        execute: version.major >= 7 ? executeSeven : executeSix,
        import: importFile(version),
      },
    },
  ];
}

/** When a job starts that was not told when: now, by the router's clock. */
function startOf(router: SimRouter, row: Row, before?: Row) {
  const { date, time } = dateTime(router.clock(), router.version.hasIsoDates);
  const told = before
    ? row["start-date"] !== before["start-date"] || row["start-time"] !== before["start-time"] ||
      row["$start"] === "told"
    : row["start-date"] !== undefined || row["start-time"] !== undefined;
  const start = row["start-time"];
  if (start !== undefined && start !== "startup" && !/^\d\d:\d\d:\d\d$/.test(String(start))) {
    throw new Trap("invalid value for argument start-time", 1);
  }
  return {
    "start-date": String(row["start-date"] ?? date),
    "start-time": String(row["start-time"] ?? time),
    $start: told ? "told" : "default",
  };
}

/** A job with when it runs next; one that device-mode forbids says so, and has no next run. */
function shownJob(router: SimRouter, row: Row): Row {
  const next = router.scheduler.nextRun(row);
  return {
    ...row,
    ...(next === undefined ? {} : { "next-run": next }),
    "run-count": router.scheduler.runCount(row),
    ...(router.scheduler.isAllowed ? {} : { comment: "inactivated, not allowed by device-mode" }),
  };
}

const runScript: Action = {
  accepts: ["number", "numbers", ".id"],
  policies: ["read", "test"],
  run(router, attributes, actor) {
    const wanted = attributes.get("number") ?? attributes.get("numbers") ?? attributes.get(".id");
    const row = router.config.rows("/system/script")
      .find((script) => script["name"] === wanted || script[".id"] === wanted);
    if (!row) throw noSuchItem();
    if (row["dont-require-permissions"] !== "true") {
      checkPolicies(actor.policies, String(row["policy"]));
    }
    return { task: quiet(scriptTask(router, String(row["source"] ?? ""), actor)) };
  },
};

function* quiet(task: Generator<number, string | undefined>): Generator<number, undefined> {
  yield* task;
  return undefined;
}

/** How long it takes until a background script gets its turn. */
const TURN_MS = 20;

function inBackground(router: SimRouter, source: string, actor: Actor, file?: string): void {
  const { boots } = router;
  const own: Actor = { ...actor, holder: undefined, isScript: true, hangUp: () => {} };
  router.time.setTimeout(() => {
    if (router.boots !== boots) return;
    const end = (error: unknown, said?: string) => {
      if (error instanceof Trap) router.log("script,error", `script error: ${error.message}`);
      else if (file !== undefined) router.files.write(textName(file), said ?? "");
    };
    try {
      run(router, scriptTask(router, source, own), end);
    } catch (error) {
      end(error);
    }
  }, TURN_MS);
}

const textName = (file: string) => /\.[a-z]+$/.test(file) ? file : `${file}.txt`;

/** Version 6 and, unless asked for the text, 7: the script runs on, and its job's id comes at once. */
const executeSix: Action = {
  accepts: ["script", "file"],
  policies: ["read", "write", "test"],
  run(router, attributes, actor) {
    inBackground(router, attributes.get("script") ?? "", actor, attributes.get("file"));
    return { ret: router.newId() };
  },
};

const executeSeven: Action = {
  accepts: ["script", "file", "as-string"],
  policies: ["read", "write", "test"],
  run(router, attributes, actor) {
    if (!attributes.has("as-string")) return executeSix.run(router, attributes, actor);
    return { task: scriptTask(router, attributes.get("script") ?? "", actor) };
  },
};

/** Line by line, what went well before an error stays; a text that is no script changes nothing. */
function importFile(version: Version): Action {
  const hasDryRun = version.atLeast("7.16");
  return {
    accepts: ["file-name", "from-line", "verbose", ...(hasDryRun ? ["dry-run"] : [])],
    policies: ["read", "write"],
    run(router, attributes, actor) {
      const name = attributes.get("file-name");
      if (name === undefined) throw new Trap("missing =file-name=", 1);
      const text = router.files.read(name);
      if (text === undefined) throw new Trap("failure: can not open import file", 4);
      const from = Number(attributes.get("from-line") ?? 1);
      const lines = text.split("\n").map((line, i) => i + 1 < from ? "" : line);
      const task = scriptTask(router, lines.join("\n"), actor);
      if (isOn(attributes.get("dry-run"))) {
        if (!isOn(attributes.get("verbose"))) {
          throw new Trap("failure: dry-run requires verbose", 4);
        }
        return { ret: undefined };
      }
      return { task: quiet(task) };
    },
  };
}

const isOn = (value: string | undefined) => value === "" || value === "yes" || value === "true";
