import { isOrdered } from "@/core/configs/item_keys.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";

/** Menus in which two exports differ, remarks and what pushes put there aside. */
export function differingMenus(before: string, now: string): string[] {
  const [a, b] = [linesOf(before), linesOf(now)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((menu) => a.get(menu) !== b.get(menu));
}

function linesOf(text: string): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const entry of parseExport(text).entries) {
    const isOwn = /^\/system\/(?:script|scheduler)$/.test(entry.menu) &&
      entry.attributes.some(({ name, value }) => name === "name" && value?.startsWith("tod-"));
    if (isOwn) continue;
    const all = lines.get(entry.menu) ?? [];
    // What was removed and added again stands at the end: that means something in few menus.
    all.push(printCommand(entry));
    lines.set(entry.menu, all);
  }
  return new Map(
    [...lines].map(([menu, all]) => [menu, (isOrdered(menu) ? all : all.sort()).join("\n")]),
  );
}
