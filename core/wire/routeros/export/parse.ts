import { logicalLines } from "./lines.ts";
import type {
  Attribute,
  ExportEntry,
  ExportHeader,
  ExportProblem,
  RouterosExport,
  Selector,
} from "./model.ts";
import { unescapeText } from "./value_text.ts";
import { splitWords } from "./words.ts";

/** Commands that end a menu's path on one line, as `/export terse` writes it. */
const COMMANDS = new Set(["add", "set", "remove", "unset", "move", "enable", "disable", "reset"]);
/** Attributes of `add` that are written without a value. */
const FLAGS = new Set(["blackhole"]);
const FAILED = /^#\s*error exporting\s+"?([^"]*)"?/i;
const HEADER: readonly [keyof ExportHeader, RegExp][] = [
  ["version", /^#\s.*\bby RouterOS (\S+)/],
  ["softwareId", /^#\s*software id\s*=\s*(\S+)/],
  ["model", /^#\s*model\s*=\s*(.+?)\s*$/],
  ["serialNumber", /^#\s*serial number\s*=\s*(\S+)/],
];

/**
 * Reads what `/export` prints: compact, terse or verbose, RouterOS 6 and 7. Never throws: what it cannot
 * take stands in `problems`, and whoever needs a whole configuration must look there.
 */
export function parseExport(text: string): RouterosExport {
  const reader = new Reader();
  for (const line of logicalLines(text.replace(/^\ufeff/, ""))) reader.read(line);
  return reader;
}

class Reader implements RouterosExport {
  readonly header: Record<keyof ExportHeader, string | null> = {
    ...{ version: null, softwareId: null, model: null, serialNumber: null },
  };
  readonly entries: ExportEntry[] = [];
  readonly failedMenus: string[] = [];
  readonly problems: ExportProblem[] = [];
  #menu: string | undefined;
  #remarks: string[] = [];

  read({ text, line, isCut }: { text: string; line: number; isCut: boolean }): void {
    const trimmed = text.trim();
    if (trimmed === "") return;
    if (trimmed.startsWith("#")) return this.#comment(trimmed);
    const refuse = (reason: ExportProblem["reason"]) => {
      this.problems.push({ line, text: trimmed, reason });
      this.#remarks = [];
    };
    if (isCut) return refuse("cut");
    const words = splitWords(trimmed);
    if (!words) return refuse("cut");
    if (trimmed.startsWith(":")) return refuse("script");
    if (trimmed.startsWith("/")) {
      const rest = this.#enter(words);
      if (rest.length === 0) return;
      words.splice(0, words.length, ...rest);
    }
    if (this.#menu === undefined) return refuse("no_menu");
    const entry = readCommand(words);
    if (!entry) return refuse("unreadable");
    this.entries.push({ menu: this.#menu, ...entry, remarks: this.#remarks, line });
    this.#remarks = [];
  }

  #comment(text: string): void {
    const failed = FAILED.exec(text);
    if (failed) {
      this.failedMenus.push(menuOf(failed[1]!.split(/\s+/)));
      return;
    }
    if (this.#menu === undefined) {
      for (const [field, pattern] of HEADER) {
        this.header[field] ??= pattern.exec(text)?.[1] ?? null;
      }
      return;
    }
    const remark = text.replace(/^#\s*/, "");
    if (remark !== "") this.#remarks.push(remark);
  }

  /** Takes the path off; answers the words of a command on the same line. */
  #enter(words: readonly string[]): string[] {
    const end = words.findIndex((word, at) => at > 0 && COMMANDS.has(word));
    const path = end === -1 ? words : words.slice(0, end);
    this.#menu = menuOf(path);
    this.#remarks = [];
    return end === -1 ? [] : words.slice(end);
  }
}

function menuOf(words: readonly string[]): string {
  return `/${words.join("/").split("/").filter(Boolean).join("/")}`;
}

function readCommand(
  [command, ...words]: readonly string[],
): Pick<ExportEntry, "command" | "selector" | "attributes"> | undefined {
  if (command === undefined || !/^[a-z][a-z-]*$/.test(command)) return undefined;
  let selector: Selector | null = null;
  const attributes: Attribute[] = [];
  let group = "";
  for (const [at, word] of words.entries()) {
    const attribute = command === "add" && FLAGS.has(word)
      ? { name: word, value: "yes" }
      : readAttribute(word);
    if (attribute) {
      // `configuration.mode=ap .ssid=x`: what begins with a point is of the group named before it.
      const isShort = attribute.name.startsWith(".") && group !== "";
      const name = isShort ? group + attribute.name : attribute.name;
      if (!isShort) group = /^(.+)\.[^.]+$/.exec(name)?.[1] ?? group;
      attributes.push({ ...attribute, name });
    } else if (at === 0) {
      const found = readSelector(word);
      if (!found) return undefined;
      selector = found;
    } else return undefined;
  }
  return { command, selector, attributes };
}

/** `name=value`, `name="value"` or `!name`. */
function readAttribute(word: string): Attribute | undefined {
  const [, unset] = /^!([a-zA-Z.][\w.-]*)$/.exec(word) ?? [];
  if (unset !== undefined) return { name: unset, value: null };
  const [, name, written] = /^([a-zA-Z.][\w.-]*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined) return undefined;
  return { name, value: readValue(written!) };
}

function readValue(written: string): string {
  const isQuoted = written.length >= 2 && written.startsWith('"') && written.endsWith('"');
  return unescapeText(isQuoted ? written.slice(1, -1) : written);
}

function readSelector(word: string): Selector | undefined {
  const [, inner] = /^\[\s*find\b(.*)\]$/s.exec(word) ?? [];
  if (inner === undefined) return { kind: "item", item: readValue(word) };
  const where: Attribute[] = [];
  for (const condition of splitWords(inner) ?? []) {
    if (condition === "where") continue;
    const attribute = readAttribute(condition);
    if (!attribute) return undefined;
    where.push(attribute);
  }
  return { kind: "find", where };
}
