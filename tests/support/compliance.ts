import { planChecks, takeDueChecks } from "@/core/config_checks/due.ts";
import { checkBatch, CheckMemory } from "@/core/compliance/check_batch.ts";
import { noteCounts } from "@/core/compliance/counts.ts";
import { deviceCompliance } from "@/core/compliance/device_compliance.ts";
import { ensureLibrary } from "@/core/compliance/library_sync.ts";
import { listRules } from "@/core/compliance/rules.ts";
import { storeExport } from "@/core/configs/store_version.ts";
import type { RouterLink } from "@/core/router_link/link.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import type { Scope } from "@/core/scope.ts";
import { openInventory } from "./inventory.ts";

/** An inventory whose configurations are stored and looked at by hand, with a clock that is turned. */
export async function openCompliance() {
  const test = await openInventory();
  const { db, acme, scope } = test;
  let now = Date.now();
  const clock = { ...test.platform.clock, now: () => now };
  const platform = { ...test.platform, clock };
  const link: RouterLink = remoteLink({ db, rpc: platform.rpc });
  const memory = new CheckMemory(platform.kms);
  const check = async () => {
    let kept = 0;
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const due = await takeDueChecks(db, 50, 300);
      if (due.length === 0) {
        await noteCounts(db, acme);
        return kept;
      }
      for (const [tenantId, checks] of Map.groupBy(due, (one) => one.tenantId)) {
        kept += await checkBatch({ ...platform, link }, memory, tenantId, checks);
      }
    }
    throw new Error("there is no end of reasons to look");
  };
  return {
    ...test,
    ...{ platform, check, memory, link },
    pass: (ms: number) => now += ms,
    store: (deviceId: string, text: string) => {
      now += 1_000; // versions of the same moment have no order
      return storeExport(platform, {
        ...{ tenantId: acme, deviceId, text, trigger: "manual", actor: "user:test" },
      });
    },
    library: async () => {
      await ensureLibrary(db, acme);
      await planChecks(db, acme);
    },
    ruleOf: async (key: string, by: Scope = scope) =>
      (await listRules(by)).find(({ libraryKey }) => libraryKey === key)!,
    resultOf: async (deviceId: string, key: string) => {
      const rule = (await listRules(scope)).find(({ libraryKey }) => libraryKey === key)!;
      const { rules } = await deviceCompliance(scope, deviceId);
      return rules.find(({ ruleId }) => ruleId === rule.id)?.result;
    },
    events: async (kind: string) =>
      (await test.admin<{ message: string }[]>`
        select message from events where kind = ${kind} order by id`)
        .map(({ message }) => message),
  };
}
