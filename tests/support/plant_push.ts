import type { PushRequest, PushState } from "@/core/contract/pushes.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushEvidence, PushPlan } from "@/core/push/record.ts";
import { sealPart } from "@/core/pushes/seal.ts";
import type { TenantId } from "@/core/scope.ts";

/** A push as the store holds it, in any state, without a router behind it. Answers its id. */
export async function plantPush(
  { db, kms }: { db: Db; kms: Kms },
  { tenantId, deviceId, state, request = {}, text = "It went on" }: {
    tenantId: TenantId;
    deviceId: string;
    state: PushState;
    request?: Partial<PushRequest>;
    /** Of the timeline and the reason: what a router said. */
    text?: string;
  },
): Promise<string> {
  const id = crypto.randomUUID();
  const whole: PushRequest = {
    ...{ deviceId, title: "Another name", source: { kind: "api", id: null }, confirm: "manual" },
    ...{ windowSeconds: 300, probes: [], typedName: null },
    commands: [{
      ...{ action: "set", menu: "/ppp/secret", target: { by: "id", id: "*1" } },
      attributes: { name: text.slice(0, 100), password: "correct horse" },
    }],
    ...request,
  };
  const before = [{ ".id": "*1", name: "branch", password: "battery staple" }];
  const evidence: PushEvidence = {
    ...{ version: "7.18.2", bootedAt: 0, identity: "edge-1", after: null, exportBefore: null },
    ...{ before: [{ menu: "/ppp/secret", isSingle: false, rows: before }], added: [] },
  };
  const plan: PushPlan = {
    ...{ commands: [], net: "script", inverse: [], backupFile: null, backupPassword: null },
  };
  const seal = (part: "request" | "plan" | "evidence", value: unknown) =>
    sealPart(kms, tenantId, id, part, value);
  const isEnded = state === "confirmed" || state === "reverted" || state === "failed";
  const row = {
    ...{ tenant_id: tenantId, id, device_id: deviceId, token: "0123456789", title: whole.title },
    ...{ source_kind: "api", commands: whole.commands.length, confirm: whole.confirm },
    ...{ window_seconds: 300, state, tier: "script", started_by: "user:test" },
    ...{ request: await seal("request", whole), plan: await seal("plan", plan) },
    evidence: await seal("evidence", evidence),
    reason: state === "applied" ? null : text,
    timeline: [{ at: Date.now(), state, text }],
    risks: [{ severity: "certain", command: 0, reason: text }],
    confirm_by: new Date(Date.now() + 300_000),
    ended_at: isEnded ? new Date() : null,
    // Nobody drives it: there is no router.
    due_at: isEnded ? null : new Date("2126-01-01"),
  };
  await db.tenant(
    tenantId,
    (sql) =>
      sql`insert into pushes ${
        sql({ ...row, timeline: sql.json(row.timeline), risks: sql.json(row.risks) } as never)
      }`,
  );
  return id;
}
