import { takeDueChecks } from "@/core/config_checks/due.ts";
import { checkBatch, CheckMemory } from "@/core/compliance/check_batch.ts";
import { noteCounts } from "@/core/compliance/counts.ts";
import { noteDay } from "@/core/compliance/days.ts";
import { addException } from "@/core/compliance/exceptions.ts";
import { ensureLibrary } from "@/core/compliance/library_sync.ts";
import { addPolicy } from "@/core/compliance/policies.ts";
import { addRule } from "@/core/compliance/rules.ts";
import { addGroupBaseline, chooseBaseline } from "@/core/drift/baselines.ts";
import { addIgnore } from "@/core/drift/ignores.ts";
import { addGroup } from "@/core/groups/groups.ts";
import { changeMembers } from "@/core/groups/members.ts";
import type { Platform } from "@/core/platform.ts";
import { LinkFailed } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";
import { HOSTILE } from "./hostile_fleet.ts";
import { scopeOf } from "./scope.ts";

const DAY_MS = 86_400_000;
/** Nobody asks routers for their users. */
const link = { open: () => Promise.reject(new LinkFailed("unreachable", "it is planted")) };

/**
 * Rules, exceptions, baselines and drift of a router that has versions, with hostile words in them.
 * Answers the id of a rule.
 */
export async function plantCompliance(
  platform: Platform,
  tenantId: TenantId,
  deviceId: string,
  now: number,
): Promise<string> {
  const { db, kms } = platform;
  const scope = scopeOf(db, tenantId);
  const word = HOSTILE.join(" ").replaceAll(/["\\$?\p{Cc}]/gu, "_").slice(0, 100).trim();
  await ensureLibrary(db, tenantId);
  const rule = await addRule(scope, platform, {
    ...{ title: word, severity: "critical", help: HOSTILE.join("\n").slice(0, 2_000) },
    body: {
      ...{ when: null, need: "any" },
      checks: [
        {
          ...{ menu: "/ip/firewall/nat", expect: "none" },
          where: [{ attribute: "action", is: "equal", value: "dst-nat" }],
        },
        {
          ...{ menu: "/ppp/secret", expect: "each", where: [] },
          must: [{ attribute: "name", is: "unlike", pattern: `*${word}*` }],
        },
      ],
    },
    fix: [{ each: "/ip/firewall/nat", action: "remove" }],
  });
  await addPolicy(scope, platform, { name: word, ruleIds: [rule.id], isForAll: true });
  const [excused] = await db.tenant(tenantId, (sql) =>
    sql<{ id: string }[]>`
      select id from compliance_rules where library_key = 'telnet-off'`);
  await addException(scope, platform, {
    ...{ ruleId: excused!.id, deviceId, reason: HOSTILE.join(" ").slice(0, 1_000) },
    expiresAt: new Date(now + DAY_MS).toISOString(),
  });
  const versions = await db.tenant(tenantId, (sql) =>
    sql<{ id: string }[]>`
      select id from config_versions where device_id = ${deviceId} order by taken_at limit 1`);
  if (versions[0]) await chooseBaseline(scope, platform, deviceId, versions[0].id);
  const group = await addGroup(scope, platform, { name: `Held ${word}`.slice(0, 100).trim() });
  await changeMembers(scope, platform, group.id, { add: [deviceId] });
  await addGroupBaseline(scope, platform, {
    ...{ groupId: group.id, text: `/ip dns\nset servers=192.0.2.53\n` },
    wholeMenus: ["/ip/firewall/nat"],
  });
  await addIgnore(scope, platform, { menu: "/nothing/*", reason: word });
  const memory = new CheckMemory(kms);
  const due = await takeDueChecks(db, 100, 300);
  for (const [tenant, checks] of Map.groupBy(due, (one) => one.tenantId)) {
    await checkBatch({ ...platform, link }, memory, tenant, checks);
  }
  await noteCounts(db, tenantId);
  for (let day = 3; day >= 0; day -= 1) await noteDay(db, tenantId, now - day * DAY_MS);
  return rule.id;
}
