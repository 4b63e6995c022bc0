import type { PushTier } from "@/core/contract/pushes.ts";
import { drivePush } from "@/core/push/drive_push.ts";
import type { PushDeps } from "@/core/push/deps.ts";
import { systemClock } from "@/core/ports/clock.ts";
import { connectionOf, linkFailure } from "@/core/router_link/session_connection.ts";
import { RouterosSession } from "@/core/wire/routeros/mod.ts";
import { admits, managementAddress } from "@/tools/sim/admission.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import type { SimRouter } from "@/tools/sim/router.ts";
import { CHANGES } from "./changes.ts";
import { configurationOf } from "./configuration.ts";
import { MemoryPushStore } from "./memory_store.ts";
import { newRecord, requestOf } from "./run_cell.ts";

export interface Measured {
  readonly label: string;
  readonly end: string;
  readonly seenMs: number;
  readonly backMs: number;
  readonly isOld: boolean;
  readonly boots: number;
  readonly reason: string | null;
}

const CASES: readonly [version: string, tier: PushTier][] = [
  ["6.49.13", "script"],
  ["7.18.2", "safe_mode"],
  ["7.24.2", "safe_mode"],
  ["7.24.2", "script"],
];

/** Lock-outs on sockets of this machine, by its own clock, all at once: half a minute. */
export async function measureLockOuts(): Promise<Measured[]> {
  const changes = CHANGES.filter(({ locksOut }) => locksOut);
  const cases = CASES.flatMap(([version, tier]) =>
    changes.map((change) => ({ version, tier, change }))
  );
  return await Promise.all(cases.map(async ({ version, tier, change }, at) => {
    await using fleet = await startFleet({ routers: [{ board: "hex", version }], guarded: true });
    const { address, port, username, password, router } = fleet.routers[0]!;
    const old = configurationOf(router);
    const store = new MemoryPushStore(() => Date.now());
    let [lockedAt, seenAt, backAt] = [0, 0, 0];
    const deps: PushDeps = {
      clock: systemClock,
      log: quiet,
      store,
      link: {
        open: () =>
          RouterosSession.open({
            ...{ address, port, username, password, tls: { mode: "plain" } },
            ...{ connectTimeoutMs: 5_000, loginTimeoutMs: 5_000 },
          }).then(connectionOf, (error) => {
            throw linkFailure(error);
          }),
      },
      exportText: () => Promise.resolve(undefined),
      probe: () => Promise.resolve({ ok: true, detail: "" }),
      onChanged: ({ state }) => {
        if (state === "reverting") seenAt ||= performance.now();
      },
      ...(tier !== "safe_mode" && { tiers: [tier] }),
    };
    const watching = setInterval(() => {
      const isIn = isReachable(router);
      if (!isIn) lockedAt ||= performance.now();
      if (isIn && lockedAt) backAt ||= performance.now();
    }, 20);
    const token = (0xabc0000000 + at).toString(16);
    store.create(newRecord("push", token, requestOf(change, router, "auto")));
    const { state } = await drivePush("push", deps);
    clearInterval(watching);
    return {
      label: `${version} ${tier}, ${change.name}`,
      end: state ?? "lost",
      seenMs: seenAt - lockedAt,
      backMs: backAt - lockedAt,
      isOld: configurationOf(router) === old,
      boots: router.boots,
      reason: store.read("push").reason,
    };
  }));
}

const isReachable = (router: SimRouter) =>
  admits(router, { from: "10.255.0.1", to: managementAddress(router), port: 8728 }, "new") ===
    "accept";

const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => quiet,
};
