import type { FixStep, RuleBody, RuleSeverity } from "@/core/contract/compliance_rules.ts";
import { deviceIdsOfGroup } from "@/core/groups/read_groups.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";

export interface StoredRule {
  readonly id: string;
  readonly title: string;
  readonly severity: RuleSeverity;
  readonly body: RuleBody;
  readonly fix: readonly FixStep[];
}

/** What a rule is asked of, or an exception is for. */
export interface RuledRouter {
  readonly deviceId: string;
  readonly siteId: string | null;
  readonly tagIds: readonly string[];
}

interface Policy {
  isForAll: boolean;
  ruleIds: readonly string[];
  scopes: readonly { groupId: string | null; tagId: string | null; siteId: string | null }[];
}

export interface StoredException {
  readonly id: string;
  readonly ruleId: string;
  readonly deviceId: string | null;
  readonly siteId: string | null;
  readonly tagId: string | null;
  readonly expiresAt: Date | null;
}

/** All that decides which rules a router must hold, as it is now. */
export class Rulebook {
  readonly #rules: ReadonlyMap<string, StoredRule>;
  readonly #policies: readonly Policy[];
  readonly #exceptions: ReadonlyMap<string, readonly StoredException[]>;
  readonly #above: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #members: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(parts: {
    rules: readonly StoredRule[];
    policies: readonly Policy[];
    exceptions: readonly StoredException[];
    /** Each site with all that stand above it, itself too. */
    above: ReadonlyMap<string, ReadonlySet<string>>;
    members: ReadonlyMap<string, ReadonlySet<string>>;
  }) {
    this.#rules = new Map(parts.rules.map((rule) => [rule.id, rule]));
    this.#policies = parts.policies;
    this.#exceptions = Map.groupBy(parts.exceptions, ({ ruleId }) => ruleId);
    this.#above = parts.above;
    this.#members = parts.members;
  }

  /** Each rule once, however many policies have it. */
  rulesFor(router: RuledRouter): StoredRule[] {
    const ids = new Set<string>();
    for (const policy of this.#policies) {
      if (!this.#isUnder(policy, router)) continue;
      for (const id of policy.ruleIds) ids.add(id);
    }
    return [...ids].flatMap((id) => this.#rules.get(id) ?? []);
  }

  /** In force at `nowMs`, the one that lasts longest. */
  exceptionFor(ruleId: string, router: RuledRouter, nowMs: number): StoredException | undefined {
    const inForce = (this.#exceptions.get(ruleId) ?? []).filter((one) =>
      (one.expiresAt === null || one.expiresAt.getTime() > nowMs) && this.#isFor(one, router)
    );
    const end = ({ expiresAt }: StoredException) => expiresAt?.getTime() ?? Infinity;
    return inForce.reduce<StoredException | undefined>(
      (best, one) => best && end(best) >= end(one) ? best : one,
      undefined,
    );
  }

  /** Whether any rule asks about one of these menus. */
  asksAbout(menus: ReadonlySet<string>): boolean {
    return [...this.#rules.values()].some(({ body }) =>
      [...body.checks, ...(body.when?.checks ?? [])].some((check) =>
        check.expect !== "version" && menus.has(check.menu)
      )
    );
  }

  #isUnder({ isForAll, scopes }: Policy, router: RuledRouter): boolean {
    return isForAll ||
      scopes.some(({ groupId, tagId, siteId }) =>
        (groupId !== null && this.#members.get(groupId)?.has(router.deviceId)) ||
        (tagId !== null && router.tagIds.includes(tagId)) ||
        (siteId !== null && this.#isBelow(router, siteId))
      );
  }

  #isFor({ deviceId, siteId, tagId }: StoredException, router: RuledRouter): boolean {
    return deviceId === router.deviceId || (siteId !== null && this.#isBelow(router, siteId)) ||
      (tagId !== null && router.tagIds.includes(tagId));
  }

  #isBelow({ siteId }: RuledRouter, above: string): boolean {
    return siteId !== null && (this.#above.get(siteId)?.has(above) ?? false);
  }
}

/** Members of groups are asked for once in so long: a rule of a group goes through the whole fleet. */
export class GroupMembers {
  readonly #known = new Map<string, { at: number; ids: ReadonlySet<string> }>();
  readonly #keepMs: number;

  constructor(keepMs = 30_000) {
    this.#keepMs = keepMs;
  }

  async of(sql: Sql, groupId: string, nowMs: number): Promise<ReadonlySet<string>> {
    const known = this.#known.get(groupId);
    if (known && nowMs - known.at < this.#keepMs) return known.ids;
    const ids = new Set(await membersOf(sql, groupId));
    if (this.#known.size > 500) this.#known.clear();
    this.#known.set(groupId, { at: nowMs, ids });
    return ids;
  }
}

async function membersOf(sql: Sql, groupId: string): Promise<string[]> {
  try {
    return await deviceIdsOfGroup(sql, groupId);
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
}

export async function readRulebook(
  sql: Sql,
  groups: GroupMembers,
  nowMs: number,
): Promise<Rulebook> {
  const rules = await sql<StoredRule[]>`
    select id, title, severity, body, fix from compliance_rules`;
  const policies = await sql<Policy[]>`
    select p.is_for_all as "isForAll",
      array(select rule_id from compliance_policy_rules r where r.policy_id = p.id) as "ruleIds",
      coalesce((select jsonb_agg(jsonb_build_object('groupId', s.group_id, 'tagId', s.tag_id,
          'siteId', s.site_id)) from compliance_policy_scopes s where s.policy_id = p.id), '[]')
        as scopes
    from compliance_policies p where p.is_enabled order by p.id`;
  const exceptions = await sql<StoredException[]>`
    select id, rule_id as "ruleId", device_id as "deviceId", site_id as "siteId",
      tag_id as "tagId", expires_at as "expiresAt"
    from compliance_exceptions where expires_at is null or expires_at > ${new Date(nowMs)}`;
  const used = policies.some(({ scopes }) => scopes.some(({ siteId }) => siteId !== null)) ||
    exceptions.some(({ siteId }) => siteId !== null);
  const above = used ? await readSites(sql) : new Map();
  const members = new Map<string, ReadonlySet<string>>();
  for (const { groupId } of policies.flatMap(({ scopes }) => scopes)) {
    if (groupId !== null) members.set(groupId, await groups.of(sql, groupId, nowMs));
  }
  return new Rulebook({ rules, policies, exceptions, above, members });
}

async function readSites(sql: Sql): Promise<Map<string, ReadonlySet<string>>> {
  const rows = await sql<{ id: string; parentId: string | null }[]>`
    select id, parent_id as "parentId" from sites`;
  const parents = new Map(rows.map(({ id, parentId }) => [id, parentId]));
  return new Map(rows.map(({ id }) => {
    const up = new Set<string>();
    for (let at: string | null | undefined = id; at && !up.has(at); at = parents.get(at)) {
      up.add(at);
    }
    return [id, up];
  }));
}
