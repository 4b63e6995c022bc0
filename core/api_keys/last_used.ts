import { messageOf } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

const FLUSH_MS = 30_000;

interface Use {
  tenantId: TenantId;
  at: number;
  from: string;
}

/** When each key was last used, gathered here and written once in a while: a busy key costs no writes. */
export class LastUsed implements AsyncDisposable {
  #uses = new Map<string, Use>();
  #timer: ReturnType<typeof setInterval>;

  constructor(readonly deps: { db: Db; clock: Clock; log: Logger }) {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
    Deno.unrefTimer(Number(this.#timer));
  }

  note(keyId: string, tenantId: TenantId, from: string): void {
    this.#uses.set(keyId, { tenantId, at: this.deps.clock.now(), from });
  }

  /** Writes what was gathered. What cannot be written now is lost: it is a hint, not a record. */
  async flush(): Promise<void> {
    const uses = [...this.#uses];
    this.#uses.clear();
    for (const [tenantId, own] of Map.groupBy(uses, ([, use]) => use.tenantId)) {
      try {
        await this.deps.db.tenant(tenantId, (sql) =>
          sql`
          update api_keys k set last_used_at = u.at, last_used_from = u.used_from
          from unnest(${own.map(([id]) => id)}::uuid[],
            ${own.map(([, { at }]) => new Date(at).toISOString())}::text[]::timestamptz[],
            ${own.map(([, { from }]) => from)}::text[]) as u (id, at, used_from)
          where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`);
      } catch (error) {
        this.deps.log.debug("last uses of API keys are not written", { error: messageOf(error) });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
