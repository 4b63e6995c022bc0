import type { Row } from "./live.ts";
import type { Menu } from "./menu.ts";
import type { SimRouter } from "./router.ts";
import { members, referenceOf } from "./values.ts";

/** The property itself, or the hidden one behind a view. */
export const keyFor = (row: Row, menu: Menu, name: string): string =>
  menu.hidden?.includes(name) || menu.viewOf && !(name in row) && name !== "comment"
    ? `$${name}`
    : name;

/** Follows a new name through everything that refers to the old one. */
export function rename(router: SimRouter, home: string, from: string, to: string): void {
  for (const menu of router.tree.menus.values()) {
    const names = (menu.settable ?? []).filter((name) => referenceOf(menu, name) === home);
    if (names.length === 0) continue;
    const path = router.storeOf(menu);
    for (const row of router.config.edit(path)) {
      for (const name of names) {
        const key = keyFor(row, menu, name);
        const value = row[key];
        if (typeof value !== "string" || !value.includes(from)) continue;
        const { isNot, names: all } = members(value);
        if (!all.includes(from)) continue;
        const next = all.map((one) => one === from ? to : one).join(",");
        router.config.assign(path, row, { [key]: isNot ? `!${next}` : next });
      }
    }
  }
  if (home === "/interface") renameGateways(router, from, to);
}

/** A route goes out of an interface by `ether1`, or to somebody there by `10.0.0.1%ether1`. */
function renameGateways(router: SimRouter, from: string, to: string): void {
  for (const path of ["/ip/route", "/ipv6/route"]) {
    for (const row of router.config.edit(path)) {
      const value = row["gateway"];
      if (typeof value !== "string" || !value.includes(from)) continue;
      const next = value.split(",").map((gateway) => {
        const [address, way] = gateway.split("%");
        if (way === undefined) return gateway === from ? to : gateway;
        return way === from ? `${address}%${to}` : gateway;
      }).join(",");
      if (next !== value) router.config.assign(path, row, { gateway: next });
    }
  }
}
