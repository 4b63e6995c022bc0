import { checkValue } from "@/core/contract/template_values.ts";
import {
  BUILT_INS,
  type TemplateCheck,
  type TemplateProblem,
  type TemplateValue,
  type TemplateVariable,
} from "@/core/contract/templates.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { type ParsedTemplate, parseTemplate, type TemplateNode } from "./parse_template.ts";
import { render } from "./render.ts";

/** What is wrong with a template, before any router is known; empty: it can be kept. */
export function checkTemplate({ script, variables }: TemplateCheck): TemplateProblem[] {
  const parsed = parseTemplate(script);
  const problems = [...variableProblems(variables), ...parsed.problems];
  const declared = new Map(variables.map((variable) => [variable.name, variable]));
  walk(parsed.nodes, declared, [], problems);
  if (problems.length === 0) problems.push(...trial(parsed, variables));
  return problems.slice(0, 50);
}

function variableProblems(variables: readonly TemplateVariable[]): TemplateProblem[] {
  const messages: string[] = [];
  const names = new Set<string>();
  for (const variable of variables) {
    const { name, type, options, min, max } = variable;
    if (names.has(name)) messages.push(`${name} is declared twice`);
    names.add(name);
    if (type === "choice" && options.length === 0) messages.push(`${name} offers no choice`);
    if (min !== null && max !== null && min > max) messages.push(`${name}: min is above max`);
    if (type === "boolean" && variable.isList) messages.push(`${name}: a boolean is no list`);
    if (variable.default === null) continue;
    if (variable.isSecret) {
      messages.push(`${name}: a secret has no default, as everybody could read it`);
      continue;
    }
    const checked = checkValue(variable, variable.default);
    if (!checked.ok) messages.push(`${name}: its default ${checked.problem}`);
  }
  // Line 0: not in the text.
  return messages.map((message) => ({ line: 0, message }));
}

function walk(
  nodes: readonly TemplateNode[],
  declared: ReadonlyMap<string, TemplateVariable>,
  around: readonly string[],
  problems: TemplateProblem[],
): void {
  const refuse = (line: number, message: string) => problems.push({ line, message });
  for (const node of nodes) {
    if (node.kind === "text") continue;
    const { name, line } = node;
    if (name === ".") {
      const list = around.findLast((one) => declared.get(one)?.isList);
      if (node.kind === "section") refuse(line, "{{.}} opens no section");
      else if (list === undefined) refuse(line, "{{.}} stands in a section over a list only");
    } else if (!declared.has(name) && !(name in BUILT_INS)) {
      refuse(line, `${name} is not declared: declare it, or check its spelling`);
    } else if (node.kind === "value") {
      const isOptional = declared.get(name)?.isRequired === false &&
        declared.get(name)!.default === null;
      if (isOptional && !around.includes(name)) {
        refuse(
          line,
          `${name} may be without a value: put it between {{#${name}}} and {{/${name}}}`,
        );
      }
    }
    if (node.kind === "value") {
      if (node.spot === "nowhere") {
        refuse(
          line,
          `{{${name}}} cannot stand here: a value stands behind =, between quotes or as the item ` +
            "of a command, never as a menu, a command, an attribute's name or within code",
        );
      }
    } else walk(node.children, declared, [...around, node.isInverted ? "" : name], problems);
  }
}

/** Fills it with anything that fits, to see whether RouterOS configuration comes out. */
function trial(
  { nodes }: ParsedTemplate,
  variables: readonly TemplateVariable[],
): TemplateProblem[] {
  const values = new Map<string, TemplateValue>(
    Object.keys(BUILT_INS).map((name) => [name, "sample"]),
  );
  for (const variable of variables) {
    const sample = sampleOf(variable);
    values.set(variable.name, variable.isList ? [sample] : sample);
  }
  const { text, lines, problems } = render(nodes, values);
  if (problems.length > 0) return problems;
  const parsed = parseExport(text);
  if (parsed.entries.length === 0 && parsed.problems.length === 0) {
    return [{ line: 0, message: "it holds no command" }];
  }
  return parsed.problems.map(({ line, reason }) => ({
    ...{ line: lines[line - 1] ?? 0, message: REASONS[reason] },
  }));
}

const REASONS = {
  cut: "a quote or bracket is not closed",
  no_menu: "there is no menu above this command: begin with one, such as /ip dns",
  unreadable: "this is no command of a configuration: add, set, remove and their like",
  script: "a template holds configuration alone: run scripts as a command on many routers",
} as const;

function sampleOf(variable: TemplateVariable): string {
  if (typeof variable.default === "string") return variable.default;
  switch (variable.type) {
    case "string":
      return "sample".padEnd(variable.min ?? 0, "x").slice(0, variable.max ?? undefined);
    case "integer":
      return String(variable.min ?? variable.max ?? 1);
    case "boolean":
      return "yes";
    case "choice":
      return variable.options[0]!;
    case "ip":
      return variable.family === 6 ? "2001:db8::1" : "192.0.2.1";
    case "subnet":
      return variable.family === 6 ? "2001:db8::/64" : "192.0.2.0/24";
  }
}
