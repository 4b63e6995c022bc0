import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushTier } from "@/core/contract/pushes.ts";
import type { RouterConnection } from "@/core/router_link/link.ts";
import { lookAhead } from "./prepare.ts";

/**
 * What would guard a push of `commands` now, if the router's jobs turn out to run. Reads only.
 *
 * @throws {CannotPlan} when the change does not fit the router
 * @throws {LinkFailed}
 */
export async function foreseeTier(
  connection: RouterConnection,
  commands: readonly ConfigCommand[],
  about: { readonly exportText?: string; readonly now: number },
): Promise<{ tier: PushTier; reason: string }> {
  const { choices } = await lookAhead(connection, {
    ...{ token: "0".repeat(10), commands, now: about.now },
    exportText: about.exportText,
  });
  const [{ tier, reason }] = choices as [typeof choices[number]];
  return { tier, reason };
}
