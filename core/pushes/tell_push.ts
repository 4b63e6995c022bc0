import { recordAudit } from "@/core/audit/record.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import type { EventKind } from "@/core/contract/events.ts";
import type { PushState } from "@/core/contract/pushes.ts";
import { recordEvents } from "@/core/events/events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushRecord } from "@/core/push/record.ts";
import type { Scope } from "@/core/scope.ts";

export interface TellDeps {
  kms: Kms;
  clock: Clock;
}

type Told = Pick<PushRecord, "id" | "deviceId" | "tenantId" | "state" | "reason" | "request">;

interface Words {
  kind: EventKind;
  severity: "info" | "warning" | "critical";
  text: (title: string) => string;
}

const WORDS: Readonly<Partial<Record<PushState, Words>>> = {
  applied: {
    ...{ kind: "config.push_waits", severity: "warning" },
    text: (title) => `“${title}” is applied and waits to be confirmed`,
  },
  confirmed: {
    ...{ kind: "config.pushed", severity: "info" },
    text: (title) => `“${title}” is applied and stays`,
  },
  reverted: {
    ...{ kind: "config.reverted", severity: "warning" },
    text: (title) => `“${title}” was taken back, the router holds what it held before`,
  },
  failed: {
    ...{ kind: "config.push_failed", severity: "warning" },
    text: (title) => `“${title}” was not applied`,
  },
  unknown: {
    ...{ kind: "config.push_unknown", severity: "critical" },
    text: (title) => `what became of “${title}” is not known`,
  },
};

/** The event for people and the audit entry of how a push came out, in the transaction that says so. */
export async function tellOutcome(sql: Sql, deps: TellDeps, push: Told): Promise<void> {
  const words = WORDS[push.state];
  if (!words || (push.state === "applied" && push.request.confirm === "auto")) return;
  const { id, tenantId, deviceId, state, reason, request: { title } } = push;
  const at = new Date(deps.clock.now());
  const name = await deviceName(sql, deviceId) ?? deviceId;
  const because = reason && state !== "confirmed" ? `: ${reason}` : "";
  await recordEvents(sql, tenantId, [{
    ...{ at: at.toISOString(), kind: words.kind, severity: words.severity },
    ...{ deviceId, deviceName: name, data: { pushId: id } },
    message: `${name}: ${words.text(title)}${because}`,
  }]);
  if (state === "applied") return;
  await recordAudit(sql, deps.kms, tenantId, {
    ...{ at, actor: "system:pushes", action: `push.${state}` },
    outcome: state === "failed" ? "refused" : "ok",
    details: { push: id, title, ...(reason && { reason }) },
    target: { kind: "device", id: deviceId, label: name },
  });
}

/** The audit entry of what somebody did with a push; last in its transaction. */
export async function auditPush(
  sql: Sql,
  scope: Scope,
  { kms, clock }: TellDeps,
  deviceId: string,
  action: "push.started" | "push.confirm_asked" | "push.revert_asked" | "push.closed",
  details: Record<string, unknown>,
): Promise<void> {
  const label = await deviceName(sql, deviceId) ?? deviceId;
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at: new Date(clock.now()), actor: scope.actor, action, outcome: "ok", details },
    target: { kind: "device", id: deviceId, label },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}
