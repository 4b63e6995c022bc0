import type { ConfigChange } from "@/core/contract/configs.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { maskAttribute, maskEntry } from "./secrets.ts";
import { type ItemChange, labelOf } from "./semantic_diff.ts";

/** A change as those may see it who must not see secrets. */
export function maskedChange(
  { menu, kind, before, after, attributes, from, to }: ItemChange,
): ConfigChange {
  const print = (entry: ExportEntry | null) => entry && printCommand(maskEntry(entry));
  return {
    ...{ menu, kind, from, to },
    label: labelOf(maskEntry((after ?? before)!)).slice(0, 500),
    before: print(before),
    after: print(after),
    attributes: attributes.map(({ name, from, to }) => ({
      name,
      from: maskAttribute(menu, { name, value: from }).value,
      to: maskAttribute(menu, { name, value: to }).value,
    })),
  };
}
