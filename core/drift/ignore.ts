import { isLike } from "@/core/config_view/is_like.ts";
import type { ItemChange } from "@/core/configs/semantic_diff.ts";

export interface IgnoreRule {
  readonly menu: string;
  readonly attribute: string | null;
  readonly comment: string | null;
}

/** What is left of the drift after what may differ was taken out. */
export function withoutIgnored(
  changes: readonly ItemChange[],
  rules: readonly IgnoreRule[],
): ItemChange[] {
  if (rules.length === 0) return [...changes];
  return changes.flatMap((change) => {
    const fitting = rules.filter((rule) => isAbout(rule, change));
    if (fitting.some(({ attribute }) => attribute === null)) return [];
    if (fitting.length === 0 || change.kind !== "changed") return [change];
    const free = new Set(fitting.map(({ attribute }) => attribute));
    const attributes = change.attributes.filter(({ name }) => !free.has(name));
    return attributes.length === 0 ? [] : [{ ...change, attributes }];
  });
}

function isAbout({ menu, comment }: IgnoreRule, change: ItemChange): boolean {
  if (!isLike(change.menu, menu)) return false;
  if (comment === null) return true;
  return [change.before, change.after].some((entry) => {
    const said = entry?.attributes.find(({ name }) => name === "comment")?.value;
    return said != null && isLike(said, comment);
  });
}
