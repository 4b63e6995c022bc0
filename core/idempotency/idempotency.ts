import { Conflict } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Scope } from "@/core/scope.ts";

/** A create that may come twice: the same key with the same request answers what the first did. */
export interface IdempotentRequest {
  /** The client's Idempotency-Key. */
  key: string;
  /** Which create, so that one key cannot answer another route. */
  route: string;
  body: unknown;
}

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/**
 * The answer stored for this request, if it was carried out before.
 *
 * @throws {Conflict} if the key was used for another request
 */
export async function findAnswer(
  scope: Scope,
  request: IdempotentRequest,
): Promise<StoredAnswer | undefined> {
  const hash = await hashOf(request);
  const [row] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<(StoredAnswer & { hash: string })[]>`
      select status, body, request_hash as hash from idempotency_keys
      where tenant_id = ${scope.tenantId} and actor = ${scope.actor} and key = ${request.key}`,
  );
  if (!row) return undefined;
  if (row.hash !== hash) {
    throw new Conflict("Cannot use this Idempotency-Key again: it belongs to another request");
  }
  return { status: row.status, body: row.body };
}

/** Keeps the answer; call it in the transaction that carries the request out. */
export async function keepAnswer(
  sql: Sql,
  scope: Scope,
  request: IdempotentRequest,
  { status, body }: StoredAnswer,
): Promise<void> {
  const rows = await sql`
    insert into idempotency_keys (tenant_id, actor, key, route, request_hash, status, body)
    values (${scope.tenantId}, ${scope.actor}, ${request.key}, ${request.route},
            ${await hashOf(request)}, ${status}, ${sql.json(body as never)})
    on conflict do nothing returning key`;
  // Two at once: this one is rolled back whole, its repeat finds the other's answer.
  if (rows.length === 0) {
    throw new Conflict(
      "Cannot carry this out twice: the same request is running, repeat it shortly",
    );
  }
}

/** A hash, not the body: it holds a password. */
async function hashOf({ route, body }: IdempotentRequest): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([route, body]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
