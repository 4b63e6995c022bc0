import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { InvalidInput } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printExport } from "@/core/wire/routeros/export/print.ts";
import { isSecret, MASK, maskEntry } from "@/core/configs/secrets.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const MAX_BYTES = 16 * 2 ** 20;
/** Where a text is bound to: moved to another row it does not decrypt. */
const contextOf = (id: string) => `baseline:${id}`;

export async function sealBaseline(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  entries: readonly ExportEntry[],
): Promise<Uint8Array> {
  const text = printExport(entries.map((entry) => ({ ...entry, remarks: [] })));
  return await kms.encrypt(tenantId, await compress(text), contextOf(id));
}

export async function openBaseline(
  kms: Kms,
  tenantId: TenantId,
  id: string,
  ciphertext: Uint8Array,
): Promise<ExportEntry[]> {
  const packed = await kms.decrypt(tenantId, ciphertext, contextOf(id));
  const text = (await decompress(packed, { maxOutputLength: MAX_BYTES })).toString("utf8");
  return [...parseExport(text).entries];
}

const WHY = {
  cut: "ends within a line",
  no_menu: "stands before any menu",
  unreadable: "cannot be read",
  script: "is a script's own command",
} as const;

/**
 * A part as people write it: menus, `add` and `set`.
 *
 * @throws {InvalidInput} naming the lines that are anything else
 */
export function readPart(text: string): ExportEntry[] {
  const { entries, problems } = parseExport(text);
  const issues = problems.map(({ line, reason }) => `line ${line} ${WHY[reason]}`);
  for (const { command, line } of entries) {
    if (command === "add" || command === "set") continue;
    issues.push(`line ${line}: ${command} says what to do, not what there must be`);
  }
  if (entries.length === 0 && issues.length === 0) issues.push("holds no item");
  if (issues.length === 0) return [...entries];
  throw new InvalidInput(
    "Cannot save this baseline",
    issues.slice(0, 20).map((message) => ({ path: "text", message })),
  );
}

/** As people without the right to see secrets read it. */
export function maskedText(entries: readonly ExportEntry[]): string {
  return printExport(entries.map(maskEntry));
}

/** What was edited with its secrets hidden, with those that were left as they were put back. */
export function unmask(
  edited: readonly ExportEntry[],
  known: readonly ExportEntry[],
): ExportEntry[] {
  const secrets = new Map<string, (string | null)[]>();
  for (const entry of known) {
    const key = keyOf(maskEntry(entry));
    for (const attribute of entry.attributes) {
      if (!isSecret(entry.menu, attribute)) continue;
      const slot = `${key}\0${attribute.name}`;
      secrets.set(slot, [...(secrets.get(slot) ?? []), attribute.value]);
    }
  }
  return edited.map((entry) => {
    const key = keyOf(entry);
    const attributes = entry.attributes.map((attribute) => {
      if (attribute.value !== MASK) return attribute;
      const value = secrets.get(`${key}\0${attribute.name}`)?.shift();
      if (value !== undefined) return { ...attribute, value };
      throw new InvalidInput("Cannot save this baseline", [{
        path: "text",
        message: `line ${entry.line}: write the ${attribute.name} anew, as its item was changed`,
      }]);
    });
    return { ...entry, attributes };
  });
}

/** By which an item is found again after others were edited: its menu and all it says but secrets. */
function keyOf({ menu, command, selector, attributes }: ExportEntry): string {
  const named = attributes.find(({ name, value }) => name === "name" && value !== MASK);
  const said = named ? [named] : attributes.filter(({ value }) => value !== MASK);
  return JSON.stringify([menu, command, selector, said]);
}
