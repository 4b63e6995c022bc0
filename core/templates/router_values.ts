import type { BuiltIn, TemplateValue } from "@/core/contract/templates.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { KeptValue, Level } from "./resolve.ts";
import { openValue } from "./values.ts";

/** A router as a template sees it. */
export interface TemplateRouter {
  id: string;
  name: string;
  builtIns: Record<BuiltIn, string>;
  /** Its site and those above, nearest first. */
  sites: { id: string; path: string }[];
}

interface RouterRow {
  id: string;
  name: string;
  address: string;
  identity: string | null;
  model: string | null;
  version: string | null;
  tenantName: string;
  sites: { id: string; path: string }[];
}

/** What the built-in names stand for on each of these routers; one that is gone is absent. */
export async function readRouters(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, TemplateRouter>> {
  const rows = await sql<RouterRow[]>`
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name, d.address,
      l.identity, l.model, l.version, t.name as "tenantName",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', up.id, 'path', up.path)
          order by length(up.path) desc)
        from sites own join sites up on up.tenant_id = own.tenant_id
          and (up.id = own.id or starts_with(own.path, up.path || ' / '))
        where own.tenant_id = d.tenant_id and own.id = d.site_id), '[]') as sites
    from devices d join tenants t on t.id = d.tenant_id
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.id = any(${ids as string[]}::uuid[])`;
  return new Map(rows.map((row) => {
    const site = row.sites[0]?.path.split(" / ").at(-1) ?? "";
    const builtIns = {
      ...{ device_name: row.name, identity: row.identity ?? "", address: row.address },
      ...{ site_name: site, model: row.model ?? "", version: row.version ?? "" },
      tenant_name: row.tenantName,
    };
    return [row.id, { id: row.id, name: row.name, builtIns, sites: row.sites }];
  }));
}

interface KeptRow {
  id: string;
  name: string;
  deviceId: string | null;
  siteId: string | null;
  value: TemplateValue;
  ciphertext: Uint8Array | null;
}

/** Values that are kept, by whom they are kept for. */
export class KeptValues {
  readonly #byHolder = new Map<string, Map<string, KeptValue>>();

  private constructor() {}

  /** Those of the named variables for these routers, their sites and the tenant; secrets in the clear. */
  static async read(
    sql: Sql,
    { kms, tenantId }: { kms: Kms; tenantId: TenantId },
    names: readonly string[],
    routers: Iterable<TemplateRouter>,
  ): Promise<KeptValues> {
    const all = [...routers];
    const siteIds = [...new Set(all.flatMap(({ sites }) => sites.map(({ id }) => id)))];
    const rows = names.length === 0 ? [] : await sql<KeptRow[]>`
      select id, name, device_id as "deviceId", site_id as "siteId", value, ciphertext
      from template_values
      where name = any(${names as string[]}::text[])
        and (device_id = any(${all.map(({ id }) => id)}::uuid[])
          or site_id = any(${siteIds}::uuid[]) or (device_id is null and site_id is null))`;
    const kept = new KeptValues();
    for (const { id, name, deviceId, siteId, value, ciphertext } of rows) {
      const isSecret = ciphertext !== null;
      const clear = isSecret ? await openValue(kms, tenantId, id, ciphertext) : value;
      const holder = deviceId ?? siteId ?? "tenant";
      const values = kept.#byHolder.get(holder) ?? new Map();
      kept.#byHolder.set(holder, values.set(name, { value: clear, isSecret }));
    }
    return kept;
  }

  /** What counts for a router, nearest first. */
  levelsOf(router: TemplateRouter): Level[] {
    const values = (holder: string) => this.#byHolder.get(holder) ?? new Map();
    return [
      { source: "device", name: null, values: values(router.id) },
      ...router.sites.map(({ id, path }): Level => ({
        ...{ source: "site", name: path, values: values(id) },
      })),
      { source: "tenant", name: null, values: values("tenant") },
    ];
  }
}
