import type { z } from "zod";
import { recordAudit } from "@/core/audit/record.ts";
import {
  MAX_TEMPLATES,
  NewTemplate,
  type Template,
  type TemplateCheck,
  TemplateImport,
  TemplatePatch,
  type TemplateProblem,
  type TemplateVariable,
} from "@/core/contract/templates.ts";
import { Conflict, InvalidInput, NotFound } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope, type TenantId } from "@/core/scope.ts";
import { checkTemplate } from "./check_template.ts";
import { LIBRARY } from "./library/mod.ts";
import { findTemplate } from "./read_templates.ts";

export interface TemplateDeps {
  kms: Kms;
  clock: Clock;
}

type Body = z.output<typeof NewTemplate>;
const MAX_VERSIONS = 500;

/** @throws {InvalidInput} naming the lines of a text that cannot be */
export async function addTemplate(
  scope: Scope,
  deps: TemplateDeps,
  input: NewTemplate,
): Promise<Template> {
  demand(scope, "templates:write");
  const body = read(NewTemplate, input);
  demandSound(body);
  return await scope.db.tenant(
    scope.tenantId,
    async (sql) => (await insert(sql, scope, deps, [body], "template.added"))[0]!,
  );
}

/**
 * Another version, or just another name.
 *
 * @throws {Conflict} if somebody saved another version meanwhile
 */
export async function updateTemplate(
  scope: Scope,
  deps: TemplateDeps,
  id: string,
  input: TemplatePatch,
): Promise<Template> {
  demand(scope, "templates:write");
  const { version, note, ...patch } = read(TemplatePatch, input);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await lockTemplates(sql, scope.tenantId);
    const before = await findTemplate(sql, id);
    if (before.version !== version) {
      throw new Conflict(
        `Cannot save this template: it is at version ${before.version} by now, you edited ` +
          `${version}. Look at what changed, then save again`,
      );
    }
    const script = patch.script ?? before.script;
    const variables = patch.variables ?? before.variables;
    const isNewText = script !== before.script ||
      JSON.stringify(variables) !== JSON.stringify(before.variables);
    if (isNewText) demandSound({ script, variables });
    const at = new Date(deps.clock.now());
    const next = isNewText ? version + 1 : version;
    const { name = before.name, description = before.description, tags = before.tags } = patch;
    const row = { name, description, tags, version: next, updated_at: at };
    await inWords(() => sql`update templates set ${sql(row as never)} where id = ${id}`);
    if (isNewText) {
      await sql`delete from template_versions
        where template_id = ${id} and version <= ${next - MAX_VERSIONS}`;
      await insertVersion(sql, scope, { id, version: next, script, variables, note, at });
    }
    await tell(sql, scope, deps, { id, name }, "template.changed", {
      ...{ version: next, note },
      ...(name !== before.name && { name: { from: before.name, to: name } }),
    });
    return await findTemplate(sql, id);
  });
}

/** Its history goes with it; values stay, as other templates may use the same names. */
export async function removeTemplate(scope: Scope, deps: TemplateDeps, id: string): Promise<void> {
  demand(scope, "templates:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const template = await findTemplate(sql, id);
    await sql`delete from templates where id = ${id}`;
    await tell(sql, scope, deps, template, "template.removed", { version: template.version });
  });
}

export async function copyTemplate(
  scope: Scope,
  deps: TemplateDeps,
  id: string,
): Promise<Template> {
  demand(scope, "templates:write");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const { name, description, tags, script, variables } = await findTemplate(sql, id);
    const body = { name, description, tags, script, variables };
    return (await insert(sql, scope, deps, [body], "template.added", true))[0]!;
  });
}

/** Takes templates from files; names that there are get a number. All of them, or none. */
export async function importTemplates(
  scope: Scope,
  deps: TemplateDeps,
  input: TemplateImport,
): Promise<Template[]> {
  demand(scope, "templates:write");
  const { templates } = read(TemplateImport, input);
  const bodies = templates.map(({ format: _, formatVersion: __, ...body }) => body);
  for (const body of bodies) demandSound(body, body.name);
  return await scope.db.tenant(
    scope.tenantId,
    (sql) => insert(sql, scope, deps, bodies, "template.imported", true),
  );
}

/** Takes one of the starter library as the tenant's own. @throws {NotFound} */
export async function addFromLibrary(
  scope: Scope,
  deps: TemplateDeps,
  slug: string,
): Promise<Template> {
  demand(scope, "templates:write");
  const found = LIBRARY.find((one) => one.slug === slug);
  if (!found) throw new NotFound("Cannot find this template in the library");
  const { name, description, tags, script, variables } = found;
  const body = { name, description, tags, script, variables };
  return await scope.db.tenant(
    scope.tenantId,
    async (sql) => (await insert(sql, scope, deps, [body], "template.added", true))[0]!,
  );
}

/** What is wrong with a text that somebody is writing. */
export function checkText(scope: Scope, text: TemplateCheck): TemplateProblem[] {
  demand(scope, "templates:read");
  return checkTemplate(text);
}

async function insert(
  sql: Sql,
  scope: Scope,
  deps: TemplateDeps,
  bodies: readonly Body[],
  action: string,
  /** A name that there is gets a number, instead of a refusal. */
  isRenamed = false,
): Promise<Template[]> {
  await lockTemplates(sql, scope.tenantId);
  const names = new Set(
    (await sql<{ key: string }[]>`select lower(name) as key from templates`).map(({ key }) => key),
  );
  if (names.size + bodies.length > MAX_TEMPLATES) {
    throw new Conflict(`Cannot add a template: ${MAX_TEMPLATES} is the limit, remove one first`);
  }
  const at = new Date(deps.clock.now());
  const ids: string[] = [];
  for (const { name: wanted, description, tags, script, variables } of bodies) {
    const name = isRenamed ? freeName(wanted, names) : wanted;
    names.add(name.toLowerCase());
    const row = { tenant_id: scope.tenantId, name, description, tags, updated_at: at };
    const [made] = await inWords(() =>
      sql<{ id: string }[]>`insert into templates ${sql(row as never)} returning id`
    );
    const id = made!.id;
    await insertVersion(sql, scope, { id, version: 1, script, variables, note: "", at });
    ids.push(id);
  }
  const made = await Promise.all(ids.map((id) => findTemplate(sql, id)));
  for (const template of made) await tell(sql, scope, deps, template, action, { version: 1 });
  return made;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1;; number += 1) {
    const ending = number === 1 ? "" : ` (${number})`;
    const name = wanted.slice(0, 100 - ending.length).trim() + ending;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

interface NewVersion {
  id: string;
  version: number;
  script: string;
  variables: readonly TemplateVariable[];
  note: string;
  at: Date;
}

async function insertVersion(
  sql: Sql,
  { tenantId, actor }: Scope,
  { id, version, script, variables, note, at }: NewVersion,
): Promise<void> {
  await sql`
    insert into template_versions (tenant_id, template_id, version, script, variables, note, actor, at)
    values (${tenantId}, ${id}, ${version}, ${script}, ${sql.json(variables as never)}, ${note},
      ${actor}, ${at})`;
}

async function lockTemplates(sql: Sql, tenantId: TenantId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`templates ${tenantId}`}, 0))`;
}

function demandSound(text: TemplateCheck, name?: string): void {
  const problems = checkTemplate(text);
  if (problems.length === 0) return;
  throw new InvalidInput(
    name === undefined ? "Cannot save this template" : `Cannot save the template ${name}`,
    problems.map(({ line, message }) => ({
      path: line === 0 ? "" : "script",
      message: line === 0 ? message : `line ${line}: ${message}`,
    })),
  );
}

/** @throws {InvalidInput} */
function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    "Cannot save this template",
    parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}

async function inWords<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { constraint_name: constraint } = error as { constraint_name?: string };
    if (constraint === "templates_by_name") {
      throw new Conflict("Cannot save this template: there is one of this name already");
    }
    throw error;
  }
}

async function tell(
  sql: Sql,
  scope: Scope,
  { kms, clock }: TemplateDeps,
  { id, name }: { id: string; name: string },
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "template", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
