import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

/** What a pending change holds that only the server sees in full. */
export interface ChangeContent {
  readonly command: ConfigCommand;
  /** The item as it was when the change was made; `null`: there was none. */
  readonly base: Readonly<Record<string, string>> | null;
  /** What people call the item that it shall stand before. */
  readonly place?: string | undefined;
}

/** Where a content is bound to: moved to another row it does not decrypt. */
const contextOf = (id: string) => `change_set_change:${id}`;

export async function sealChange(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  content: ChangeContent,
): Promise<Uint8Array> {
  const { command, base, place } = content;
  const bytes = new TextEncoder().encode(JSON.stringify({ command, base, place }));
  return await kms.encrypt(tenantId, bytes, contextOf(id));
}

export async function openChange(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  sealed: Uint8Array,
): Promise<ChangeContent> {
  const bytes = await kms.decrypt(tenantId, sealed, contextOf(id));
  return JSON.parse(new TextDecoder().decode(bytes)) as ChangeContent;
}
