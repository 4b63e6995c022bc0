import { isIP } from "node:net";
import type { ClientFilter, ClientState } from "@/core/contract/client_query.ts";
import { macDigits } from "@/core/contract/clients.ts";
import type { Sql } from "@/core/ports/db.ts";
import { addressRange } from "./address_range.ts";
import { isHere } from "./client_row.ts";
import { wordsOf } from "./words.ts";

/** Matches of one word that are looked at: more than anybody pages through. */
const MAX_MATCHES = 2_000;
const MAX_ROUTERS = 1_000;
/** Behind every text that begins alike, in collation "C". */
const LAST = "\u{10FFFF}";

const fragment = (sql: Sql) => sql``;
export type Fragment = ReturnType<typeof fragment>;
/** A function: a fragment that a promise resolves with would be taken for a query, and run. */
export type Condition = () => Fragment;

export interface Finding {
  tenantId: string;
  nowMs: number;
  /** What was not understood, or is not the whole answer. */
  problems: string[];
}

/**
 * A filter as a condition on `clients c`. What means a set (a word, a router's name) is looked up here,
 * once and along its index, so that page and count need not each find it again.
 */
export async function conditionOf(
  sql: Sql,
  finding: Finding,
  { field, value }: ClientFilter,
): Promise<Condition> {
  const begins = value.slice(0, 64);
  switch (field) {
    case "any":
      return await meansAny(sql, finding, value);
    case "mac": {
      const digits = macDigits(value);
      if (digits) return () => sql`(${startsWith(sql, digits)} or ${endsWith(sql, digits)})`;
      finding.problems.push(`mac:${value} is no part of a MAC address of 4 to 12 digits`);
      return () => sql`false`;
    }
    case "ip": {
      const range = addressRange(value);
      if (range) return () => inRange(sql, range);
      finding.problems.push(`ip:${value} is no address or network such as 10.0.0.5 or 10.0.0.0/8`);
      return () => sql`false`;
    }
    case "name": {
      const macs = await named(sql, finding, wordsOf(value));
      tell(finding, value, macs.length >= MAX_MATCHES);
      return () => isOneOf(sql, macs);
    }
    case "vendor":
      return () => beginsWith(sql, "vendor_key", begins);
    case "ssid":
      return () => beginsWith(sql, "ssid_key", begins);
    case "router": {
      const routers = await routersLike(sql, value);
      return () => sql`c.device_id = any(${routers}::uuid[])`;
    }
    case "is":
      return () => state(sql, value as ClientState, finding.nowMs);
  }
}

/**
 * The word means the client, whichever way: a part of its MAC, an address or network, a word of its
 * name, its vendor, SSID or router.
 */
async function meansAny(sql: Sql, finding: Finding, text: string): Promise<Condition> {
  const digits = macDigits(text);
  const range = addressRange(text);
  const begins = text.slice(0, 64);
  const routers = await routersLike(sql, text);
  const ways: [condition: Fragment, key: string][] = [
    [beginsWith(sql, "vendor_key", begins), "vendor_key"],
    [beginsWith(sql, "ssid_key", begins), "ssid_key"],
  ];
  if (routers.length > 0) ways.push([sql`c.device_id = any(${routers}::uuid[])`, "device_id"]);
  if (digits) ways.push([startsWith(sql, digits), "mac"], [endsWith(sql, digits), "mac_reversed"]);
  if (range) ways.push([inRange(sql, range), isIP(range[0]) === 4 ? "ip_key" : "ip6"]);
  const arms = ways.map(([condition, key]) =>
    sql`(select c.mac from clients c where c.tenant_id = ${finding.tenantId} and ${condition}
      order by c.${sql.unsafe(key)} limit ${MAX_MATCHES})`
  );
  const rows = await sql<{ mac: string }[]>`
    select mac::text from (${arms.reduce((all, one) => sql`${all} union ${one}`)}) found`;
  // Numbers of an address are no words: half of all names have a 1 in them.
  const byName = range ? [] : await named(sql, finding, wordsOf(text));
  const macs = [...new Set([...rows.map(({ mac }) => mac), ...byName])];
  tell(finding, text, macs.length >= MAX_MATCHES);
  return () => isOneOf(sql, macs);
}

function tell({ problems }: Finding, text: string, isCut: boolean): void {
  if (!isCut) return;
  problems.push(
    `“${text.slice(0, 50)}” means very many clients, of which ${MAX_MATCHES} are looked at: ` +
      "add vendor:, ssid:, router:, ip: or another word",
  );
}

function isOneOf(sql: Sql, macs: string[]): Fragment {
  return sql`c.mac = any(${macs}::text[]::macaddr[])`;
}

/**
 * MACs whose names have all of these words, each at least by its beginning. With several it is for the
 * database to begin with the rarest, so no order is asked for.
 */
async function named(sql: Sql, { tenantId }: Finding, words: string[]): Promise<string[]> {
  const [first, ...others] = words;
  if (first === undefined) return [];
  const also = others.map((word) =>
    sql`and exists (select from client_words o where o.tenant_id = w.tenant_id and o.mac = w.mac
      and o.word >= ${word} and o.word < ${word + LAST})`
  ).reduce((all, one) => sql`${all} ${one}`, sql``);
  const rows = await sql<{ mac: string }[]>`
    select w.mac::text from client_words w
    where w.tenant_id = ${tenantId} and w.word >= ${first} and w.word < ${first + LAST} ${also}
    ${others.length === 0 ? sql`order by w.word, w.mac` : sql``} limit ${MAX_MATCHES}`;
  return rows.map(({ mac }) => mac);
}

/** Routers whose name, identity or address holds the text. */
async function routersLike(sql: Sql, text: string): Promise<string[]> {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await sql<{ id: string }[]>`
    select d.id from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.name ilike ${pattern} or l.identity ilike ${pattern} or d.address ilike ${pattern}
    limit ${MAX_ROUTERS}`;
  return rows.map(({ id }) => id);
}

/** `column` begins with `text`, whatever the case. As a range, which an index serves. */
function beginsWith(sql: Sql, column: string, text: string): Fragment {
  const key = sql.unsafe(`c.${column}`);
  return sql`(${key} >= lower(${text}) and ${key} < lower(${text}) || ${LAST})`;
}

function startsWith(sql: Sql, digits: string): Fragment {
  const [low, high] = [digits.padEnd(12, "0"), digits.padEnd(12, "F")];
  return sql`c.mac between ${low}::text::macaddr and ${high}::text::macaddr`;
}

function endsWith(sql: Sql, digits: string): Fragment {
  const reversed = [...digits].reverse().join("").toLowerCase();
  return sql`(c.mac_reversed >= ${reversed} and c.mac_reversed < ${reversed + "g"})`;
}

function inRange(sql: Sql, [low, high]: [string, string]): Fragment {
  // IPv4 stands first in the key; IPv6 also beside an IPv4 address.
  return isIP(low) === 4
    ? sql`c.ip_key between ${low}::text::inet and ${high}::text::inet`
    : sql`c.ip6 between ${low}::text::inet and ${high}::text::inet`;
}

function state(sql: Sql, value: ClientState, nowMs: number): Fragment {
  switch (value) {
    case "here":
      return isHere(sql, nowMs);
    case "away":
      return sql`not ${isHere(sql, nowMs)}`;
    case "wireless":
      return sql`c.is_wireless`;
    case "wired":
      return sql`not c.is_wireless`;
    case "random":
      return sql`c.is_random`;
    case "neighbour":
      return sql`c.kind = 'neighbour'`;
    case "router":
      // The list shows no router unless it is asked for.
      return sql`true`;
  }
}
