import type { RouterVersion } from "./router_version.ts";
import { isWithin } from "./router_version.ts";

/** Forms that an address may take. */
export type AddressForm = "ip4" | "ip6" | "prefix4" | "prefix6" | "range4" | "range6" | "name";

/** A menu whose items' `attribute` are the values. */
export interface Reference {
  readonly menu: string;
  readonly attribute: string;
}

export type FieldType =
  | { readonly kind: "string"; readonly max?: number; readonly isLong?: boolean }
  | { readonly kind: "secret"; readonly min?: number; readonly max?: number }
  | { readonly kind: "boolean" }
  | {
    readonly kind: "choice";
    readonly options: readonly string[];
    readonly isList?: boolean;
    /** Other values are possible, too: the options are help. */
    readonly isOpen?: boolean;
  }
  | {
    readonly kind: "integer";
    readonly min: number;
    readonly max: number;
    readonly words?: readonly string[];
    /** `1-5`, and lists of such. */
    readonly isRanges?: boolean;
  }
  | { readonly kind: "duration"; readonly words?: readonly string[] }
  | {
    readonly kind: "address";
    readonly forms: readonly AddressForm[];
    readonly isList?: boolean;
    readonly words?: readonly string[];
  }
  | { readonly kind: "ports"; readonly isSingle?: boolean }
  | { readonly kind: "mac"; readonly hasMask?: boolean }
  | {
    readonly kind: "reference";
    readonly to: readonly Reference[];
    readonly isList?: boolean;
    readonly words?: readonly string[];
    /** What stands there need not exist. */
    readonly isOpen?: boolean;
  }
  /** Bits per second, `10M`; as a pair `upload/download`. */
  | { readonly kind: "rate"; readonly isPair?: boolean };

/** One attribute of a menu. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** In a few words. */
  readonly help: string;
  /** An item cannot be added without it. */
  readonly isRequired?: boolean;
  /** The router works it out: shown, never written. */
  readonly isReadOnly?: boolean;
  /** Folded away until somebody wants it or it is set. */
  readonly isAdvanced?: boolean;
  /** `!value` says the opposite. */
  readonly isNegatable?: boolean;
  /** Offered only where another attribute has one of these values: its name, then the values. */
  readonly when?: readonly [name: string, ...values: string[]];
  /** What leaving it empty writes, where that is not to unset it. */
  readonly whenEmpty?: string;
  readonly since?: string;
  readonly until?: string;
}

/** A menu of which the product knows the form. */
export interface MenuSchema {
  readonly path: string;
  readonly title: string;
  /** The heading it stands under. */
  readonly group: string;
  readonly help?: string;
  /** One item, as `/system/identity`. */
  readonly isSingle?: boolean;
  /** The first item that fits decides. */
  readonly isOrdered?: boolean;
  /** Items are the router's own: they can be set, not added or removed. */
  readonly isFixed?: boolean;
  /** By which attributes people know an item. */
  readonly key: readonly string[];
  /** Shown in the table, in this order. */
  readonly columns: readonly string[];
  readonly fields: readonly Field[];
  readonly since?: string;
  readonly until?: string;
}

/** The same menu as this version has it. */
export function menuFor(menu: MenuSchema, version: RouterVersion): MenuSchema {
  return { ...menu, fields: menu.fields.filter((field) => isWithin(version, field)) };
}

export function fieldOf(menu: MenuSchema | undefined, name: string): Field | undefined {
  return menu?.fields.find((field) => field.name === name);
}

/** Whether a form offers it: it is set, or what it goes with is. */
export function isOffered(field: Field, values: Readonly<Record<string, string>>): boolean {
  if (!field.when || (values[field.name] ?? "") !== "") return true;
  const [name, ...wanted] = field.when;
  return wanted.includes(values[name] ?? "");
}

const ACRONYMS = new Map(
  ("IP IPv6 DNS MAC MTU VLAN SSID TTL DHCP NAT TCP UDP TLS PPP NTP ARP ID PVID WPA WPA2 NAS RADIUS " +
    "STP LAN WAN DoH TX RX SNMP L2MTU MRU MRRU RAM CPU DSCP PMKID WPS AP BSSID NAK PCP URL TOS " +
    "IGMP ICMP PSD MSS")
    .split(" ").map((word) => [word.toLowerCase(), word]),
);

/** `dst-address` as people read it: "Dst address". */
export function labelOfField(name: string): string {
  const words = name.replace(/^\./, "").split(/[-.]/).map((word) => ACRONYMS.get(word) ?? word);
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
