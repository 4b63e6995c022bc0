import { deepEqual } from "node:assert/strict";
import { diffExports } from "@/core/configs/semantic_diff.ts";
import { normalise } from "@/core/config_plan/normalise.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { printChange } from "@/core/config_plan/print_script.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { drivePush } from "@/core/push/drive_push.ts";
import { send } from "@/core/push/effects.ts";
import { readMenu } from "@/core/push/menu_rows.ts";
import type { PushRecord, ResolvedCommand } from "@/core/push/record.ts";
import { resolveCommands, touchedMenus } from "@/core/push/resolve.ts";
import type { RouterConnection } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { connectDirectly, simRouter } from "@/tools/sim/direct.ts";
import { exportText } from "@/tools/sim/export.ts";
import type { SimRouter } from "@/tools/sim/router.ts";
import { VirtualTime } from "@/tools/sim/time.ts";
import { silentLog } from "./support/log.ts";
import { randomPair, USUAL_SECTIONS } from "./support/random_config.ts";

const PAIRS = Number(Deno.env.get("TOD_SIM_PAIRS") ?? 10);
const SEED = Number(Deno.env.get("TOD_SEED") ?? Math.floor(Math.random() * 1e6));

for (const version of ["7.18.2", "6.49.10"]) {
  Deno.test(`a simulated RouterOS ${version} that holds A exports B after the plan: ${PAIRS} pairs from seed ${SEED}`, async () => {
    const started = performance.now();
    let commands = 0;
    for (let seed = SEED; seed < SEED + PAIRS; seed += 1) {
      const [a, b] = randomPair(seed, sectionsOf(version)).map((text) =>
        manageable(version.startsWith("6.") ? text.replaceAll("2026-11-25", "nov/25/2026") : text)
      );
      const time = new VirtualTime(Date.UTC(2026, 10, 25, 12));
      const router = simRouter({ board: "hex", version }, { time, seed: 1 });
      commands += await time.run((async () => {
        const connection = await connectDirectly(router) as RouterConnection;
        await letIn(connection);
        const carry = (plan: readonly ConfigCommand[]) => carryOut(connection, plan);
        const first = await become(router, a!, seed, carry);
        const second = await become(router, b!, seed, carry);
        await connection.close();
        return first + second;
      })());
    }
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${version}: ${PAIRS} pairs from seed ${SEED}, ${commands} commands, ${seconds} s`);
  });
}

Deno.test("a push of a plan is confirmed, and the router exports what was wanted", async () => {
  const pairs = Math.max(2, Math.round(PAIRS / 5));
  let commands = 0;
  for (let seed = SEED; seed < SEED + pairs; seed += 1) {
    const [, wanted] = randomPair(seed, USUAL_SECTIONS).map(manageable);
    const time = new VirtualTime(Date.UTC(2026, 10, 25, 12));
    const router = simRouter({ board: "hex", version: "7.18.2" }, { time, seed: 1 });
    commands += await time.run((async () => {
      const connection = await connectDirectly(router) as RouterConnection;
      await letIn(connection);
      await connection.close();
      return await become(router, wanted!, seed, (plan) => push(router, time, plan));
    })());
  }
  console.log(`${pairs} pushes from seed ${SEED}, ${commands} commands`);
});

/** Version 6 has no WireGuard, and no tables of its own for routes. */
function sectionsOf(version: string) {
  if (!version.startsWith("6.")) return USUAL_SECTIONS;
  const sections = USUAL_SECTIONS.filter((one) => one !== "route" && one !== "wireguard");
  return [...sections, "plainRoute" as const];
}

const MANAGER = "10.255.0.1";

/** The first rule lets the manager in whatever the others say. */
async function letIn(connection: RouterConnection): Promise<void> {
  const { rows } = await connection.run("/ip/firewall/filter/print", { proplist: [".id"] });
  await connection.run("/ip/firewall/filter/add", {
    attributes: {
      ...{ chain: "input", action: "accept", "src-address": MANAGER, comment: "manager" },
      "place-before": rows[0]![".id"]!,
    },
  });
}

/** The same configuration with a way for the manager: address, route, rule and a port of its own. */
function manageable(text: string): ExportEntry[] {
  const { entries } = parseExport(text);
  const port = entries.find(({ selector }) =>
    selector?.kind === "find" && selector.where[0]!.value === "ether1"
  );
  const name = port?.attributes.find((one) => one.name === "name")?.value ?? "ether1";
  const kept = entries.filter((entry) =>
    !(entry.menu === "/interface/bridge/port" &&
      entry.attributes.some((one) => one.name === "interface" && one.value === name))
  ).map((entry) =>
    entry === port
      ? { ...entry, attributes: entry.attributes.filter((one) => one.name !== "disabled") }
      : entry
  );
  const way = parseExport(
    `/ip firewall filter\nadd action=accept chain=input comment=manager src-address=${MANAGER}\n` +
      `/ip address\nadd address=10.64.0.1/24 interface="${name}" network=10.64.0.0\n` +
      `/ip route\nadd comment=manager dst-address=10.255.0.0/16 gateway=10.64.0.254\n`,
  );
  return [...way.entries, ...kept];
}

/** Plans from what the router exports now, carries it out, and compares what it exports then. */
async function become(
  router: SimRouter,
  wanted: ExportEntry[],
  seed: number,
  carry: (commands: readonly ConfigCommand[]) => Promise<void>,
): Promise<number> {
  const plan = planChanges(exported(router), wanted);
  const told = () =>
    [
      `TOD_SEED=${seed}`,
      ...plan.cannot.map((one) => JSON.stringify(one)),
      ...plan.commands.map(tell),
    ]
      .join("\n");
  deepEqual(plan.cannot, [], told());
  try {
    await carry(plan.commands);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${told()}`, { cause: error });
  }
  const left = diffExports(normalise(exported(router)), normalise(wanted))
    .map(({ kind, menu, label, attributes, before, after }) => ({
      ...{ kind, menu, label, attributes },
      ...(attributes.length === 0 && { before, after }),
    }));
  deepEqual(left, [], `${JSON.stringify(left, null, 1)}\n${told()}`);
  return plan.commands.length;
}

const tell = (command: ConfigCommand) => `${command.menu} ${printChange(command)}`;

function exported(router: SimRouter): ExportEntry[] {
  const { entries, problems } = parseExport(
    exportText(router, { isTerse: false, hasSecrets: true }),
  );
  deepEqual(problems, []);
  return [...entries];
}

/** As a push does, on one connection and without its nets. */
async function carryOut(
  connection: RouterConnection,
  commands: readonly ConfigCommand[],
): Promise<void> {
  const menus = [];
  for (const menu of touchedMenus(commands)) menus.push(await readMenu(connection, menu));
  const ids = new Map<string, string>();
  const real = (id: string | null) => id === null ? null : ids.get(id) ?? id;
  for (const [at, command] of resolveCommands(commands, menus).entries()) {
    const withIds = {
      ...command,
      ...("id" in command && { id: real(command.id) }),
      ...("before" in command && { before: real(command.before) }),
    } as ResolvedCommand;
    try {
      const id = await send(connection, withIds);
      if (id !== undefined) ids.set(`+${at}`, id);
    } catch (error) {
      throw new Error(`${at}: ${tell(commands[at]!)}: ${(error as Error).message}`);
    }
  }
}

/** The engine of pushes with all its nets, on a clock that runs as fast as it can. */
async function push(
  router: SimRouter,
  time: VirtualTime,
  commands: readonly ConfigCommand[],
): Promise<void> {
  const tenantId = "00000000-0000-4000-8000-0000000000aa" as TenantId;
  const deviceId = "00000000-0000-4000-8000-0000000000bb";
  let record: PushRecord = {
    ...{ id: "one", token: "0123456789", tenantId, deviceId, state: "draft" },
    request: {
      ...{ deviceId, title: "plan", source: { kind: "restore", id: null }, probes: [] },
      ...{ commands: [...commands], confirm: "auto", windowSeconds: 120, typedName: null },
    },
    ...{ aim: null, tier: null, plan: null, evidence: null, decision: null, confirmBy: null },
    ...{ reason: null, foreign: [], timeline: [] },
  };
  await drivePush("one", {
    store: {
      take: () => Promise.resolve({ record, epoch: 1 }),
      save: (next) => Promise.resolve(void (record = structuredClone(next))),
      renew: () => Promise.resolve({ decision: null }),
      release: () => Promise.resolve(),
    },
    link: { open: async () => await connectDirectly(router) as RouterConnection },
    clock: {
      now: () => time.now(),
      monotonic: () => time.now(),
      sleep: (ms, signal) =>
        signal?.aborted ? Promise.resolve() : time.sleep(ms, signal).catch(() => {}),
    },
    log: silentLog,
    exportText: () => Promise.resolve(exportText(router, { isTerse: true, hasSecrets: true })),
    probe: () => Promise.resolve({ ok: true, detail: "" }),
    onChanged: () => {},
  });
  deepEqual([record.state, record.reason], ["confirmed", null]);
}
