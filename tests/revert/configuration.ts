import { exportText } from "@/tools/sim/export.ts";
import type { SimRouter } from "@/tools/sim/router.ts";

/** Menus in which the first that fits decides, as the manual says: written here anew, not the engine's list. */
const FIRST_FITS = /^\/(ip|ipv6) firewall (filter|nat|mangle|raw)$|^\/queue simple$/;

/** What a router is configured to do, one text for one meaning: judged without the engine. */
export function configurationOf(router: SimRouter): string {
  const text = exportText(router, { isTerse: true, hasSecrets: true, hasHeader: false });
  const menus = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, menu] = /^(\/.*?) (?:add|set) /.exec(line) ?? [];
    if (menu === undefined) continue;
    menus.set(menu, [...(menus.get(menu) ?? []), line]);
  }
  return [...menus].map(([menu, lines]) =>
    (FIRST_FITS.test(menu) ? lines : lines.sort()).join("\n")
  ).sort().join("\n");
}

/** What pushes left on the router. */
export function leftovers(router: SimRouter): string[] {
  const names = (menu: string) =>
    router.rows(menu).map((row) => String(row["name"])).filter((name) => name.startsWith("tod-"));
  return [
    ...names("/system/scheduler").map((name) => `job ${name}`),
    ...names("/system/script").map((name) => `script ${name}`),
    ...router.files.list().filter(({ name }) => /(^|\/)tod-/.test(name)).map(({ name }) =>
      `file ${name}`
    ),
  ];
}

/** The first line that differs, for who reads a failure. */
export function firstDifference(wanted: string, seen: string): string {
  const [a, b] = [wanted.split("\n"), seen.split("\n")];
  const missing = a.find((line) => !b.includes(line));
  const extra = b.find((line) => !a.includes(line));
  return `missing: ${missing ?? "-"}; extra: ${extra ?? "-"}${missing || extra ? "" : "; order"}`;
}
