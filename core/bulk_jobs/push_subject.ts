import type { JobCheck, PushSubject } from "@/core/contract/bulk_jobs.ts";
import { demandReview, needsReview } from "@/core/change_sets/review_rule.ts";
import { lockSet, openChanges, readChanges } from "@/core/change_sets/rows.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";
import { portableCommand } from "./portable_command.ts";
import { whoLacks } from "@/core/templates/who_lacks.ts";
import { findTemplate } from "@/core/templates/read_templates.ts";

/** What a job pushes, as it is at the moment the job is made. */
export interface Subject {
  /** For the audit log. */
  label: string;
  /** Of `bulk_jobs`. */
  columns: Record<string, string | number>;
  /** What is pushed, where it is the same for every router. */
  commands?: ConfigCommand[];
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
  if (what.kind === "change_set") return await changeSet(sql, scope, kms, what.id);
  await demandReview(sql, scope);
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

/** @throws {Conflict} without a review where one is needed, or once it was discarded */
async function changeSet(sql: Sql, scope: Scope, kms: Kms, id: string): Promise<Subject> {
  const { name, status, reviewedBy } = await lockSet(sql, id);
  if (status === "discarded") throw new Conflict("Cannot push it as it was discarded");
  if (reviewedBy === null && await needsReview(sql, scope.tenantId)) {
    throw new Conflict("Cannot push it without a review: ask somebody who did not write it");
  }
  const rows = await readChanges(sql, id);
  const routers = new Set(rows.map(({ deviceId }) => deviceId));
  if (routers.size !== 1) {
    throw new InvalidInput("Cannot make this job", [{
      path: "what",
      message: routers.size === 0
        ? "this change set is empty"
        : "this change set changes several routers: push it from its own page",
    }]);
  }
  const changes = await openChanges(kms, scope.tenantId, rows);
  const portable = changes.map(({ command, base }) => portableCommand(command, base));
  const problems = portable.flatMap((one) => "problem" in one ? [one.problem] : []);
  if (problems.length > 0) {
    throw new InvalidInput(
      "Cannot push this change set to other routers",
      problems.slice(0, 20).map((message) => ({ path: "what", message })),
    );
  }
  return {
    label: name,
    columns: { change_set_id: id },
    commands: portable.flatMap((one) => "command" in one ? [one.command] : []),
    problems: () => Promise.resolve([]),
  };
}
