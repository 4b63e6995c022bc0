import { ENDED_PUSHES } from "@/core/contract/pushes.ts";
import { clean } from "@/core/events/events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushDecision, PushRecord } from "@/core/push/record.ts";
import { PUSH_LEASE_MS, type PushStore, StaleWorker } from "@/core/push/store.ts";
import type { TenantId } from "@/core/scope.ts";
import { decisionOf, progressOf, type PushRow, recordColumns, toRecord } from "./push_row.ts";
import { sealPart } from "./seal.ts";
import { tellOutcome } from "./tell_push.ts";

export interface StoreDeps {
  db: Db;
  kms: Kms;
  clock: Clock;
}

const LEASE_SECONDS = PUSH_LEASE_MS / 1_000;

/** Pushes of one tenant in PostgreSQL. The lease and the epoch are judged by its clock alone. */
export class PgPushStore implements PushStore {
  readonly #deps: StoreDeps;
  readonly #tenantId: TenantId;
  /** What was sealed last: most saves change neither plan nor evidence. */
  readonly #saved = new Map<string, Pick<PushRecord, "plan" | "evidence">>();

  constructor(deps: StoreDeps, tenantId: TenantId) {
    this.#deps = deps;
    this.#tenantId = tenantId;
  }

  async take(id: string): Promise<{ record: PushRecord; epoch: number } | undefined> {
    const { db, kms } = this.#deps;
    const [row] = await db.tenant(this.#tenantId, (sql) =>
      sql<(PushRow & { epoch: number })[]>`
        update pushes set epoch = epoch + 1,
          leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = ${id} and ended_at is null
          and (leased_until is null or leased_until < now())
        returning epoch::int as epoch, ${recordColumns(sql)}`);
    if (!row) return undefined;
    const { epoch, ...rest } = row;
    const record = await toRecord(kms, rest);
    this.#saved.set(id, record);
    return { record, epoch };
  }

  async save(record: PushRecord, epoch: number): Promise<void> {
    const { db } = this.#deps;
    const { id, state, tier, timeline, confirmBy } = record;
    const reason = record.reason === null ? null : clean(record.reason);
    const isEnded = ENDED_PUSHES.includes(state);
    const sealed = await this.#seal(record);
    await db.tenant(this.#tenantId, async (sql) => {
      const [before] = await sql<{ state: PushRecord["state"] }[]>`
        select state from pushes where id = ${id} and epoch = ${epoch} and ended_at is null
        for update`;
      if (!before) throw new StaleWorker(id);
      const steps = timeline.map((entry) => ({ ...entry, text: clean(entry.text) }));
      await sql`
        update pushes set state = ${state}, tier = ${tier}, reason = ${reason},
          timeline = ${sql.json(steps as never)}, progress = ${sql.json(progressOf(record))},
          confirm_by = ${confirmBy === null ? null : new Date(confirmBy)}, updated_at = now(),
          ended_at = ${isEnded ? sql`now()` : null}, due_at = ${isEnded ? null : sql`now()`},
          leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
          ${sealed.plan ? sql`, plan = ${sealed.plan}` : sql``}
          ${sealed.evidence ? sql`, evidence = ${sealed.evidence}` : sql``}
        where id = ${id}`;
      if (state !== before.state) await tellOutcome(sql, this.#deps, { ...record, reason });
    });
    this.#saved.set(id, record);
    if (isEnded) this.#saved.delete(id);
  }

  async renew(id: string, epoch: number): Promise<{ decision: PushDecision | null }> {
    const [row] = await this.#deps.db.tenant(
      this.#tenantId,
      (sql) =>
        sql<Pick<PushRow, "decision" | "decidedBy" | "decidedAt">[]>`
        update pushes set leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = ${id} and epoch = ${epoch} and ended_at is null
        returning decision, decided_by as "decidedBy", decided_at as "decidedAt"`,
    );
    if (!row) throw new StaleWorker(id);
    return { decision: decisionOf(row) };
  }

  async release(id: string, epoch: number): Promise<void> {
    this.#saved.delete(id);
    await this.#deps.db.tenant(
      this.#tenantId,
      (sql) => sql`update pushes set leased_until = null where id = ${id} and epoch = ${epoch}`,
    );
  }

  /** Nothing of what did not change since the last time. Encrypted before the transaction. */
  async #seal(record: PushRecord): Promise<{ plan?: Uint8Array; evidence?: Uint8Array }> {
    const { id, plan, evidence } = record;
    const last = this.#saved.get(id);
    const seal = (part: "plan" | "evidence", value: unknown) =>
      sealPart(this.#deps.kms, this.#tenantId, id, part, value);
    return {
      ...(plan && plan !== last?.plan && { plan: await seal("plan", plan) }),
      ...(evidence && evidence !== last?.evidence &&
        { evidence: await seal("evidence", evidence) }),
    };
  }
}
