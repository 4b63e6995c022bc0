import type { TemplateProblem } from "@/core/contract/templates.ts";
import { ScriptScanner, type Spot } from "./script_scanner.ts";

/** `{{name}}`, or `{{.}}` for the item of the list around it. */
export interface ValueNode {
  kind: "value";
  name: string;
  line: number;
  spot: Spot;
}
/** `{{#name}}…{{/name}}`: for each item, or once if there is something; `{{^name}}`: if there is nothing. */
export interface SectionNode {
  kind: "section";
  name: string;
  line: number;
  isInverted: boolean;
  children: TemplateNode[];
}
export interface TextNode {
  kind: "text";
  text: string;
  line: number;
}
export type TemplateNode = TextNode | ValueNode | SectionNode;

export interface ParsedTemplate {
  nodes: TemplateNode[];
  problems: TemplateProblem[];
}

const TAG = /\{\{([#^/!]?)([^{}]*)\}\}/g;
/** A section's tag, or a remark, alone on its line: the line goes with it. */
const ALONE = /^[ \t]*(\{\{[#^/!][^{}]*\}\})[ \t]*(?:\r?\n|$)/gm;
const NAME = /^(?:\.|[a-z][a-z0-9_]{0,39})$/;
const MAX_DEPTH = 4;

interface Open {
  section: SectionNode;
  /** What the section stands in: it must end in the same. */
  state: string;
}

/** Reads a template's text. Never throws: what it cannot take is in `problems`, with its line. */
export function parseTemplate(text: string): ParsedTemplate {
  const problems: TemplateProblem[] = [];
  const root: TemplateNode[] = [];
  const open: Open[] = [];
  const scanner = new ScriptScanner();
  const source = dropLoneTags(text);
  const refuse = (line: number, message: string) => problems.push({ line, message });
  const push = (node: TemplateNode) => (open.at(-1)?.section.children ?? root).push(node);
  let at = 0;
  for (const match of source.text.matchAll(TAG)) {
    const between = source.text.slice(at, match.index);
    if (between !== "") push({ kind: "text", text: between, line: source.lineAt(at) });
    checkBraces(between, source.lineAt(at), refuse);
    scanner.read(between);
    at = match.index + match[0].length;
    const line = source.lineAt(match.index);
    const [, sign, written] = match as unknown as [string, string, string];
    const name = written.trim();
    if (sign === "!") continue;
    if (!NAME.test(name)) {
      refuse(line, `${match[0].slice(0, 60)} is no name of a variable`);
    } else if (sign === "") {
      const spot = scanner.spotFor(source.text[at]);
      scanner.passValue();
      push({ kind: "value", name, line, spot });
    } else if (sign === "/") {
      close(name, line);
    } else {
      const section: SectionNode = {
        ...{ kind: "section", name, line, isInverted: sign === "^", children: [] },
      };
      push(section);
      open.push({ section, state: scanner.state });
      if (open.length > MAX_DEPTH) refuse(line, `sections stand ${MAX_DEPTH} deep at most`);
    }
  }
  const rest = source.text.slice(at);
  if (rest !== "") push({ kind: "text", text: rest, line: source.lineAt(at) });
  checkBraces(rest, source.lineAt(at), refuse);
  for (const { section } of open) {
    refuse(section.line, `{{#${section.name}}} is never closed: {{/${section.name}}} is missing`);
  }
  return { nodes: root, problems };

  function close(name: string, line: number): void {
    const last = open.pop();
    if (last?.section.name !== name) {
      refuse(line, `{{/${name}}} closes nothing that is open here`);
      if (last) open.push(last);
    } else if (last.state !== scanner.state) {
      refuse(line, `{{/${name}}} must stand on the same side of the quotes as its beginning`);
    }
  }
}

/** Braces that look like a tag and are none would be text that nobody wanted. */
function checkBraces(
  text: string,
  line: number,
  refuse: (line: number, message: string) => void,
): void {
  const at = text.search(/\{\{|\}\}/);
  if (at === -1) return;
  refuse(line + text.slice(0, at).split("\n").length - 1, "{{ and }} must enclose a name");
}

/** The text without the line ends of lone tags, and which line of the original a place is in. */
function dropLoneTags(text: string): { text: string; lineAt(place: number): number } {
  const starts: { place: number; line: number }[] = [{ place: 0, line: 1 }];
  let result = "";
  let from = 0;
  let line = 1;
  const take = (piece: string) => {
    for (const char of piece) {
      result += char;
      if (char === "\n") starts.push({ place: result.length, line: ++line });
    }
  };
  for (const match of text.matchAll(ALONE)) {
    take(text.slice(from, match.index));
    result += match[1]!;
    from = match.index + match[0].length;
    if (match[0].endsWith("\n")) starts.push({ place: result.length, line: ++line });
  }
  take(text.slice(from));
  return {
    text: result,
    lineAt: (place) => starts.findLast((start) => start.place <= place)!.line,
  };
}
