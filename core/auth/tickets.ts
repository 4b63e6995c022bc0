import type { Db } from "@/core/ports/db.ts";
import type { Locks } from "@/core/ports/locks.ts";
import type { TenantId } from "@/core/scope.ts";
import { passkeyRequest, type Site } from "./passkeys.ts";
import { randomToken } from "./tokens.ts";

const TICKET_MS = 300_000;

/** A sign-in whose first step is done. */
export interface Ticket {
  account: { id: string; tenantId: TenantId };
  /** What a passkey has to sign. */
  challenge: string | null;
}

/** Keeps a half-done sign-in; answers what the browser needs to go on. */
export async function openTicket(
  { db, locks }: { db: Db; locks: Locks },
  account: Ticket["account"],
  factors: readonly string[],
  site: Site,
): Promise<{ ticket: string; passkeyOptions?: { challenge: string } }> {
  const passkeyOptions = factors.includes("passkey")
    ? await db.tenant(account.tenantId, (sql) => passkeyRequest(sql, site, account.id))
    : undefined;
  const ticket = randomToken();
  await keepTicket(locks, ticket, { account, challenge: passkeyOptions?.challenge ?? null });
  return { ticket, ...(passkeyOptions && { passkeyOptions }) };
}

export function keepTicket(locks: Locks, ticket: string, value: Ticket): Promise<void> {
  return locks.put(`ticket:${ticket}`, JSON.stringify(value), TICKET_MS);
}

/** Takes it, once. */
export async function takeTicket(locks: Locks, ticket: string): Promise<Ticket | undefined> {
  const text = await locks.take(`ticket:${ticket}`);
  return text === undefined ? undefined : JSON.parse(text);
}
