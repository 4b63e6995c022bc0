import { recordAudit } from "@/core/audit/record.ts";
import {
  type StoredValue,
  type TemplateValue,
  ValueChange,
  type ValueHolder,
} from "@/core/contract/templates.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { findTemplate } from "./read_templates.ts";
import type { TemplateDeps } from "./templates.ts";

/** Most that one page shows; a value a router of a large fleet is set by import or API. */
const MOST = 500;

interface ValueRow {
  name: string;
  deviceId: string | null;
  siteId: string | null;
  holderName: string | null;
  value: TemplateValue | null;
  isSecret: boolean;
}

/** The values kept for the names that a template declares, of the tenant, its sites and routers. */
export async function listValues(
  scope: Scope,
  templateId: string,
): Promise<{ items: StoredValue[]; isCut: boolean }> {
  demand(scope, "templates:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const { variables } = await findTemplate(sql, templateId);
    const names = variables.map(({ name }) => name);
    const rows = await sql<ValueRow[]>`
      select v.name, v.device_id as "deviceId", v.site_id as "siteId",
        case when v.ciphertext is null then v.value end as value,
        v.ciphertext is not null as "isSecret",
        coalesce(s.path, d.name, nullif(l.identity, ''), d.address) as "holderName"
      from template_values v
      left join sites s on s.tenant_id = v.tenant_id and s.id = v.site_id
      left join devices d on d.tenant_id = v.tenant_id and d.id = v.device_id
      left join device_latest l on l.tenant_id = v.tenant_id and l.device_id = v.device_id
      where v.name = any(${names}::text[])
      order by v.name, v.site_id is null and v.device_id is null desc, v.site_id is null,
        lower(coalesce(s.path, d.name, nullif(l.identity, ''), d.address)), v.id
      limit ${MOST + 1}`;
    const items = rows.slice(0, MOST).map(({ name, holderName, value, isSecret, ...row }) => ({
      ...{ name, holder: holderOf(row), holderName, value: isSecret ? null : value },
    }));
    return { items, isCut: rows.length > MOST };
  });
}

function holderOf({ deviceId, siteId }: Pick<ValueRow, "deviceId" | "siteId">): ValueHolder {
  if (deviceId !== null) return { kind: "device", id: deviceId };
  return siteId === null ? { kind: "tenant" } : { kind: "site", id: siteId };
}

/**
 * Keeps a value for a router, a site or the tenant, or forgets it. Every template that uses the name has it.
 *
 * @throws {NotFound} if the tenant has no such router or site
 */
export async function setValue(
  scope: Scope,
  deps: TemplateDeps,
  input: ValueChange,
): Promise<void> {
  demand(scope, "templates:write");
  const parsed = ValueChange.safeParse(input);
  if (!parsed.success) {
    throw new InvalidInput(
      "Cannot keep this value",
      parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    );
  }
  const { name, holder, value, isSecret } = parsed.data;
  const { tenantId } = scope;
  const id = crypto.randomUUID();
  const ciphertext = isSecret && value !== null
    ? await sealValue(deps.kms, tenantId, id, value)
    : null;
  await scope.db.tenant(tenantId, async (sql) => {
    const label = await nameHolder(sql, holder);
    const deviceId = holder.kind === "device" ? holder.id : null;
    const siteId = holder.kind === "site" ? holder.id : null;
    await sql`delete from template_values where name = ${name}
      and device_id is not distinct from ${deviceId} and site_id is not distinct from ${siteId}`;
    if (value !== null) {
      await sql`
        insert into template_values (id, tenant_id, name, device_id, site_id, value, ciphertext)
        values (${id}, ${tenantId}, ${name}, ${deviceId}, ${siteId},
          ${sql.json(isSecret ? "" : value)}, ${ciphertext})`;
    }
    await recordAudit(sql, deps.kms, tenantId, {
      ...{ at: new Date(deps.clock.now()), actor: scope.actor, outcome: "ok" },
      action: value === null ? "template.value_removed" : "template.value_set",
      details: { name, ...(value !== null && !isSecret && { value }) },
      target: {
        kind: holder.kind,
        id: holder.kind === "tenant" ? tenantId : holder.id,
        ...(label !== null && { label }),
      },
      requestId: scope.requestId,
      ip: scope.ip,
    });
  });
}

async function nameHolder(sql: Sql, holder: ValueHolder): Promise<string | null> {
  if (holder.kind === "tenant") return null;
  const [found] = holder.kind === "site"
    ? await sql<{ name: string }[]>`select path as name from sites where id = ${holder.id}`
    : await sql<{ name: string }[]>`
      select coalesce(name, address) as name from devices where id = ${holder.id}`;
  if (found) return found.name;
  throw new NotFound(`Cannot find this ${holder.kind === "site" ? "site" : "router"}`);
}

const contextOf = (id: string) => `template_value:${id}`;

async function sealValue(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  value: TemplateValue,
): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return await kms.encrypt(tenantId, bytes, contextOf(id));
}

export async function openValue(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  ciphertext: Uint8Array,
): Promise<TemplateValue> {
  const bytes = await kms.decrypt(tenantId, ciphertext, contextOf(id));
  return JSON.parse(new TextDecoder().decode(bytes));
}
