import { isSecret, MASK } from "@/core/configs/secrets.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { resetValue } from "./defaults.ts";
import { bornName, type Item, nameOf } from "./item.ts";
import { namesIn } from "./references.ts";

/** What makes one item another, as far as it is known how. */
export interface WantedChanges {
  readonly attributes: Record<string, string | null>;
  /** What stays as it is, and why. */
  readonly left: readonly { name: string; why: string }[];
  /** Whether an item made anew would have all of it. */
  readonly isCuredByNew: boolean;
}

const NO_DEFAULT = "the wanted configuration does not say it and its default is not known";
const HIDDEN = "the wanted configuration does not hold its secret: the router keeps its own";
const GONE = "it refers to an item that is gone";

/** A secret that was hidden is no value, and a router without its secrets is not what was wanted. */
export function areSecretsHidden(entries: readonly ExportEntry[]): boolean {
  return !entries.some(({ menu, attributes }) =>
    // A name is shown whoever asks, be it a secret as that of an SNMP community is.
    attributes.some((one) => one.name !== "name" && isSecret(menu, one) && !isMasked(one.value))
  );
}

export function isMasked(value: string | null): boolean {
  return value !== null && value.includes(MASK);
}

export function refersToNothing({ menu }: Item, name: string, value: string | null): boolean {
  return namesIn(menu, name, value).some((one) => /^\*[0-9A-F]+$/.test(one.name));
}

export function wantedChanges(now: Item, wanted: Item, hasSecrets: boolean): WantedChanges {
  const { menu } = now;
  const attributes: Record<string, string | null> = {};
  const left: { name: string; why: string }[] = [];
  let isCuredByNew = true;
  const leave = (name: string, why: string) => {
    left.push({ name, why });
    isCuredByNew &&= why === NO_DEFAULT;
  };
  for (const [name, value] of wanted.attributes) {
    const shown = now.attributes.get(name);
    if (shown === value) continue;
    if (isMasked(value)) leave(name, HIDDEN);
    else if (refersToNothing(now, name, value)) leave(name, GONE);
    else attributes[name] = value;
  }
  for (const [name, shown] of now.attributes) {
    if (wanted.attributes.has(name)) continue;
    if (!hasSecrets && isSecret(menu, { name, value: shown })) leave(name, HIDDEN);
    else {
      const reset = resetValue(menu, name, shown, nameOf(wanted) ?? nameOf(now));
      const value = name === "name" ? bornName(now) ?? reset : reset;
      if (value === undefined) leave(name, NO_DEFAULT);
      else attributes[name] = value;
    }
  }
  return { attributes, left, isCuredByNew };
}

/** Without these an item is open to everybody or no use, so it is not made without them. */
const NEEDED: Readonly<Record<string, string>> = {
  "/ppp/secret": "password",
  "/interface/wireguard": "private-key",
  "/radius": "secret",
};

/** Why an item must not be made as it is wanted; `undefined`: it may. */
export function whyNotMade(wanted: Item, hasSecrets: boolean): string | undefined {
  const masked = [...wanted.attributes].find(([, value]) => isMasked(value));
  if (masked) return `the wanted configuration hides its ${masked[0]}`;
  const needed = NEEDED[wanted.menu];
  if (!hasSecrets && needed && !wanted.attributes.has(needed)) {
    return `the wanted configuration does not hold its ${needed}`;
  }
  const gone = [...wanted.attributes].find(([name, value]) => refersToNothing(wanted, name, value));
  return gone ? `its ${gone[0]} refers to an item that is gone` : undefined;
}
