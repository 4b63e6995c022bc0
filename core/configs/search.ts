import type { ConfigMatch, ConfigSearch } from "@/core/contract/configs.ts";
import { InvalidInput } from "@/core/errors.ts";
import { giveWay } from "@/core/give_way.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { openContent } from "./content.ts";
import { maskEntry } from "./secrets.ts";

export interface ConfigQuery {
  /** Every word must stand in the menu's path or the command; secrets are not searched. */
  q: string;
  /** ISO 8601: as it was then; absent: as it is now. */
  at?: string | undefined;
  /** With `at`: as it was at any moment from then to this. */
  until?: string | undefined;
}

const MAX_MATCHES = 500;
/** Configurations that one search reads. */
const MAX_READ = 20_000;
/** Of one router in the stretch of time that is searched. */
const MAX_VERSIONS = 50;
/** Contents read from the database at a time. */
const STEP = 50;
const MAX_WORDS = 10;

/** "Which routers had this rule on 1 May": the lines of every router's configuration that fit. */
export async function searchConfigs(
  scope: Scope,
  { kms }: { kms: Kms },
  { q, at, until }: ConfigQuery,
): Promise<ConfigSearch> {
  demand(scope, "configs:read");
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) {
    throw new InvalidInput("Cannot search for nothing", [{ path: "q", message: "is empty" }]);
  }
  if (until !== undefined && (at === undefined || Date.parse(until) < Date.parse(at))) {
    const message = "needs `at`, and to be later";
    throw new InvalidInput("Cannot search this time", [{ path: "until", message }]);
  }
  const versions = await scope.db.tenant(
    scope.tenantId,
    (sql) => findVersions(sql, at, until ?? at),
  );
  const items: ConfigMatch[] = [];
  /** Lines of the router at hand: of a stretch of time each is told once, as it was last. */
  const seen = new Set<string>();
  let deviceId: string | undefined;
  let searched = 0;
  for (let from = 0; from < versions.length && items.length < MAX_MATCHES; from += STEP) {
    const step = versions.slice(from, from + STEP);
    const ids = step.map(({ contentId }) => contentId);
    const contents = await scope.db.tenant(
      scope.tenantId,
      (sql) =>
        sql<{ id: string; ciphertext: Uint8Array }[]>`
        select id, ciphertext from config_contents where id = any(${ids}::uuid[])`,
    );
    const byId = new Map(contents.map(({ id, ciphertext }) => [id, ciphertext]));
    for (const found of step) {
      const ciphertext = byId.get(found.contentId);
      if (!ciphertext) continue; // removed meanwhile
      const text = await openContent(kms, scope.tenantId, found.contentId, ciphertext);
      if (found.deviceId !== deviceId) {
        deviceId = found.deviceId;
        seen.clear();
        searched += 1;
      }
      items.push(...matches(found, text, words, seen, MAX_MATCHES - items.length));
      await giveWay();
    }
  }
  return { items, searched, isCut: items.length >= MAX_MATCHES || versions.length >= MAX_READ };
}

/** Whole versions: the newest, or those in force from `from` to `to`; by router, newest first. */
async function findVersions(
  sql: Sql,
  from: string | undefined,
  to: string | undefined,
): Promise<Found[]> {
  const inForce = from === undefined || to === undefined
    ? sql`limit 1`
    : sql`limit ${MAX_VERSIONS}`;
  const then = from === undefined || to === undefined
    ? sql``
    : sql`and n.taken_at <= ${to}::text::timestamptz and not exists (
        select from config_versions later where later.device_id = d.id
          and later.failed_menus = '{}' and later.taken_at > n.taken_at
          and later.taken_at <= ${from}::text::timestamptz)`;
  return await sql<Found[]>`
    select d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
      v.id as "versionId", v.taken_at as "takenAt", v.seen_at as "seenAt",
      v.content_id as "contentId"
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    cross join lateral (
      select n.id, n.taken_at, n.seen_at, n.content_id from config_versions n
      where n.device_id = d.id and n.failed_menus = '{}' ${then}
      order by n.taken_at desc, n.id ${inForce}) v
    order by lower(coalesce(d.name, nullif(l.identity, ''), d.address)), d.id, v.taken_at desc
    limit ${MAX_READ}`;
}

interface Found {
  deviceId: string;
  deviceName: string;
  versionId: string;
  takenAt: Date;
  seenAt: Date;
  contentId: string;
}

function matches(
  { deviceId, deviceName, versionId, takenAt, seenAt }: Found,
  text: string,
  words: readonly string[],
  seen: Set<string>,
  most: number,
): ConfigMatch[] {
  const found: ConfigMatch[] = [];
  for (const entry of parseExport(text).entries) {
    if (found.length >= most) break;
    const { menu } = entry;
    const command = printCommand(maskEntry(entry));
    const line = `${menu} ${menu.replaceAll("/", " ")} ${command}`.toLowerCase();
    if (seen.has(line) || !words.every((word) => line.includes(word))) continue;
    seen.add(line);
    found.push({
      ...{ deviceId, deviceName, versionId, menu, command: command.slice(0, 2_000) },
      ...{ takenAt: takenAt.toISOString(), seenAt: seenAt.toISOString() },
    });
  }
  return found;
}
