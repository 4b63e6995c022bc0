import { NewDevice } from "@/core/contract/device.ts";
import type { ImportDefaults, ImportRow } from "@/core/contract/device_import.ts";
import { tagNames } from "@/core/contract/tags.ts";
import { giveWay } from "@/core/give_way.ts";
import type { InventoryRow } from "./read_inventory.ts";

/** Rows judged before others of this process have a turn. */
const STRETCH = 250;

/** A row, and what is to be added for it. */
export interface PlannedRow extends ImportRow {
  device: NewDevice | undefined;
}

/** Where a router is reached: what makes two rows the same. */
export function placeOf({ address, port, tlsMode }: NewDevice): string {
  return `${address.toLowerCase()} ${port ?? (tlsMode === "plain" ? 8728 : 8729)}`;
}

/** Judges each row by itself and against the rows before it and what is managed already. */
export async function planImport(
  rows: readonly InventoryRow[],
  { defaults, managed, hasSite, hasTag, profileOf }: {
    defaults: ImportDefaults;
    managed: ReadonlySet<string>;
    /** Whether a site of this name is there, or may be made. */
    hasSite: (name: string) => boolean;
    /** The id of a credential profile of this name. */
    profileOf: (name: string) => string | undefined;
    /** The same of a tag. */
    hasTag: (name: string) => boolean;
  },
): Promise<PlannedRow[]> {
  const seen = new Map<string, number>();
  const judge = (row: InventoryRow): PlannedRow => {
    const { line, fields } = row;
    const address = firstAddress(fields.address ?? "");
    const base = { line, address, name: fields.name ?? null, device: undefined };
    const bad = (reason: string) => ({ ...base, result: "bad" as const, reason });
    if (fields.os && /^(linux|windows|ios|iosxe|nxos|junos|eos|asa|ping|vrp)/i.test(fields.os)) {
      return bad(`it is no RouterOS device: the file says ${fields.os.slice(0, 50)}`);
    }
    const profile = profileFor(row, defaults);
    const profileId = profile === undefined ? undefined : profileOf(profile);
    if (profile !== undefined && profileId === undefined) {
      return bad(`profile: there is no ${profile.slice(0, 100)}`);
    }
    const parsed = NewDevice.safeParse(draftOf(row, address, defaults, profileId));
    if (!parsed.success) {
      return bad(
        parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
      );
    }
    const { site, tags = [] } = parsed.data;
    if (site !== undefined && !hasSite(site)) return bad(`site: there is no ${site}`);
    const unknown = tags.find((name) => !hasTag(name));
    if (unknown !== undefined) return bad(`tags: there is no ${unknown}`);
    const place = placeOf(parsed.data);
    const before = seen.get(place);
    if (before !== undefined) return bad(`the same address and port stand in line ${before}`);
    seen.set(place, line);
    if (managed.has(place)) {
      return { ...base, result: "present", reason: "it is managed already" };
    }
    return { ...base, result: "add", reason: null, device: parsed.data };
  };
  const plan: PlannedRow[] = [];
  for (const row of rows) {
    plan.push(judge(row));
    if (plan.length % STRETCH === 0) await giveWay();
  }
  return plan;
}

/** A row's own login comes first, then its profile, then what the whole import was given. */
function profileFor({ fields }: InventoryRow, defaults: ImportDefaults): string | undefined {
  if (fields.username !== undefined || fields.password !== undefined) return undefined;
  if (fields.profile !== undefined) return fields.profile;
  return defaults.profile;
}

function draftOf(
  { fields }: InventoryRow,
  address: string,
  defaults: ImportDefaults,
  profileId: string | undefined,
): Record<string, unknown> {
  const number = (text: string | undefined) =>
    text === undefined ? {} : { value: /^\d+$/.test(text) ? Number(text) : text };
  const port = number(fields.port);
  const interval = number(fields.pollIntervalSeconds);
  const tags = tagNames([fields.tags ?? "", ...(defaults.tags ?? [])].join());
  const { name, site, username, password, tlsMode, tlsCa, region } = fields;
  return {
    address,
    ...("value" in port && { port: port.value }),
    ...("value" in interval && { pollIntervalSeconds: interval.value }),
    ...(name !== undefined && { name }),
    ...(tags.length > 0 && { tags }),
    ...definedOnly({
      site: site ?? defaults.site,
      ...(profileId === undefined
        ? { username: username ?? defaults.username, password: password ?? defaults.password }
        : { profileId }),
      tlsMode: tlsMode?.toLowerCase() ?? defaults.tlsMode,
      tlsCa,
      region: region ?? defaults.region,
    }),
  };
}

function definedOnly(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The Dude lists all addresses of a router in one cell. */
function firstAddress(text: string): string {
  return text.split(/[,\s]+/).find((one) => one !== "") ?? "";
}
