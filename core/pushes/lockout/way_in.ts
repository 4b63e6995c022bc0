import { type ConfigItem, type ConfigModel, isOn } from "../config_model.ts";
import { holds, isSameAddress, withoutMask } from "./addresses.ts";
import type { Management } from "./management.ts";

export const ADDRESS_MENUS = ["/ip/address", "/ipv6/address"];

/** An address of the router by which we may reach it. */
export interface LocalAddress {
  readonly menu: string;
  readonly item: ConfigItem;
}

/**
 * The router's addresses by which we reach it: the one that we connect to; where something stands in
 * front of the router, those of the networks that we come from, else all that are not of its own networks.
 */
export function localAddresses(model: ConfigModel, us: Management): LocalAddress[] {
  const all = ADDRESS_MENUS.flatMap((menu) => model.live(menu).map((item) => ({ menu, item })));
  const ours = all.filter(({ item }) => isSameAddress(addressOf(item), us.address));
  if (ours.length > 0) return ours;
  const near = all.filter(({ item }) =>
    us.sources.some((source) => holds(item["address"] ?? "", source) === true)
  );
  return near.length > 0 ? near : all;
}

export const addressOf = (item: ConfigItem) => withoutMask(item["address"] ?? "");

export function interfaceNamed(
  model: ConfigModel,
  name: string | undefined,
): ConfigItem | undefined {
  return model.items("/interface").find((item) => item["name"] === name);
}

/** The item of an interface in the menu of its kind, such as `/interface/vlan`. */
export function typedInterface(
  model: ConfigModel,
  name: string | undefined,
  kind: string,
): ConfigItem | undefined {
  return model.items(`/interface/${kind}`).find((item) => item["name"] === name);
}

/** One of the interfaces that our packets go through, from the address outwards. */
export interface Hop {
  readonly item: ConfigItem;
  /** `bridge`, `vlan`, `bonding`, `ethernet`, `wg` …, as the router calls it. */
  readonly kind: string;
  /** The VLAN in which our packets are on this interface; `null`: without a tag. */
  readonly vlan: number | null;
}

/** The interfaces from `name` down to where our frames leave the router, as far as it is known. */
export function hopsOf(model: ConfigModel, name: string | undefined, us: Management): Hop[] {
  const hops: Hop[] = [];
  let vlan: number | null = null;
  let next = name;
  while (next !== undefined && hops.length < 10) {
    const item = interfaceNamed(model, next);
    if (!item) break;
    const kind = item["type"] ?? "";
    hops.push({ item, kind, vlan });
    const isTagged = kind === "vlan";
    const within: ConfigItem | undefined = isTagged
      ? typedInterface(model, next, "vlan")
      : undefined;
    if (within) vlan = Number(within["vlan-id"] ?? 1);
    next = within?.["interface"] ??
      (kind === "bridge" && us.ingress !== null && portOf(model, us.ingress, next)
        ? us.ingress
        : undefined);
  }
  return hops;
}

/** The bridge port that an interface is; switched off it is none. */
export function portOf(
  model: ConfigModel,
  name: string,
  bridge?: string,
): ConfigItem | undefined {
  return model.live("/interface/bridge/port").find((port) =>
    port["interface"] === name && (bridge === undefined || port["bridge"] === bridge)
  );
}

export const isOff = (item: ConfigItem) => isOn(item, "disabled");
