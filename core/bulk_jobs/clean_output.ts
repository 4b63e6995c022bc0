import { createHash } from "node:crypto";
import { MASK } from "@/core/configs/secrets.ts";

const strict = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/** Escape sequences of terminals: colours, cursor moves, titles. */
const ESCAPES =
  // deno-lint-ignore no-control-regex
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_]|[ -/][0-~])/g;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const SECRET =
  "(?:[\\w.-]*(?:password|passphrase|secret|private-key|pre-shared-key|preshared-key|psk|api-key|token)|static-key-\\d|cak)";
/** `password="x"`, `password: x`, also where an export broke the line within. */
const ASSIGNED = new RegExp(
  `(\\b${SECRET}(?:=|:[ \\t]))(?:\\\\\\n[ \\t]*)?(?:"(?:\\\\[\\s\\S]|[^"\\\\])*"|[^\\s;]+)`,
  "gi",
);
/** A community is a password in all but name. */
const COMMUNITY =
  /^((?:\/snmp community )?(?:add|set)\b.*?\bname=)("(?:\\.|[^"\\])*"|\S+)(?=.*\b(?:read-access|write-access|addresses)=)/gm;
const SECRET_COLUMN = /(?:^|[A-Z-]*-)(?:PASSWORD|PASSPHRASE|SECRET|PRIVATE-KEY|PRESHARED-KEY)$/;

/** What a router printed, as people may read it: no escapes, one kind of line end, secrets hidden. */
export function cleanOutput(bytes: Uint8Array): string {
  return cleanText(decode(bytes));
}

/** The same for what is text already: a script that somebody typed. */
export function cleanText(written: string): string {
  const text = written.replaceAll(ESCAPES, "").replace(/\r\n?/g, "\n")
    .replaceAll(CONTROLS, "").replace(/[ \t]+$/gm, "").replace(/\n+$/, "");
  return maskColumns(text.replace(ASSIGNED, `$1${MASK}`).replace(COMMUNITY, `$1${MASK}`));
}

function decode(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** Tables name their columns on a line of capitals; what stands below a secret one is hidden. */
function maskColumns(text: string): string {
  let hidden: { from: number; to: number }[] = [];
  return text.split("\n").map((line) => {
    const words = [...line.matchAll(/\S+/g)];
    const isHead = words.length >= 2 &&
      words.every(([word]) => /^(?:#|[A-Z][A-Z0-9.:-]*)$/.test(word!));
    if (isHead) {
      hidden = words.flatMap((word, at) =>
        SECRET_COLUMN.test(word[0]!)
          ? [{ from: word.index, to: words[at + 1]?.index ?? Infinity }]
          : []
      );
      return line;
    }
    if (line === "") hidden = [];
    return hidden.reduceRight((masked, { from, to }) => maskSpan(masked, from, to), line);
  }).join("\n");
}

function maskSpan(line: string, from: number, to: number): string {
  const value = line.slice(from, to).trimEnd();
  if (value.trim() === "") return line;
  const gap = " ".repeat(Math.max(1, Math.min(to, line.length) - from - MASK.length));
  return line.slice(0, from) + MASK + (to < line.length ? gap + line.slice(to) : "");
}

export interface Digests {
  /** The same for the same text. */
  digest: Uint8Array;
  /** The same for texts that say the same of different routers. */
  groupDigest: Uint8Array;
}

/** @param own what the router is called and where it is: the same answer of others names them */
export function digestsOf(text: string, own: readonly string[]): Digests {
  return { digest: sha256(text), groupDigest: sha256(normalise(text, own)) };
}

const VOLATILE: readonly (readonly [RegExp, string])[] = [
  // 2026-11-25 10:00:00, nov/25/2026, 10:00:00
  [/\b\d{4}-\d\d-\d\d\b/g, "<date>"],
  [/\b[a-z]{3}\/\d\d\/\d{4}\b/gi, "<date>"],
  [/\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, "<time>"],
  // 3w2d5h6m7s, 12ms
  [/\b(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?(?:s|ms|us)\b/g, "<duration>"],
  [/\b\d+[wdhm](?:\d+[dhm])*\b/g, "<duration>"],
];

/** Without what differs though the answer is the same: times, durations, the router's own name. */
export function normalise(text: string, own: readonly string[]): string {
  let said = text;
  // Longest first: one may be part of another.
  const names = own.filter((name) => name.length >= 2).sort((a, b) => b.length - a.length);
  for (const name of new Set(names)) said = said.replaceAll(name, "<router>");
  for (const [pattern, word] of VOLATILE) said = said.replace(pattern, word);
  return said.replace(/[ \t]+/g, " ").replace(/^ | $/gm, "").trim();
}

function sha256(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}
