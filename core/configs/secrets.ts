import type { Attribute, ExportEntry } from "@/core/wire/routeros/export/model.ts";

/** Names that hold a secret in any menu. */
const ALWAYS =
  /^(?:.*-)?(?:password|passphrase|secret|private-key|pre-shared-key|preshared-key|psk|api-key|token)$|^static-key-\d$|^static-sta-private-key$|^(?:supplicant-)?mschap.*password$|^security\.passphrase$|^wpa2?-pre-shared-key$/;
/** Where a plain name is one. */
const IN_MENU: Readonly<Record<string, ReadonlySet<string>>> = {
  "/snmp/community": new Set(["name", "authentication-password", "encryption-password"]),
  "/interface/macsec": new Set(["cak"]),
  "/ip/ipsec/identity": new Set(["secret", "password"]),
  "/system/ups": new Set(["password"]),
};
/** Texts that people write scripts in: a secret may stand inside. */
const SCRIPTS = new Set(["source", "on-event", "on-up", "on-down", "up-script", "down-script"]);
const WITHIN =
  /((?:pass(?:word|phrase)?|secret|psk|token|(?:api|private|pre-?shared)[-_]?key)\s*[=:]\s*\\?["']?)([^\s"'\\;&}]+)/gi;
/** SNMP's name for everybody is no secret, and worth seeing. */
const KNOWN = new Set(["public", ""]);

/** Asterisks, which an export writes without quotes. */
export const MASK = "********";

export function isSecret(menu: string, { name, value }: Attribute): boolean {
  if (value === null || KNOWN.has(value)) return false;
  return ALWAYS.test(name) || ALWAYS.test(name.replace(/^.*\./, "")) ||
    (IN_MENU[menu]?.has(name) ?? false);
}

/** The same entry with its secrets hidden. */
export function maskEntry(entry: ExportEntry): ExportEntry {
  const { menu, attributes, selector } = entry;
  return {
    ...entry,
    attributes: attributes.map((one) => maskAttribute(menu, one)),
    selector: selector?.kind === "find"
      ? { ...selector, where: selector.where.map((one) => maskAttribute(menu, one)) }
      : selector,
  };
}

export function maskAttribute(menu: string, attribute: Attribute): Attribute {
  if (isSecret(menu, attribute)) return { ...attribute, value: MASK };
  const { name, value } = attribute;
  if (value === null || !SCRIPTS.has(name.replace(/^.*\./, ""))) return attribute;
  return { name, value: value.replaceAll(WITHIN, `$1${MASK}`) };
}
