import { commentChangeSet, createChangeSet } from "@/core/change_sets/change_sets.ts";
import { addChanges } from "@/core/change_sets/edit_changes.ts";
import type { Platform } from "@/core/platform.ts";
import type { Scope } from "@/core/scope.ts";
import { HOSTILE } from "./hostile_fleet.ts";

/** A draft with hostile texts for a router that nobody has to reach: all of it is added. */
export async function plantChangeSet(
  scope: Scope,
  { kms, clock }: Platform,
  deviceId: string,
): Promise<string> {
  const deps = { kms, clock, routers: undefined as never };
  const { id } = await createChangeSet(scope, deps, { name: HOSTILE[0]!.slice(0, 150) });
  const changes = HOSTILE.map((text, at) => ({
    command: {
      action: "add" as const,
      menu: "/ip/firewall/filter",
      attributes: { chain: "input", action: "accept", comment: `${at} ${text}`.slice(0, 500) },
      before: null,
    },
  }));
  await addChanges(scope, deps, id, { deviceId, changes });
  await commentChangeSet(scope, deps, id, { text: HOSTILE.join("\n").slice(0, 4_000) });
  return id;
}
