import type { JobCheck, PushSubject } from "@/core/contract/bulk_jobs.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";
import { whoLacks } from "@/core/templates/who_lacks.ts";
import { findTemplate } from "@/core/templates/read_templates.ts";

/** What a job pushes, as it is at the moment the job is made. */
export interface Subject {
  /** For the audit log. */
  label: string;
  /** Of `bulk_jobs`. */
  columns: Record<string, string | number>;
  /** Why it cannot be pushed to some routers. */
  problems(routers: readonly { id: string; name: string }[]): Promise<JobCheck["problems"]>;
}

/** @throws {NotFound} also for another tenant's */
export async function readSubject(
  sql: Sql,
  scope: Scope,
  { kms }: { kms: Kms },
  what: PushSubject,
): Promise<Subject> {
  const template = await findTemplate(sql, what.id);
  const given = what.given ?? {};
  const known = new Set(template.variables.map(({ name }) => name));
  const stray = Object.keys(given).filter((name) => !known.has(name));
  if (stray.length > 0) {
    throw new InvalidInput("Cannot make this job", [
      { path: "what.given", message: `${stray.join(", ")}: this template has no such variable` },
    ]);
  }
  return {
    label: `${template.name}, version ${template.version}`,
    columns: {
      ...{ template_id: template.id, template_version: template.version },
      template_name: template.name,
    },
    problems: (routers) =>
      whoLacks(sql, { kms, tenantId: scope.tenantId }, template, given, routers),
  };
}
