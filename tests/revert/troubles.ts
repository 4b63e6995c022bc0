import type { PushState } from "@/core/contract/pushes.ts";
import { connectDirectly } from "@/tools/sim/direct.ts";
import type { Moment } from "@/tools/sim/faults.ts";
import type { SimRouter } from "@/tools/sim/router.ts";
import type { Trouble } from "./run_cell.ts";
import type { Worker } from "./worker.ts";

/** A column of the matrix. `make` is called for each cell, as troubles count. */
export interface Column {
  readonly name: string;
  /** Several in one column: each is a cell. */
  readonly make: readonly (() => Trouble)[];
}

const STATES: readonly PushState[] = [
  "backed_up",
  "armed",
  "applied",
  "confirming",
  "reverting",
  "confirmed",
  "reverted",
];

/** Once, when a state is stored for the first time. */
function atState(
  state: PushState,
  when: "before" | "after",
  act: (worker: Worker, router: () => SimRouter) => Promise<void> | void,
): () => Trouble {
  return () => {
    let router: SimRouter;
    let isDone = false;
    return {
      prepare: (its) => {
        router = its;
      },
      hooks: {
        save: async (worker, at, record) => {
          if (isDone || at !== when || record.state !== state) return;
          isDone = true;
          await act(worker, () => router);
        },
      },
    };
  };
}

const die = (worker: Worker) => worker.die();

/** Dies before or after every state. */
const kills: Column[] = (["before", "after"] as const).map((when) => ({
  name: `killed ${when} a state`,
  make: STATES.map((state) => atState(state, when, die)),
}));

/** Dies in the middle of talking to the router. */
const killedInside: Column = {
  name: "killed between commands",
  make: [12, 25, 34, 42, 50, 60].map((nth) => () => ({
    hooks: { command: (worker, _, n) => n === nth ? worker.die() : undefined },
  })),
};

const reboots: Column = {
  name: "router reboots at a state",
  make: STATES.slice(0, 5).map((state) =>
    atState(state, "after", (_, router) => router().reboot())
  ),
};

const powerLosses: Column = {
  name: "power loss at a state",
  make: STATES.slice(0, 5).map((state) =>
    atState(state, "after", (_, router) => router().powerLoss({ offMs: 90_000 }))
  ),
};

const injecting = (...faults: Parameters<SimRouter["inject"]>[0][]) => (): Trouble => ({
  prepare: (router) => {
    // Anew for each: the simulator counts in them.
    for (const fault of faults) router.inject(structuredClone(fault));
  },
});

/** The commands of a change, whichever it is. */
const CHANGING = "/ip/";

const SAFE_MODE_MOMENTS: readonly Moment[] = [
  { command: "/ip/", nth: 2, when: "after" },
  { command: "/ip/", nth: 12, when: "before" },
  { command: "/safe-mode/release", when: "before" },
  { command: "/safe-mode/release", when: "after" },
  { command: "/system/scheduler/remove", when: "after" },
];

export const COLUMNS: readonly Column[] = [
  {
    name: "none",
    make: [
      () => ({ endsAs: ({ ends }) => ends }),
      () => ({ endsAs: ({ ends }) => ends, hasExport: false }),
      () => ({ endsAs: ({ ends }) => ends, confirm: "manual", decide: "confirm" }),
      () => ({ endsAs: () => "reverted", confirm: "manual", decide: "revert" }),
      () => ({ endsAs: () => "reverted", confirm: "manual", decide: null }),
    ],
  },
  ...kills,
  killedInside,
  reboots,
  powerLosses,
  {
    name: "link lost",
    make: (["silent", "reset"] as const).flatMap((how) =>
      [0, 15_000, 90_000].map((forMs) =>
        injecting({
          kind: "link-lost",
          at: { command: `${CHANGING}firewall/filter/set`, when: "after" },
          how,
          ...(forMs > 0 && { forMs }),
        }, {
          kind: "link-lost",
          at: { command: "/system/scheduler/remove", when: "after" },
          how,
          ...(forMs > 0 && { forMs }),
        })
      )
    ),
  },
  {
    name: "disarm fails",
    make: [1, 3, 100].map((times) =>
      injecting({ kind: "refuse-command", command: "/system/scheduler/remove", times })
    ),
  },
  {
    name: "clock wrong or jumping",
    make: [
      injecting({ kind: "clock-jump", byMs: 5 * 3_600_000 }),
      injecting({ kind: "clock-jump", byMs: -20_000 * 3_600_000 }),
      ...[7, -7].flatMap((hours) => [
        injecting({
          kind: "clock-jump",
          at: { command: "/system/scheduler/add", nth: 2, when: "after" },
          byMs: hours * 3_600_000,
        }),
        injecting({
          kind: "clock-jump",
          at: { command: CHANGING, when: "after" },
          byMs: hours * 3_600_000,
        }),
        atState(
          "armed",
          "after",
          (_, router) => router().inject({ kind: "clock-jump", byMs: hours * 3_600_000 }),
        ),
      ]),
    ],
  },
  { name: "flash full", make: [injecting({ kind: "flash-full" })] },
  { name: "jobs forbidden", make: [injecting({ kind: "scheduler-inactivated" })] },
  {
    name: "safe mode taken or released",
    make: SAFE_MODE_MOMENTS.flatMap((at) => [
      injecting({ kind: "safe-mode-released", at }),
      // Whoever took it is asked on the phone to leave it, in the one way or the other.
      () => ({
        ...injecting({ kind: "safe-mode-taken", at })(),
        onSite: (router) => router.history.owner && router.history.release(),
      }),
      () => ({
        ...injecting({ kind: "safe-mode-taken", at })(),
        onSite: (router) => router.history.owner && router.history.unroll(),
      }),
    ]),
  },
  {
    name: "countdown ends while it is disarmed",
    make: Array.from({ length: 16 }, (_, step) => slowToDisarm(14_200 + step * 200)),
  },
  { name: "history overflows", make: [crowd(0), crowd(40)] },
  {
    name: "two troubles at random",
    make: Array.from({ length: 30 }, (_, seed) => anything(seed + 1)),
  },
  {
    name: "two people at once",
    make: [() => ({ other: "same manager" }), () => ({ other: "another manager" })],
  },
  {
    name: "stale worker wakes",
    make: STATES.slice(0, 5).map((state) =>
      atState(state, "before", (worker) => worker.sleepThrough(400_000))
    ),
  },
  {
    name: "somebody else changes it",
    make: (["armed", "applied"] as const).map((state) => () => {
      let isDone = false;
      let router: SimRouter;
      const foreign = (its: SimRouter) => addForeign(its);
      return {
        foreign,
        didForeign: () => isDone,
        prepare: (its: SimRouter) => {
          router = its;
        },
        hooks: {
          save: (_: Worker, when: string, record: { state: PushState }) => {
            if (isDone || when !== "after" || record.state !== state) return;
            isDone = true;
            foreign(router);
          },
        },
      };
    }),
  },
];

/** Others fill the router's history, which then forgets what safe mode should take back. */
function crowd(nth: number): () => Trouble {
  return () => {
    let router: SimRouter;
    return {
      prepare: (its) => {
        router = its;
      },
      hooks: {
        command: async (_, command, n) => {
          if (n < nth || !command.startsWith("/ip/") || router.history.floating > 90) return;
          nth = Infinity;
          if (!router.isUp) return;
          const console = await connectDirectly(router, { address: MANAGER }).catch(() =>
            undefined
          );
          const run = (note: string) => console?.run("/system/note/set", { attributes: { note } });
          for (let i = 0; i < 60; i++) {
            await run("a");
            await run("");
          }
          await console?.close();
        },
      },
    };
  };
}

/** The manager is slow between the decision to keep the change and the first step of it. */
function slowToDisarm(ms: number): () => Trouble {
  return () => {
    let isKeeping = false;
    return {
      hooks: {
        save: (_, when, { state }) => {
          if (when === "after" && state === "confirming") isKeeping = true;
        },
        command: async (worker, command) => {
          if (!isKeeping || command !== "/system/scheduler/remove") return;
          isKeeping = false;
          await worker.sleepThrough(ms);
        },
      },
    };
  };
}

const MANAGER = "10.255.0.1";

/** Two things at random, at random commands: what nobody thought of. */
function anything(seed: number): () => Trouble {
  return () => {
    let state = seed * 2_654_435_761;
    const random = (below: number) => {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      return ((state ^ (state >>> 13)) >>> 0) % below;
    };
    let router: SimRouter;
    const acts: ((worker: Worker) => Promise<void> | void)[] = [
      (worker) => worker.die(),
      () => router.reboot(),
      () => router.powerLoss({ offMs: 20_000 }),
      () => router.loseLinks("reset"),
      () => router.loseLinks("silent"),
      () => {
        router.loseLinks("silent");
        router.closeWay(15_000 + random(120_000));
      },
      () => router.moveClock((random(2_000) - 1_000) * 60_000),
      (worker) => worker.sleepThrough(random(400_000)),
    ];
    const plan = new Map([0, 1].map(() => [14 + random(70), acts[random(acts.length)]!]));
    return {
      ...(random(3) === 0 && { confirm: "manual", decide: random(2) === 0 ? "confirm" : null }),
      hasExport: random(2) === 0,
      prepare: (its) => {
        router = its;
      },
      hooks: {
        command: async (worker, _, n) => await plan.get(n)?.(worker),
      },
    };
  };
}

/** In a menu that a change may touch, and an item that none does. */
function addForeign(router: SimRouter): void {
  router.edit("/ip/firewall/address-list").push({
    ...{ ".id": router.newId(), list: "foreign", address: "198.51.100.200" },
    ...{ dynamic: "false", disabled: "false" },
  });
}
