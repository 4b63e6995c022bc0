import { MASK } from "@/core/configs/secrets.ts";
import type {
  GivenValues,
  ResolvedValue,
  TemplateProblem,
  TemplateVariable,
} from "@/core/contract/templates.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { parseTemplate, type TemplateNode } from "./parse_template.ts";
import { render } from "./render.ts";
import { type Level, resolve } from "./resolve.ts";
import type { TemplateRouter } from "./router_values.ts";

/** A template filled for one router. */
export interface Filled {
  /** Not empty: it cannot be pushed to this router. */
  problems: TemplateProblem[];
  shown: ResolvedValue[];
  /** What must not be seen. */
  secrets: string[];
  /** As people may see it. */
  maskedText: string;
  entries: readonly ExportEntry[];
}

/** A template, read once for many routers. */
export class FillableTemplate {
  readonly #nodes: readonly TemplateNode[];

  constructor(script: string, readonly variables: readonly TemplateVariable[]) {
    this.#nodes = parseTemplate(script).nodes;
  }

  get names(): string[] {
    return this.variables.map(({ name }) => name);
  }

  /** Of a router whose values are complete there are no problems. */
  fill(router: TemplateRouter, levels: readonly Level[], given: GivenValues): Filled {
    const { values, shown, secrets } = resolve(this.variables, router.builtIns, given, levels);
    const unresolved = shown.flatMap(({ name, problem }) =>
      problem ? [{ line: 0, message: `${name} ${problem}` }] : []
    );
    const masked = new Map(
      [...values].map(([name, value]) => {
        const isSecret = shown.find((one) => one.name === name)?.value === MASK;
        return [name, isSecret ? MASK : value];
      }),
    );
    const maskedText = render(this.#nodes, masked).text;
    if (unresolved.length > 0) {
      return { problems: unresolved, shown, secrets, maskedText, entries: [] };
    }
    const rendered = render(this.#nodes, values);
    const parsed = parseExport(rendered.text);
    const problems = [
      ...rendered.problems,
      ...parsed.problems.map(({ line }) => ({
        line: rendered.lines[line - 1] ?? 0,
        message: "is no command of a configuration",
      })),
    ];
    const entries = parsed.entries.map((entry) => ({
      ...entry,
      remarks: [],
      line: rendered.lines[entry.line - 1] ?? 0,
    }));
    return { problems, shown, secrets, maskedText, entries };
  }
}
