import { redact } from "@/core/redact.ts";

/** One act, as the use case tells it. */
export interface AuditEntry {
  /** Now, when absent. */
  at?: Date;
  /** `user:<id>`, `key:<id>`, `system:<name>` or `anonymous`: a pseudonym, never a name or address. */
  actor: string;
  /** Dotted: `device.added`, `login.failed`. */
  action: string;
  /** `label` is for people and may be forgotten later; `id` stays in the chain. */
  target?: { kind: string; id: string; label?: string | undefined } | undefined;
  outcome: "ok" | "refused";
  requestId?: string | undefined;
  ip?: string | undefined;
  /** Secrets in it are cut out before it is encrypted; still, never pass one. */
  details?: Record<string, unknown> | undefined;
}

/** An entry as it is stored: bounded, without NUL, empty texts absent. */
export interface CleanEntry {
  at: Date;
  actor: string;
  action: string;
  targetKind: string | null;
  targetId: string | null;
  targetLabel: string | null;
  outcome: "ok" | "refused";
  requestId: string | null;
  ip: string | null;
  /** JSON text of the redacted details. */
  details: string | null;
}

const ACTION = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
const ACTOR = /^(user|key|system|poller):[^\s\0]{1,180}$|^anonymous$/;
const MAX_LABEL = 300;
const MAX_DETAILS = 16_384;

/** @throws {TypeError} if actor or action have not their form: a mistake of the caller */
export function cleanEntry(entry: AuditEntry): CleanEntry {
  const { actor, action, target, outcome, details } = entry;
  if (!ACTOR.test(actor)) {
    throw new TypeError(
      "Cannot audit this actor as it must be user:<id>, key:<id>, system:<name> or anonymous: " +
        `current value is ${JSON.stringify(actor)}`,
    );
  }
  if (!ACTION.test(action) || action.length > 100) {
    throw new TypeError(
      `Cannot audit this action as it must be dotted words: current value is ${
        JSON.stringify(action)
      }`,
    );
  }
  const at = entry.at ?? new Date();
  if (Number.isNaN(at.getTime())) throw new TypeError("Cannot audit an act at no time");
  return {
    at,
    actor,
    action,
    targetKind: clean(target?.kind),
    targetId: clean(target?.id),
    targetLabel: clean(target?.label),
    outcome,
    requestId: clean(entry.requestId),
    ip: clean(entry.ip),
    details: details && Object.keys(details).length > 0 ? detailsText(details) : null,
  };
}

/** PostgreSQL keeps no NUL and no half of a surrogate pair: what is hashed must come back the same. */
function clean(text: string | undefined): string | null {
  return text?.replaceAll("\0", "").slice(0, MAX_LABEL).toWellFormed() || null;
}

function detailsText(details: Record<string, unknown>): string {
  const text = JSON.stringify(redact(details)).toWellFormed();
  if (text.length <= MAX_DETAILS) return text;
  return JSON.stringify({ cut: text.slice(0, MAX_DETAILS / 2).toWellFormed() });
}
