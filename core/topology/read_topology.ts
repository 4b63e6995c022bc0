import type { LinkEnd, LinkState, TopologyLink, TopologyNode } from "@/core/contract/topology.ts";
import type { Topology } from "@/core/contract/topology.ts";
import type { Sql } from "@/core/ports/db.ts";

/** Links that are gone stay in the picture so long, marked so. */
const SHOW_GONE_MS = 86_400_000;

const PAGE = 500;

interface LinkRow extends Omit<TopologyLink, "state" | "a" | "b" | "utilisationPercent"> {
  a: EndRow;
  b: EndRow;
  last: Date;
}
interface EndRow {
  node: string;
  interface: string | null;
  seenAt: string | null;
}
type Figures = Pick<LinkEnd, "isRunning" | "speedBps" | "rxBps" | "txBps">;
type PortRow = [
  name: string,
  isRunning: boolean | null,
  speedBps: number | null,
  rxBps: number | null,
  txBps: number | null,
];
const UNKNOWN: Figures = { isRunning: null, speedBps: null, rxBps: null, txBps: null };

/** What the tenant's picture is drawn from. `staleMs`: after so long without a word a link is stale. */
export async function readTopology(
  sql: Sql,
  { nowMs, staleMs }: { nowMs: number; staleMs: number },
): Promise<Topology> {
  const nodes: TopologyNode[] = [];
  for await (const rows of nodesQuery(sql).cursor(PAGE)) nodes.push(...rows);
  const ports = new Map<string, Figures>();
  for await (const rows of portsQuery(sql).cursor(PAGE)) {
    for (const { deviceId, ports: own } of rows) {
      for (const [name, isRunning, speedBps, rxBps, txBps] of own ?? []) {
        ports.set(`${deviceId} ${name}`, { isRunning, speedBps, rxBps, txBps });
      }
    }
  }
  const links: TopologyLink[] = [];
  const showFrom = new Date(nowMs - SHOW_GONE_MS).toISOString();
  for await (const rows of linksQuery(sql, showFrom).cursor(PAGE)) {
    for (const row of rows) links.push(toLink(row, ports, nowMs - staleMs));
  }
  const sites = await sql<Topology["sites"]>`
    select s.id, s.path from sites s
    where exists (select from devices d where d.tenant_id = s.tenant_id and d.site_id = s.id
      and d.retired_at is null)
    order by lower(s.path)`;
  const [run] = await sql<{ at: Date }[]>`select computed_at as at from topology_runs`;
  return { nodes, links, sites, computedAt: run?.at.toISOString() ?? null };
}

/** Exported for the test of its plan. */
export function nodesQuery(sql: Sql) {
  return sql<TopologyNode[]>`
    select d.id::text as key, 'device' as kind,
      left(coalesce(d.name, nullif(l.identity, ''), d.address), 200) as name,
      case when d.is_enabled then coalesce(l.status, 'pending') else 'disabled' end as status,
      d.site_id as "siteId", d.address, null as "macAddress",
      left(coalesce(l.board_name, l.model), 100) as model, left(l.version, 100) as version
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.retired_at is null
    union all
    select key, kind, coalesce(nullif(identity, ''), mac_address, address, 'Shared segment'),
      null, null, address, mac_address, coalesce(board, platform), version
    from topology_nodes`;
}

/**
 * What ports of routers that have links do. The database leaves out the rest of their reading; matching
 * names here, not there, costs the same whatever its planner knows of the tables.
 *
 * Exported for the test of its plan.
 */
export function portsQuery(sql: Sql) {
  return sql<{ deviceId: string; ports: PortRow[] | null }[]>`
    select s.device_id as "deviceId", (
      select jsonb_agg(jsonb_build_array(i -> 'name', i -> 'isRunning', i -> 'speedBps',
        i -> 'rxBps', i -> 'txBps')) from jsonb_array_elements(s.data) i) as ports
    from device_state s where s.section = 'interfaces'
      and (exists (select from topology_links l
          where l.tenant_id = s.tenant_id and l.a_device_id = s.device_id)
        or exists (select from topology_links l
          where l.tenant_id = s.tenant_id and l.b_device_id = s.device_id))`;
}

/** Exported for the test of its plan. */
export function linksQuery(sql: Sql, showGoneFrom: string) {
  const end = (side: "a" | "b") => {
    const column = (name: string) => sql.unsafe(`l.${side}_${name}`);
    return sql`jsonb_build_object('node', ${column("node")},
      'interface', nullif(${column("interface")}, ''), 'seenAt', ${column("seen_at")})`;
  };
  return sql<LinkRow[]>`
    select l.id, l.kind, ${end("a")} as a, ${end("b")} as b, l.also_on as "alsoOn",
      l.first_seen_at as "firstSeenAt", l.last_seen_at as last, l.gone_at as "goneAt"
    from topology_links l
    where (l.gone_at is null or l.gone_at > ${showGoneFrom}::text::timestamptz)
      and not exists (select from devices d where d.tenant_id = l.tenant_id
        and d.id in (l.a_device_id, l.b_device_id) and d.retired_at is not null)`;
}

function toLink(
  { a: aRow, b: bRow, last, ...row }: LinkRow,
  ports: ReadonlyMap<string, Figures>,
  staleBeforeMs: number,
): TopologyLink {
  const [a, b] = [toEnd(aRow, ports), toEnd(bRow, ports)];
  const seen = ({ seenAt }: LinkEnd) => seenAt !== null && Date.parse(seenAt) >= staleBeforeMs;
  const state: LinkState = row.goneAt !== null
    ? "gone"
    : last.getTime() < staleBeforeMs
    ? "stale"
    : seen(a) && seen(b)
    ? "both"
    : "one_side";
  return {
    id: row.id,
    kind: row.kind,
    state,
    a,
    b,
    alsoOn: row.alsoOn,
    firstSeenAt: new Date(row.firstSeenAt).toISOString(),
    lastSeenAt: last.toISOString(),
    goneAt: row.goneAt && new Date(row.goneAt).toISOString(),
    utilisationPercent: state === "gone" ? null : utilisation(a, b),
  };
}

function toEnd({ node, interface: name, seenAt }: EndRow, ports: ReadonlyMap<string, Figures>) {
  const figures = ports.get(`${node} ${name}`) ?? UNKNOWN;
  return {
    ...{ node, interface: name, ...figures },
    seenAt: seenAt && new Date(seenAt).toISOString(),
  };
}

/** The busier direction against the slower end: a link is as fast as that. */
function utilisation(a: LinkEnd, b: LinkEnd): number | null {
  const speeds = [a.speedBps, b.speedBps].filter((speed) => speed !== null && speed > 0);
  const rates = [a.rxBps, a.txBps, b.rxBps, b.txBps].filter((rate) => rate !== null);
  if (speeds.length === 0 || rates.length === 0) return null;
  const percent = 100 * Math.max(...rates as number[]) / Math.min(...speeds as number[]);
  return Math.round(Math.min(percent, 100) * 10) / 10;
}
