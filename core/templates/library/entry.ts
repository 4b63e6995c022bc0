import {
  type LibraryTemplate,
  type NewVariable,
  TemplateVariable,
} from "@/core/contract/templates.ts";

type Entry = Omit<LibraryTemplate, "variables"> & { variables: NewVariable[] };

/** A template of the starter library, its variables completed. */
export function entry(written: Entry): LibraryTemplate {
  const variables = written.variables.map((variable) => TemplateVariable.parse(variable));
  return { ...written, script: written.script.trimStart(), variables };
}
