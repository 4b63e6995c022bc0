import type { Board } from "../boards.ts";
import { type Row, wander } from "../live.ts";
import type { Action, Menu } from "../menu.ts";
import { between, hash, pick } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { dateTime, parseDateTime } from "../text.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { clockRow, releaseOf, softwareId } from "./ip.ts";

function resource(router: SimRouter): Row {
  const { board, seed, version } = router;
  const free = between(35, 70, seed, "memory") / 100;
  const gauge = (low: number, high: number, salt: number) => (now: number) =>
    String(Math.round(wander(low, high, seed + salt, now)));
  const busy = between(3, 45, seed, "load");
  return {
    uptime: (now) => router.uptime(now),
    version: releaseOf(router),
    "build-time": version.hasIsoDates ? "2026-03-11 11:59:04" : "Mar/11/2026 11:59:04",
    ...(board.isChr ? {} : { "factory-software": board.since }),
    "free-memory": gauge(board.memoryBytes * free * 0.94, board.memoryBytes * free, 1),
    "total-memory": String(board.memoryBytes),
    cpu: board.cpu,
    "cpu-count": String(board.cpuCount),
    "cpu-frequency": String(board.cpuMhz),
    "cpu-load": gauge(1, busy * 2, 2),
    "free-hdd-space": () => String(router.files.freeBytes),
    "total-hdd-space": String(board.diskBytes),
    "write-sect-since-reboot": router.counter("", "sectors", 0.02),
    "write-sect-total": router.counter("", "sectors", 0.02, between(9_000, 800_000, seed, "sect")),
    ...(board.isChr ? {} : { "bad-blocks": "0" }),
    "architecture-name": board.architecture,
    "board-name": board.name,
    platform: "MikroTik",
  };
}

function healthValues(router: SimRouter): [name: string, type: string, value: Row[string]][] {
  const { board, seed } = router;
  const gauge = (low: number, high: number, digits: number, salt: number) => (now: number) =>
    wander(low, high, seed + salt, now).toFixed(digits);
  const warm = between(32, 52, seed, "warm");
  const values: [string, string, Row[string]][] = [];
  if (board.hasVoltage) values.push(["voltage", "V", gauge(23.6, 24.4, 1, 11)]);
  values.push(["temperature", "C", gauge(warm, warm + 7, 0, 12)]);
  if (board.cpuMhz >= 1_000) {
    values.push(["cpu-temperature", "C", gauge(warm + 6, warm + 16, 0, 13)]);
  }
  for (let fan = 1; fan <= board.fans; fan++) {
    const isStuck = hash(seed, "fan", fan) % 60 === 0;
    values.push([`fan${fan}-speed`, "RPM", isStuck ? "0" : gauge(3_600, 5_400, 0, 20 + fan)]);
  }
  for (let psu = 1; psu <= board.psus; psu++) {
    if (board.psus > 1) {
      values.push([`psu${psu}-state`, "", hash(seed, "psu", psu) % 25 === 0 ? "fail" : "ok"]);
    }
    values.push([`psu${psu}-voltage`, "V", gauge(11.9, 12.2, 1, 30 + psu)]);
  }
  if (board.poeOut.length > 4) values.push(["poe-out-consumption", "W", gauge(18, 95, 1, 40)]);
  return values;
}

/** One row of names under 6; a row a reading under 7; nothing to read on a virtual machine. */
function health(board: Board, version: Version): Menu {
  const readings = (router: SimRouter) => board.isChr ? [] : healthValues(router);
  if (version.major === 6) {
    return {
      path: "/system/health",
      isSingle: true,
      rows: (router) => {
        const row: Row = {};
        for (const [name, , value] of readings(router)) row[name] = value;
        return board.isChr ? [] : [row];
      },
    };
  }
  return {
    path: "/system/health",
    rows: (router) =>
      readings(router).map(([name, type, value], i) => ({
        ".id": `*${(i + 13).toString(16).toUpperCase()}`,
        name,
        value,
        type,
      })),
  };
}

export function serialNumber(router: SimRouter): string {
  return hash(router.seed, "serial").toString(36).toUpperCase().padStart(7, "H") + "X" +
    (router.spec.index % 100).toString().padStart(2, "0");
}

function routerboard(board: Board): Menu[] {
  if (board.isChr) {
    return [{
      path: "/system/routerboard",
      isSingle: true,
      rows: () => [{ routerboard: "false" }],
    }];
  }
  return [{
    path: "/system/routerboard",
    isSingle: true,
    rows: (router) => {
      const isBehind = hash(router.seed, "firmware") % 4 === 0;
      return [{
        routerboard: "true",
        "board-name": board.name,
        model: board.model,
        "serial-number": serialNumber(router),
        "firmware-type": board.firmwareType,
        "factory-firmware": board.since,
        "current-firmware": isBehind ? board.since : router.version.text,
        "upgrade-firmware": router.version.text,
      }];
    },
  }];
}

function packages(router: SimRouter): Row[] {
  const { board, version } = router;
  const names = ["routeros"];
  if (version.major === 6) names.push("system", "security", "dhcp", "ppp", "routing", "wireless");
  else if (board.wifiPackage) {
    names.push(version.atLeast("7.13") ? board.wifiPackage : "wifiwave2");
  }
  return names.map((name, i) => ({
    ".id": `*${i + 1}`,
    name,
    version: version.text,
    ...(version.atLeast("7.18")
      ? { "build-time": "2026-03-11 11:59:04", available: "false", size: "12582912" }
      : { "build-time": "2026-03-11 11:59:04" }),
    bundle: "",
    scheduled: "",
    disabled: "false",
  }));
}

const LATEST = "7.24.5";

function update(): Menu {
  const check: Action = {
    accepts: ["duration", "once", "interval"],
    policies: ["write"],
    run(router) {
      const row = router.edit("/system/package/update")[0]!;
      row["latest-version"] = LATEST;
      row["status"] = router.version.atLeast(LATEST)
        ? "System is already up to date"
        : "New version is available";
      router.changed("/system/package/update");
      return [{ ...row, ".section": "0" }];
    },
  };
  return {
    path: "/system/package/update",
    isSingle: true,
    verbs: ["set"],
    settable: ["channel"],
    rows: (router) => [{
      channel: router.version.major === 6 ? "long-term" : "stable",
      "installed-version": router.version.text,
      ...(hash(router.seed, "checked") % 3 === 0
        ? { "latest-version": LATEST, status: "New version is available" }
        : {}),
    }],
    actions: { "check-for-updates": check },
  };
}

function deviceMode(version: Version): Menu[] {
  if (version.major === 6) return [];
  return [{
    path: "/system/device-mode",
    isSingle: true,
    isFresh: true,
    rows: (router) => {
      const isHome = router.board.radios.length > 0 && version.atLeast("7.17");
      const open = String(!isHome);
      return [{
        mode: version.atLeast("7.17") ? isHome ? "home" : "advanced" : "enterprise",
        "allowed-versions": "7.13+,6.49.8+",
        flagged: "false",
        "flagging-enabled": "true",
        scheduler: router.fault("scheduler-inactivated") ? "false" : open,
        fetch: open,
        "bandwidth-test": open,
        container: "false",
        "attempt-count": "0",
      }];
    },
  }];
}

/** Date and time are not kept: they move the clock. */
function setClock(router: SimRouter, row: Row, before: Row | undefined): void {
  const wanted = typeof row["time"] === "string" || typeof row["date"] === "string";
  if (!wanted || !before) return;
  const now = router.clock();
  const iso = dateTime(now, true);
  const date = typeof row["date"] === "string" ? row["date"] : iso.date;
  const time = typeof row["time"] === "string" ? row["time"] : iso.time;
  const at = parseDateTime(date, time);
  if (at === undefined) throw new Trap("invalid value for argument date", 1);
  router.moveClock(at - now);
  row["date"] = before["date"]!;
  row["time"] = before["time"]!;
}

/** A reboot ends every connection, this one too, and comes back by itself. */
const reboot: Action = {
  accepts: [],
  policies: ["reboot"],
  run(router, _attributes, actor) {
    actor.hangUp();
    router.reboot();
    return [];
  },
};

export function systemMenus(board: Board, version: Version): Menu[] {
  return [
    { path: "/system/resource", isSingle: true, rows: (router) => [resource(router)] },
    {
      path: "/system/resource/cpu",
      rows: (router) =>
        Array.from({ length: board.cpuCount }, (_, i) => ({
          ".id": `*${i}`,
          cpu: `cpu${i}`,
          load: (now) => String(Math.round(wander(0, 60, router.seed + i, now))),
          irq: "0",
          disk: "0",
        })),
    },
    health(board, version),
    ...routerboard(board),
    {
      path: "/system/license",
      isSingle: true,
      rows: (router) => [
        board.isChr
          ? { "system-id": softwareId(router), level: pick(["p1", "p10", "free"], router.seed) }
          : { "software-id": softwareId(router), nlevel: "5", features: "" },
      ],
    },
    { path: "/system/package", rows: packages },
    update(),
    ...deviceMode(version),
    {
      path: "/system/clock",
      isSingle: true,
      verbs: ["set"],
      defaults: { "time-zone-autodetect": "true", "time-zone-name": "Etc/UTC" },
      check: setClock,
      rows: (router) => [clockRow(router)],
    },
    { path: "/system", isFolder: true, rows: () => [], actions: { reboot } },
  ];
}
