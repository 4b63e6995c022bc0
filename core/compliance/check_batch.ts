import { FACT_MENUS, readFacts } from "@/core/config_checks/read_facts.ts";
import { openSealed, readSealed, type SealedConfig } from "@/core/config_checks/read_configs.ts";
import { type DueCheck, heldChecks } from "@/core/config_checks/due.ts";
import { ConfigView, type RouterFacts } from "@/core/config_view/config_view.ts";
import {
  type BatchBaselines,
  driftOf,
  OpenBaselines,
  readBatchBaselines,
} from "@/core/drift/drift_of_batch.ts";
import { storeDrift } from "@/core/drift/store_drift.ts";
import type { FoundDrift } from "@/core/drift/work_out.ts";
import { Unavailable } from "@/core/errors.ts";
import { giveWay } from "@/core/give_way.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { RouterLink } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";
import { judge, type Judged, tally } from "./judge.ts";
import { GroupMembers, readRulebook, type Rulebook } from "./rulebook.ts";
import { storeResults } from "./store_results.ts";

export interface CheckDeps {
  readonly db: Db;
  readonly kms: Kms;
  readonly clock: Clock;
  readonly link: RouterLink;
}

/** What one worker keeps from batch to batch. */
export class CheckMemory {
  readonly groups = new GroupMembers();
  readonly baselines: OpenBaselines;

  constructor(kms: Kms) {
    this.baselines = new OpenBaselines(kms);
  }
}

const DAY_MS = 86_400_000;
/** What a router says of its users is asked for once in so long, and with each new version. */
const FACTS_MS = DAY_MS;
/** Routers that are asked at once. */
const ASKED_AT_ONCE = 8;

interface Checked {
  readonly sealed: SealedConfig;
  readonly judged: readonly Judged[];
  /** `undefined`: there is no baseline, or no whole configuration to hold against it. */
  readonly drift: readonly FoundDrift[] | undefined;
  readonly isPartial: boolean;
  readonly facts: RouterFacts["menus"] | undefined;
}

/**
 * Looks at routers of one tenant and keeps what came of it. Answers how many were kept: what somebody
 * else took meanwhile is left to them.
 */
export async function checkBatch(
  deps: CheckDeps,
  memory: CheckMemory,
  tenantId: TenantId,
  checks: readonly DueCheck[],
): Promise<number> {
  const { db, clock } = deps;
  const ids = checks.map(({ deviceId }) => deviceId);
  const { book, configs, baselines } = await db.tenant(tenantId, async (sql) => ({
    book: await readRulebook(sql, memory.groups, clock.now()),
    configs: await readSealed(sql, ids),
    baselines: await readBatchBaselines(
      sql,
      ids,
      (sql, groupId) => memory.groups.of(sql, groupId, clock.now()),
    ),
  }));
  const facts = book.asksAbout(FACT_MENUS)
    ? await askRouters(deps, tenantId, configs)
    : new Map<string, RouterFacts["menus"]>();
  const checked: Checked[] = [];
  for (const sealed of configs) {
    const told = facts.get(sealed.deviceId);
    checked.push(await checkOne(deps, memory, tenantId, { sealed, book, baselines, told }));
    await giveWay();
  }
  return await db.tenant(tenantId, (sql) => keep(sql, tenantId, checks, checked, clock.now()));
}

async function checkOne(
  { kms, clock }: CheckDeps,
  memory: CheckMemory,
  tenantId: TenantId,
  { sealed, book, baselines, told }: {
    sealed: SealedConfig;
    book: Rulebook;
    baselines: BatchBaselines;
    told: RouterFacts["menus"] | undefined;
  },
): Promise<Checked> {
  const config = await openReadable(kms, tenantId, sealed);
  const facts = { version: sealed.routerosVersion, menus: told ?? sealed.facts ?? {} };
  const view = config && new ConfigView(config, facts);
  const judged = judge(book, sealed, view, clock.now());
  const isPartial = config !== undefined && config.failedMenus.length > 0;
  const drift = config && !isPartial
    ? await driftOf(tenantId, sealed.deviceId, baselines, memory.baselines, config, facts)
    : undefined;
  const hasBaseline = baselines.rows.length > 0;
  return {
    ...{ sealed, judged, isPartial, facts: told },
    drift: drift ?? (hasBaseline && !isPartial ? [] : undefined),
  };
}

/** One that cannot be opened must not hold up all others: of its router nothing is known. */
async function openReadable(kms: Kms, tenantId: TenantId, sealed: SealedConfig) {
  try {
    return await openSealed(kms, tenantId, sealed);
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return undefined;
  }
}

async function askRouters(
  { link, clock }: CheckDeps,
  tenantId: TenantId,
  configs: readonly SealedConfig[],
): Promise<Map<string, RouterFacts["menus"]>> {
  const told = new Map<string, RouterFacts["menus"]>();
  const waiting = configs.filter((one) =>
    one.isOnline && (one.factsAt === null || one.checkedVersion !== one.versionId ||
      clock.now() - one.factsAt.getTime() >= FACTS_MS)
  );
  const ask = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const facts = await readFacts(link, { tenantId, deviceId: next.deviceId });
      if (facts) told.set(next.deviceId, facts);
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
  return told;
}

async function keep(
  sql: Sql,
  tenantId: TenantId,
  checks: readonly DueCheck[],
  checked: readonly Checked[],
  nowMs: number,
): Promise<number> {
  const present = await holdInOrder(sql, checked);
  const held = await heldChecks(sql, checks);
  const mine = checked.filter(({ sealed }) => held.has(sealed.deviceId));
  const now = new Date(nowMs);
  const named = mine.map(({ sealed: { deviceId, name }, judged }) => ({ deviceId, name, judged }));
  await storeResults(sql, tenantId, named, now);
  const drifted = mine.flatMap(({ sealed: { deviceId, name, versionId, takenAt }, drift }) =>
    drift && versionId && takenAt
      ? [{
        ...{ deviceId, name, versionId, takenAt },
        found: drift.filter(({ baselineId }) => present.has(baselineId)),
      }]
      : []
  );
  await storeDrift(sql, tenantId, drifted, now);
  const wanted = new Map(checks.map(({ deviceId, wanted }) => [deviceId, wanted]));
  const rows = mine.map(({ sealed, judged, drift, facts }) => ({
    ...tally(judged),
    ...{ id: sealed.deviceId, wanted: wanted.get(sealed.deviceId)!, versionId: sealed.versionId },
    takenAt: sealed.takenAt?.toISOString() ?? null,
    facts: facts ? JSON.stringify(facts) : null,
    next: nextLook(judged, nowMs).toISOString(),
    // Of a partial configuration nothing new is known.
    drifted: drift ? drift.length : null,
  }));
  const column = <Key extends keyof typeof rows[number]>(key: Key) =>
    rows.map((row) => row[key]) as (NonNullable<typeof rows[number][Key]>)[];
  await sql`
    update config_checks k set leased_until = null, checked_at = ${now},
      due_at = case when k.wanted = t.wanted then t.next else now() end,
      version_id = t.version_id, version_at = t.version_at,
      facts = coalesce(t.facts, k.facts),
      facts_at = case when t.facts is null then k.facts_at else ${now} end,
      passed_weight = t.passed_weight, asked_weight = t.asked_weight, passed = t.passed,
      failed = t.failed, failed_hard = t.failed_hard, unknown = t.unknown, excepted = t.excepted,
      drifted = coalesce(t.drifted, k.drifted)
    from unnest(${column("id")}::uuid[], ${column("wanted")}::text[]::bigint[],
      ${column("versionId")}::uuid[], ${column("takenAt")}::text[]::timestamptz[],
      ${column("facts")}::text[]::jsonb[], ${column("next")}::text[]::timestamptz[],
      ${column("passedWeight")}::int[], ${column("askedWeight")}::int[], ${column("passed")}::int[],
      ${column("failed")}::int[], ${column("failedHard")}::int[], ${column("unknown")}::int[],
      ${column("excepted")}::int[], ${column("drifted")}::int[])
      as t (id, wanted, version_id, version_at, facts, next, passed_weight, asked_weight, passed,
        failed, failed_hard, unknown, excepted, drifted)
    where k.device_id = t.id`;
  return mine.length;
}

/**
 * What the rows to be written refer to stays until the end: rules, routers and baselines, in the order in
 * which whoever changes one of them comes to the queue. Answers the baselines that there still are.
 */
async function holdInOrder(sql: Sql, checked: readonly Checked[]): Promise<Set<string>> {
  const ids = checked.map(({ sealed }) => sealed.deviceId);
  const ruleIds = [...new Set(checked.flatMap(({ judged }) => judged.map(({ ruleId }) => ruleId)))];
  const baselineIds = [
    ...new Set(checked.flatMap(({ drift }) => (drift ?? []).map(({ baselineId }) => baselineId))),
  ];
  await sql`
    select id from compliance_rules where id = any(${ruleIds}::uuid[]) order by id for key share`;
  await sql`select id from devices where id = any(${ids}::uuid[]) order by id for key share`;
  const rows = await sql<{ id: string }[]>`
    select id from config_baselines where id = any(${baselineIds}::uuid[]) order by id
    for key share`;
  return new Set(rows.map(({ id }) => id));
}

/** Once a day, so that a new site or tag, or another version of RouterOS counts; sooner where an exception ends. */
function nextLook(judged: readonly Judged[], nowMs: number): Date {
  const ends = judged.flatMap(({ until }) => until ? [until.getTime()] : []);
  // Not all of a fleet at the same second.
  const daily = nowMs + DAY_MS - Math.random() * DAY_MS / 12;
  return new Date(Math.max(nowMs + 1_000, Math.min(daily, ...ends)));
}
