import { nameOf } from "@/core/actor_name.ts";
import { diffLines } from "@/core/configs/text_diff.ts";
import type {
  Template,
  TemplateComparison,
  TemplateFile,
  TemplateSummary,
  TemplateVariable,
  TemplateVersion,
} from "@/core/contract/templates.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

interface TemplateRow extends Omit<Template, "updatedAt" | "usedAt" | "variables"> {
  updatedAt: Date;
  usedAt: Date | null;
  variables: TemplateVariable[];
}

export interface TemplateFilter {
  /** In name, description or script. */
  q?: string | undefined;
  tag?: string | undefined;
}

/** All templates that fit, by name, without their text. They are few: see `MAX_TEMPLATES`. */
export async function listTemplates(
  scope: Scope,
  { q, tag }: TemplateFilter = {},
): Promise<TemplateSummary[]> {
  demand(scope, "templates:read");
  const pattern = q ? `%${q.replace(/[\\%_]/g, "\\$&")}%` : undefined;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const rows = await sql<TemplateRow[]>`
      select ${columns(sql)} from ${sources(sql)}
      where ${tag ? sql`lower(${tag}) = any(select lower(unnest(t.tags)))` : sql`true`}
        and ${
      pattern
        ? sql`(t.name ilike ${pattern} or t.description ilike ${pattern} or v.script ilike ${pattern})`
        : sql`true`
    }
      order by lower(t.name), t.id`;
    return rows.map((row) => {
      const { script: _, variables, ...rest } = toTemplate(row);
      return { ...rest, variables: variables.length };
    });
  });
}

/** @throws {NotFound} also for another tenant's */
export async function getTemplate(scope: Scope, id: string): Promise<Template> {
  demand(scope, "templates:read");
  return await scope.db.tenant(scope.tenantId, (sql) => findTemplate(sql, id));
}

/** The history of a template, newest first. */
export async function listTemplateVersions(scope: Scope, id: string): Promise<TemplateVersion[]> {
  demand(scope, "templates:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await findTemplate(sql, id);
    const rows = await sql<(Omit<TemplateVersion, "at"> & { at: Date })[]>`
      select v.version, v.at, v.actor, v.note,
        ${nameOf(sql, sql`v.tenant_id`, sql`v.actor`)} as "actorName"
      from template_versions v where v.template_id = ${id} order by v.version desc limit 500`;
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  });
}

/** Two versions against each other; without numbers the last two. */
export async function compareTemplate(
  scope: Scope,
  id: string,
  wanted: { from?: number | undefined; to?: number | undefined } = {},
): Promise<TemplateComparison> {
  demand(scope, "templates:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const { version } = await findTemplate(sql, id);
    const to = wanted.to ?? version;
    const from = wanted.from ?? Math.max(1, to - 1);
    const rows = await sql<{ version: number; script: string; variables: TemplateVariable[] }[]>`
      select version, script, variables from template_versions
      where template_id = ${id} and version in (${from}, ${to})`;
    const find = (number: number) => {
      const row = rows.find(({ version }) => version === number);
      if (!row) throw new NotFound(`Cannot find the version ${number} of this template`);
      return row;
    };
    const [before, after] = [find(from), find(to)];
    return {
      from,
      to,
      script: diffLines(before.script, after.script),
      variables: diffLines(inLines(before.variables), inLines(after.variables)),
    };
  });
}

function inLines(variables: readonly TemplateVariable[]): string {
  return variables.map((variable) =>
    Object.entries(variable)
      .filter(([, value]) =>
        value !== null && value !== false && value !== "" &&
        !(Array.isArray(value) && value.length === 0)
      )
      .map(([name, value]) => name === "name" ? String(value) : `${name}=${JSON.stringify(value)}`)
      .join(" ")
  ).join("\n");
}

/** What another installation can import. No value that was kept for a router is in it. */
export async function exportTemplate(scope: Scope, id: string): Promise<TemplateFile> {
  const { name, description, tags, script, variables } = await getTemplate(scope, id);
  return {
    ...{ format: "tod-template", formatVersion: 1, name, description, tags },
    ...{ variables, script },
  };
}

export async function findTemplate(sql: Sql, id: string, version?: number): Promise<Template> {
  const [row] = await sql<TemplateRow[]>`
    select ${columns(sql)} from ${sources(sql, version)} where t.id = ${id}`;
  if (!row) throw new NotFound("Cannot find this template");
  return toTemplate(row);
}

function sources(sql: Sql, version?: number) {
  return sql`templates t join template_versions v on v.tenant_id = t.tenant_id
    and v.template_id = t.id and v.version = ${version ?? sql`t.version`}`;
}

function columns(sql: Sql) {
  return sql`t.id, t.name, t.description, t.tags, t.version, v.script, v.variables,
    t.updated_at as "updatedAt", v.actor as "updatedBy",
    ${nameOf(sql, sql`v.tenant_id`, sql`v.actor`)} as "updatedByName",
    ${uses(sql)}`;
}

/** Jobs that pushed it. */
function uses(sql: Sql) {
  const jobs = sql`from bulk_jobs b where b.tenant_id = t.tenant_id and b.template_id = t.id`;
  return sql`(select count(*)::int ${jobs}) as uses,
    (select max(b.created_at) ${jobs}) as "usedAt"`;
}

function toTemplate(row: TemplateRow): Template {
  return {
    ...row,
    updatedAt: row.updatedAt.toISOString(),
    usedAt: row.usedAt?.toISOString() ?? null,
  };
}
