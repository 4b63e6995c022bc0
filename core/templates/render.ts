import type { TemplateProblem, TemplateValue } from "@/core/contract/templates.ts";
import { escapeText } from "@/core/wire/routeros/export/value_text.ts";
import type { TemplateNode, TextNode, ValueNode } from "./parse_template.ts";

export interface Rendered {
  text: string;
  /** Which line of the template each line of the text came from. */
  lines: number[];
  /** Not empty: the text is not to be used. */
  problems: TemplateProblem[];
}

/** Written without quotes; each of them means nothing to the scripting language. */
const BARE = /^[A-Za-z0-9._:/,@+-]+$/;
/** Numbers, IPv4 addresses and networks, yes and no: nothing that could be a command. */
const PLAIN = /^(?:-?\d[\d.:/]*|yes|no)$/;
const MAX_TEXT = 500_000;

/**
 * Fills a template. A value is written as what it is, whatever it holds: quoted where it must be, its
 * quotes, `$` and line ends escaped, and refused where neither would help. It never becomes a command.
 *
 * @param values of this router, checked; a name that is not in it has none
 */
export function render(
  nodes: readonly TemplateNode[],
  values: ReadonlyMap<string, TemplateValue>,
): Rendered {
  const rendering = new Rendering(values);
  rendering.all(nodes, undefined);
  return rendering;
}

class Rendering implements Rendered {
  text = "";
  readonly lines = [1];
  readonly problems: TemplateProblem[] = [];
  readonly #values: ReadonlyMap<string, TemplateValue>;

  constructor(values: ReadonlyMap<string, TemplateValue>) {
    this.#values = values;
  }

  all(nodes: readonly TemplateNode[], item: string | undefined): void {
    for (const node of nodes) {
      if (this.text.length > MAX_TEXT) {
        if (this.problems.length === 0) this.#refuse(1, "the script becomes too long");
        return;
      }
      if (node.kind === "text") this.#text(node);
      else if (node.kind === "value") this.#value(node, item);
      else {
        const value = this.#values.get(node.name);
        const items = itemsOf(value);
        if (node.isInverted) {
          if (items.length === 0) this.all(node.children, item);
        } else for (const one of items) this.all(node.children, one);
      }
    }
  }

  #text({ text, line }: TextNode): void {
    if (this.text === "" || this.text.endsWith("\n")) this.lines[this.lines.length - 1] = line;
    this.text += text;
    for (let n = text.split("\n").length - 1, next = line; n > 0; n -= 1) this.lines.push(++next);
  }

  #value(node: ValueNode, item: string | undefined): void {
    const value = node.name === "." ? item : this.#values.get(node.name);
    if (value === undefined) return this.#refuse(node.line, `${node.name} has no value`);
    const problem = listProblem(value);
    if (problem) return this.#refuse(node.line, `${node.name} ${problem}`);
    const text = Array.isArray(value) ? value.join(",") : value;
    const written = write(node, text);
    if (written.problem) this.#refuse(node.line, `${node.name} ${written.problem}`);
    this.text += written.text;
  }

  #refuse(line: number, message: string): void {
    if (this.problems.length < 50) this.problems.push({ line, message });
  }
}

/** What a section goes through: nothing, once, or each item of a list. */
function itemsOf(value: TemplateValue | undefined): string[] {
  if (value === undefined || value === "no" || value === "") return [];
  return Array.isArray(value) ? value : [value];
}

function listProblem(value: TemplateValue): string | undefined {
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return "is an empty list";
  return value.some((item) => item.includes(","))
    ? "holds a comma: put it into a section"
    : undefined;
}

function write({ spot }: ValueNode, value: string): { text: string; problem?: string } {
  switch (spot) {
    case "quoted":
    case "remark":
      return { text: escapeText(value) };
    case "whole":
      return { text: BARE.test(value) ? value : `"${escapeText(value)}"` };
    case "part":
      if (BARE.test(value)) return { text: value };
      return {
        text: "",
        problem: "stands beside other text without quotes, and its value needs them: write " +
          'name="…{{…}}…"',
      };
    case "item":
      // A number or an id would be another item than the one of that name.
      if (value === "" || /^\*|^\d+$/.test(value)) {
        return { text: "", problem: "names no item: it is empty, a number or an internal id" };
      }
      return { text: `"${escapeText(value)}"` };
    case "nested_quoted":
      // Read twice: as the attribute's value, and when the script runs.
      return { text: escapeText(escapeText(value)) };
    case "nested":
      if (PLAIN.test(value)) return { text: value };
      return {
        text: "",
        problem: "stands in a script that runs later, and is no plain number or address: put it " +
          'between \\" and \\"',
      };
    case "nowhere":
      return { text: "", problem: "stands where no value may" };
  }
}
