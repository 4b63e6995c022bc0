import type { ItemChange } from "./semantic_diff.ts";

/** Items that came, went, and are otherwise than before. */
export function countChanges(
  changes: readonly ItemChange[],
): { added: number; removed: number; changed: number } {
  const count = (...kinds: ItemChange["kind"][]) =>
    changes.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    added: count("added"),
    removed: count("removed"),
    changed: count("changed", "moved"),
  };
}
