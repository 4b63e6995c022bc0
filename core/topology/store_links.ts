import { giveWay } from "@/core/give_way.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { FoundLink, FoundTopology } from "./sighting.ts";

/** Rows of one statement. */
const CHUNK = 400;
/** A link that nobody sees any more is kept so long, to say when it was last there. */
export const KEEP_GONE_MS = 30 * 86_400_000;

interface StoredLink {
  id: string;
  aNode: string;
  aInterface: string;
  bNode: string;
  bInterface: string;
}

/** A found link with its ends in the stored order, so that each link has one row. */
interface Ordered extends StoredLink {
  link: FoundLink;
  aSeenMs: number | null;
  bSeenMs: number | null;
}

const keyOf = ({ aNode, aInterface, bNode, bInterface }: StoredLink) =>
  `${aNode}\0${aInterface}\0${bNode}\0${bInterface}`;

/**
 * Brings the stored links up to what was found. A link keeps its row, and so its beginning, also when
 * an end learns the name of a port; what was not found is marked gone, and deleted a month later.
 */
export async function storeLinks(
  sql: Sql,
  tenantId: TenantId,
  { links, strangers, segments }: FoundTopology,
  { isDevice, nowMs, marker }: {
    isDevice: (node: string) => boolean;
    nowMs: number;
    marker: string;
  },
): Promise<void> {
  const now = new Date(nowMs).toISOString();
  const stored = await sql<(StoredLink & { isGone: boolean })[]>`
    select id, a_node as "aNode", a_interface as "aInterface", b_node as "bNode",
      b_interface as "bInterface", gone_at is not null as "isGone"
    from topology_links order by id`;
  const known = new Map(stored.map((row) => [keyOf(row), row]));
  const found = new Map<string, Ordered>();
  for (const link of links) {
    const one = ordered(link);
    if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  }
  await giveWay();
  // A port that was not known before, or is not any more: still the same cable.
  const orphans = new Map<string, StoredLink[]>();
  for (const [key, row] of known) {
    if (found.has(key)) continue;
    for (const name of looseKeys(row)) orphans.set(name, [...orphans.get(name) ?? [], row]);
  }
  const used = new Set<string>();
  for (const [key, one] of found) {
    const row = known.get(key) ??
      looseKeys(one).flatMap((name) => orphans.get(name) ?? []).find((row) =>
        !used.has(row.id) && fits(row, one)
      );
    one.id = row?.id ?? crypto.randomUUID();
    used.add(one.id);
  }
  await giveWay();

  const rows = [...found.values()];
  for (let at = 0; at < rows.length; at += CHUNK) {
    await upsert(sql, tenantId, rows.slice(at, at + CHUNK), { isDevice, now });
    await giveWay();
  }
  const gone = stored.filter(({ id, isGone }) => !isGone && !used.has(id)).map(({ id }) => id);
  if (gone.length > 0) {
    await sql`
      update topology_links set gone_at = ${now}::text::timestamptz
      where id = any(${gone}::uuid[])`;
  }
  const keepFrom = new Date(nowMs - KEEP_GONE_MS).toISOString();
  await sql`delete from topology_links where gone_at < ${keepFrom}::text::timestamptz`;

  const nodes = [
    ...strangers.map((one) => ({ ...one, kind: "unmanaged" })),
    ...segments.map((key) => ({
      ...{ key: key.slice(0, 300), kind: "segment", identity: null, address: null },
      ...{ macAddress: null, platform: null, board: null, version: null, lastSeenMs: nowMs },
    })),
  ];
  for (let at = 0; at < nodes.length; at += CHUNK) {
    await upsertNodes(sql, tenantId, nodes.slice(at, at + CHUNK));
    await giveWay();
  }
  const linked = new Set([...stored, ...rows].flatMap(({ aNode, bNode }) => [aNode, bNode]));
  const unlinked = (await sql<{ key: string }[]>`select key from topology_nodes`)
    .flatMap(({ key }) => linked.has(key) ? [] : [key]);
  await sql`delete from topology_nodes where key = any(${unlinked}::text[])`;
  await sql`
    insert into topology_runs (tenant_id, computed_at, marker)
    values (${tenantId}, ${now}::text::timestamptz, ${marker})
    on conflict (tenant_id) do update set computed_at = excluded.computed_at,
      marker = excluded.marker`;
}

function ordered(link: FoundLink): Ordered {
  const { a, b, aSeenMs, bSeenMs } = link;
  const isInOrder = a.node < b.node || (a.node === b.node && a.port <= b.port);
  const [first, second] = isInOrder ? [a, b] : [b, a];
  return {
    id: "",
    link,
    aNode: first.node.slice(0, 300),
    aInterface: first.port.slice(0, 200),
    aSeenMs: isInOrder ? aSeenMs : bSeenMs,
    bNode: second.node.slice(0, 300),
    bInterface: second.port.slice(0, 200),
    bSeenMs: isInOrder ? bSeenMs : aSeenMs,
  };
}

/** By one end alone: the other may have got or lost its port's name. */
function looseKeys({ aNode, aInterface, bNode, bInterface }: StoredLink): string[] {
  return [
    ...(aInterface === "" ? [] : [`a\0${aNode}\0${aInterface}\0${bNode}`]),
    ...(bInterface === "" ? [] : [`b\0${bNode}\0${bInterface}\0${aNode}`]),
  ];
}

function fits(row: StoredLink, one: StoredLink): boolean {
  const same = (x: string, y: string) => x === y || x === "" || y === "";
  return same(row.aInterface, one.aInterface) && same(row.bInterface, one.bInterface);
}

async function upsert(
  sql: Sql,
  tenantId: TenantId,
  rows: readonly Ordered[],
  { isDevice, now }: { isDevice: (node: string) => boolean; now: string },
): Promise<void> {
  const time = (ms: number | null) => ms === null ? null : new Date(ms).toISOString();
  const latest = ({ aSeenMs, bSeenMs }: Ordered) =>
    time(Math.max(aSeenMs ?? 0, bSeenMs ?? 0)) ?? now;
  const device = (node: string) => isDevice(node) ? node : null;
  await sql`
    insert into topology_links as l (tenant_id, id, kind, a_node, a_device_id, a_interface, a_seen_at,
      b_node, b_device_id, b_interface, b_seen_at, also_on, first_seen_at, last_seen_at)
    select ${tenantId}::uuid, id, kind, a_node, a_device_id, a_interface, a_seen_at,
      b_node, b_device_id, b_interface, b_seen_at,
      coalesce((select array_agg(name) from jsonb_array_elements_text(also_on::jsonb) name), '{}'),
      last_seen_at, last_seen_at
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ link }) => link.kind)}::text[],
      ${rows.map(({ aNode }) => aNode)}::text[], ${rows.map(({ aNode }) => device(aNode))}::uuid[],
      ${rows.map(({ aInterface }) => aInterface)}::text[],
      ${rows.map(({ aSeenMs }) => time(aSeenMs))}::text[]::timestamptz[],
      ${rows.map(({ bNode }) => bNode)}::text[], ${rows.map(({ bNode }) => device(bNode))}::uuid[],
      ${rows.map(({ bInterface }) => bInterface)}::text[],
      ${rows.map(({ bSeenMs }) => time(bSeenMs))}::text[]::timestamptz[],
      ${rows.map(({ link }) => JSON.stringify(link.alsoOn.slice(0, 32)))}::text[],
      ${rows.map(latest)}::text[]::timestamptz[])
      as t (id, kind, a_node, a_device_id, a_interface, a_seen_at, b_node, b_device_id, b_interface,
        b_seen_at, also_on, last_seen_at)
    on conflict (tenant_id, id) do update set kind = excluded.kind,
      a_interface = excluded.a_interface, b_interface = excluded.b_interface,
      a_seen_at = coalesce(excluded.a_seen_at, l.a_seen_at),
      b_seen_at = coalesce(excluded.b_seen_at, l.b_seen_at),
      also_on = excluded.also_on, gone_at = null,
      last_seen_at = greatest(l.last_seen_at, excluded.last_seen_at)`;
}

async function upsertNodes(
  sql: Sql,
  tenantId: TenantId,
  nodes: readonly (FoundTopology["strangers"][number] & { kind: string })[],
): Promise<void> {
  await sql`
    insert into topology_nodes as n (tenant_id, key, kind, identity, address, mac_address, platform,
      board, version, first_seen_at, last_seen_at)
    select ${tenantId}::uuid, key, kind, identity, address, mac_address, platform, board, version,
      seen_at, seen_at
    from unnest(${nodes.map(({ key }) => key)}::text[], ${nodes.map(({ kind }) => kind)}::text[],
      ${nodes.map(({ identity }) => identity)}::text[],
      ${nodes.map(({ address }) => address)}::text[],
      ${nodes.map(({ macAddress }) => macAddress)}::text[],
      ${nodes.map(({ platform }) => platform)}::text[], ${nodes.map(({ board }) => board)}::text[],
      ${nodes.map(({ version }) => version)}::text[],
      ${nodes.map(({ lastSeenMs }) => new Date(lastSeenMs).toISOString())}::text[]::timestamptz[])
      as t (key, kind, identity, address, mac_address, platform, board, version, seen_at)
    on conflict (tenant_id, key) do update set identity = excluded.identity,
      address = excluded.address, platform = excluded.platform, board = excluded.board,
      version = excluded.version, last_seen_at = greatest(n.last_seen_at, excluded.last_seen_at)`;
}
