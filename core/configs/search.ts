import type { ConfigMatch, ConfigSearch } from "@/core/contract/configs.ts";
import { InvalidInput } from "@/core/errors.ts";
import { giveWay } from "@/core/give_way.ts";
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
}

const MAX_MATCHES = 500;
const MAX_DEVICES = 20_000;
/** Contents read from the database at a time. */
const STEP = 50;
const MAX_WORDS = 10;

/** "Which routers had this rule on 1 May": the lines of every router's configuration that fit. */
export async function searchConfigs(
  scope: Scope,
  { kms }: { kms: Kms },
  { q, at }: ConfigQuery,
): Promise<ConfigSearch> {
  demand(scope, "configs:read");
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  if (words.length === 0) {
    throw new InvalidInput("Cannot search for nothing", [{ path: "q", message: "is empty" }]);
  }
  const versions = await scope.db.tenant(scope.tenantId, (sql) =>
    sql<Found[]>`
      select d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as "deviceName",
        v.id as "versionId", v.taken_at as "takenAt", v.content_id as "contentId"
      from devices d
      left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      cross join lateral (
        select n.id, n.taken_at, n.content_id from config_versions n
        where n.device_id = d.id and n.failed_menus = '{}'
          ${at === undefined ? sql`` : sql`and n.taken_at <= ${at}::text::timestamptz`}
        order by n.taken_at desc, n.id limit 1) v
      order by lower(coalesce(d.name, nullif(l.identity, ''), d.address)), d.id
      limit ${MAX_DEVICES}`);
  const items: ConfigMatch[] = [];
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
      items.push(...matches(found, text, words, MAX_MATCHES - items.length));
      searched += 1;
      await giveWay();
    }
  }
  return { items, searched, isCut: items.length >= MAX_MATCHES };
}

interface Found {
  deviceId: string;
  deviceName: string;
  versionId: string;
  takenAt: Date;
  contentId: string;
}

function matches(
  { deviceId, deviceName, versionId, takenAt }: Found,
  text: string,
  words: readonly string[],
  most: number,
): ConfigMatch[] {
  const found: ConfigMatch[] = [];
  for (const entry of parseExport(text).entries) {
    if (found.length >= most) break;
    const { menu } = entry;
    const command = printCommand(maskEntry(entry));
    const line = `${menu} ${menu.replaceAll("/", " ")} ${command}`.toLowerCase();
    if (!words.every((word) => line.includes(word))) continue;
    const at = takenAt.toISOString();
    found.push({
      ...{ deviceId, deviceName, versionId, takenAt: at, menu },
      command: command.slice(0, 2_000),
    });
  }
  return found;
}
