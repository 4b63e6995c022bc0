import { randomBytes } from "node:crypto";
import { PushRequest } from "@/core/contract/pushes.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { demandReview } from "@/core/change_sets/review_rule.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { broadcastPush } from "./broadcast_push.ts";
import type { PushesDeps } from "./deps.ts";
import { type Look, lookAtRouter } from "./look_at_router.ts";
import { needsName } from "./needs_name.ts";
import { demandConfirmer, readPushPolicy } from "./push_policy.ts";
import { sealPart } from "./seal.ts";
import { auditPush } from "./tell_push.ts";

const MAX_PROBLEMS = 20;

/**
 * Accepts a change to a router; from here on a job drives it, whatever becomes of this process.
 *
 * @throws {Conflict} while another push of the router has not ended, or without a review where one is
 *   demanded
 * @throws {InvalidInput} if a command fits no item of the router, its name must be typed and was not, or
 *   the organisation wants a person to confirm
 * @throws {LinkFailed} if the router cannot be asked
 * @throws {NotFound} also for another tenant's device
 */
export async function startPush(
  scope: Scope,
  deps: PushesDeps,
  input: PushRequest,
  /** Whether it was reviewed, where the organisation demands that; told by the caller in core alone. */
  { isReviewed = false }: { isReviewed?: boolean } = {},
): Promise<{ id: string }> {
  demand(scope, "configs:push");
  const parsed = PushRequest.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const request = parsed.data;
  const { deviceId, commands } = request;
  await scope.db.tenant(scope.tenantId, async (sql) => {
    if (!isReviewed) await demandReview(sql, scope);
    demandConfirmer(scope, await readPushPolicy(sql, scope), request);
    await refuseSecond(sql, deviceId);
  });
  const look = await lookAtRouter(scope, deps, deviceId, commands);
  judge(look, request);
  const { tenantId, actor } = scope;
  const id = crypto.randomUUID();
  const sealed = await sealPart(deps.kms, tenantId, id, "request", request);
  await scope.db.tenant(tenantId, async (sql) => {
    const [row] = await sql`
      insert into pushes (tenant_id, id, device_id, token, title, source_kind, source_id, commands,
        confirm, window_seconds, request, risks, started_by)
      values (${tenantId}, ${id}, ${deviceId}, ${randomBytes(5).toString("hex")}, ${request.title},
        ${request.source.kind}, ${request.source.id}, ${commands.length}, ${request.confirm},
        ${request.windowSeconds}, ${sealed}, ${sql.json(look.risks)}, ${actor})
      on conflict (tenant_id, device_id) where ended_at is null do nothing
      returning id`;
    if (!row) throw second();
    await auditPush(sql, scope, deps, deviceId, "push.started", {
      ...{ push: id, title: request.title, source: request.source, commands: commands.length },
      menus: [...new Set(commands.map(({ menu }) => menu))].slice(0, 20),
      ...{ confirm: request.confirm, risks: look.risks.length, tier: look.tier },
    });
  });
  broadcastPush(deps, tenantId, { id, deviceId, state: "draft" });
  return { id };
}

function judge({ problems, ...look }: Look, { typedName }: PushRequest): void {
  if (problems.length > 0) {
    throw new InvalidInput(
      "Cannot push this",
      problems.slice(0, MAX_PROBLEMS).map(({ command, message }) => ({
        path: `commands.${command}`,
        message,
      })),
    );
  }
  const names = [look.deviceName, look.identity].map((name) => name.trim());
  const isTyped = typedName !== null && names.includes(typedName.trim());
  if (typedName !== null && !isTyped) {
    throw new InvalidInput("Cannot push this", [{
      path: "typedName",
      message: `is not the name of the router, ${look.deviceName}`,
    }]);
  }
  if (isTyped || !needsName(look)) return;
  const risk = look.risks.find(({ severity }) => severity === "certain");
  throw new InvalidInput("Cannot push this without the name of the router", [{
    path: "typedName",
    message: `must be typed: ${risk?.reason ?? `nothing would bring it back. ${look.tierReason}`}`,
  }]);
}

const second = () =>
  new Conflict(
    "Cannot push: another change of this router has not ended. Confirm or revert it first",
  );

async function refuseSecond(sql: Sql, deviceId: string): Promise<void> {
  const [open] = await sql`
    select from pushes where device_id = ${deviceId} and ended_at is null`;
  if (open) throw second();
}

function invalid(issues: readonly { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot push this",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}
