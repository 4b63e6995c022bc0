import type { PushRequest, PushState, PushTier } from "@/core/contract/pushes.ts";
import { clean } from "@/core/events/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushEvidence, PushPlan, PushRecord, TimelineEntry } from "@/core/push/record.ts";
import type { TenantId } from "@/core/scope.ts";
import { openPart } from "./seal.ts";

/** Of a push, all that the engine works with. */
export interface PushRow {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly deviceId: string;
  readonly token: string;
  readonly request: Uint8Array;
  readonly plan: Uint8Array | null;
  readonly evidence: Uint8Array | null;
  readonly state: PushState;
  readonly tier: PushTier | null;
  readonly reason: string | null;
  readonly timeline: TimelineEntry[];
  readonly progress: Partial<Progress>;
  readonly decision: "confirm" | "revert" | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly confirmBy: Date | null;
}

export function recordColumns(sql: Sql) {
  return sql`id, tenant_id as "tenantId", device_id as "deviceId", token, request, plan, evidence,
    state, tier, reason, timeline, progress, decision, decided_by as "decidedBy", decided_at as "decidedAt",
    confirm_by as "confirmBy"`;
}

/** What the engine remembers beside what has a column of its own. */
export type Progress = Pick<PushRecord, "aim" | "foreign">;

export function progressOf({ aim, foreign }: PushRecord): Progress {
  return { aim, foreign: foreign.map(clean) };
}

/** Not inside a transaction: it decrypts. */
export async function toRecord(kms: Kms, row: PushRow): Promise<PushRecord> {
  const { id, tenantId, deviceId, token, state, tier, reason, timeline, progress } = row;
  const [request, plan, evidence] = await Promise.all([
    openPart<PushRequest>(kms, tenantId, id, "request", row.request),
    row.plan && openPart<PushPlan>(kms, tenantId, id, "plan", row.plan),
    row.evidence && openPart<PushEvidence>(kms, tenantId, id, "evidence", row.evidence),
  ]);
  return {
    ...{ id, tenantId, deviceId, token, request, state, tier, reason, timeline },
    ...{ plan, evidence, aim: progress.aim ?? null, foreign: progress.foreign ?? [] },
    decision: decisionOf(row),
    confirmBy: row.confirmBy?.getTime() ?? null,
  };
}

export function decisionOf(
  { decision, decidedBy, decidedAt }: Pick<PushRow, "decision" | "decidedBy" | "decidedAt">,
): PushRecord["decision"] {
  return decision && { action: decision, actor: decidedBy, at: decidedAt!.getTime() };
}
