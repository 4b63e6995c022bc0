import type { ItemTarget } from "@/core/contract/config_commands.ts";
import { unescapeText } from "@/core/wire/routeros/export/value_text.ts";
import { splitWords } from "@/core/wire/routeros/export/words.ts";

/** Why a word cannot be taken; for people. */
export class NotPlain extends Error {}

/** The text a word stands for. @throws {NotPlain} where the router would work it out */
export function plainValue(written: string): string {
  const isQuoted = /^".*"$/s.test(written) && written.length >= 2;
  const inner = isQuoted ? written.slice(1, -1) : written;
  if (/(?:^|[^\\])(?:\\\\)*\$/.test(inner)) {
    throw new NotPlain(`${shown(written)} is worked out by the router; a plain value is needed`);
  }
  if (!isQuoted && /^[[({]/.test(inner)) {
    throw new NotPlain(`${shown(written)} is worked out by the router; a plain value is needed`);
  }
  return unescapeText(inner);
}

/** `name=value` or `!name`; `undefined`: it is neither. */
export function readPair(word: string): { name: string; written: string | null } | undefined {
  const [, unset] = /^!([a-zA-Z.][\w.-]*)$/.exec(word) ?? [];
  if (unset !== undefined) return { name: unset, written: null };
  const [, name, written] = /^([a-zA-Z.][\w.-]*)=(.*)$/s.exec(word) ?? [];
  return name === undefined ? undefined : { name, written: written! };
}

/**
 * Which items a word names: `[find …]`, `*3`, `name`, `name1,name2`.
 *
 * @param naming the attribute that a plain word is the value of
 * @throws {NotPlain}
 */
export function readTargets(word: string, naming: string): ItemTarget[] {
  const [, picked, nth] = /^\[\s*:pick\s+(\[.*\])\s+(\d+)\s*\]$/s.exec(word) ?? [];
  if (picked !== undefined) {
    const [target] = readTargets(picked, naming);
    if (target?.by !== "where") throw new NotPlain(`${shown(word)} names no item`);
    return [{ ...target, nth: Number(nth) }];
  }
  const [, inner] = /^\[\s*find\b(.*)\]$/s.exec(word) ?? [];
  if (inner !== undefined) return [{ by: "where", where: readConditions(inner, word) }];
  if (/^\d+(?:,\d+)*$/.test(word)) {
    throw new NotPlain(`Numbers as ${word} hold for one listing alone; name the item by [find …]`);
  }
  return plainValue(word).split(",").map((item) =>
    /^\*[0-9A-F]{1,16}$/.test(item) ? { by: "id", id: item } : {
      by: "where",
      where: { [naming]: item },
    }
  );
}

function readConditions(inner: string, whole: string): Record<string, string> {
  const where: Record<string, string> = {};
  for (const word of splitWords(inner) ?? []) {
    if (word === "where" || word === "and" || word === "&&") continue;
    const pair = readPair(word);
    if (!pair || pair.name in where) {
      throw new NotPlain(`${shown(whole)}: only name=value and !name can be looked for`);
    }
    where[pair.name] = pair.written === null ? "" : plainValue(pair.written);
  }
  if (Object.keys(where).length === 0) {
    throw new NotPlain(`${shown(whole)} is every item of the menu; one must be named`);
  }
  return where;
}

function shown(word: string): string {
  return word.length > 60 ? `${word.slice(0, 57)}…` : word;
}
