import { MASK } from "@/core/configs/secrets.ts";
import { checkValue } from "@/core/contract/template_values.ts";
import {
  BUILT_IN_NAMES,
  type BuiltIn,
  type GivenValues,
  type ResolvedValue,
  type TemplateValue,
  type TemplateVariable,
} from "@/core/contract/templates.ts";

/** A value as it is kept, in the clear. */
export interface KeptValue {
  value: TemplateValue;
  isSecret: boolean;
}

/** What is kept for one router, nearest first. */
export interface Level {
  source: "device" | "site" | "tenant";
  /** Of the site. */
  name: string | null;
  values: ReadonlyMap<string, KeptValue>;
}

export interface Resolved {
  /** What a template is filled with; what has a problem is not in it. */
  values: Map<string, TemplateValue>;
  /** The same for people: where each came from, secrets hidden. */
  shown: ResolvedValue[];
  /** Values that must not be seen. */
  secrets: string[];
}

/**
 * What a router has for each variable: what was given for this occasion, else the nearest of its own, its
 * site's, those of the sites above, the tenant's; else the default.
 */
export function resolve(
  variables: readonly TemplateVariable[],
  builtIns: Readonly<Record<BuiltIn, string>>,
  given: GivenValues,
  levels: readonly Level[],
): Resolved {
  const resolved: Resolved = { values: new Map(), shown: [], secrets: [] };
  for (const variable of variables) take(resolved, variable, given, levels);
  for (const name of BUILT_IN_NAMES) {
    const value = builtIns[name];
    if (value !== "") resolved.values.set(name, value);
    resolved.shown.push({
      ...{ name, source: "built_in", sourceName: null, value: value || null, problem: null },
    });
  }
  return resolved;
}

function take(
  { values, shown, secrets }: Resolved,
  variable: TemplateVariable,
  given: GivenValues,
  levels: readonly Level[],
): void {
  const { name } = variable;
  const { source, sourceName, kept } = find(variable, given, levels);
  if (!kept) {
    const problem = variable.isRequired ? "has no value" : null;
    shown.push({ name, source, sourceName, value: null, problem });
    return;
  }
  const isSecret = variable.isSecret || kept.isSecret;
  const checked = checkValue(variable, kept.value);
  const value = checked.ok ? checked.value : kept.value;
  if (checked.ok) values.set(name, checked.value);
  if (isSecret) secrets.push(...[value].flat());
  shown.push({
    ...{ name, source, sourceName, value: isSecret ? MASK : value },
    problem: checked.ok ? null : checked.problem,
  });
}

function find(
  variable: TemplateVariable,
  given: GivenValues,
  levels: readonly Level[],
): { source: ResolvedValue["source"]; sourceName: string | null; kept: KeptValue | undefined } {
  const { name } = variable;
  if (Object.hasOwn(given, name)) {
    return { source: "given", sourceName: null, kept: { value: given[name]!, isSecret: false } };
  }
  for (const level of levels) {
    const kept = level.values.get(name);
    if (kept) return { source: level.source, sourceName: level.name, kept };
  }
  if (variable.default === null) return { source: "missing", sourceName: null, kept: undefined };
  const kept = { value: variable.default, isSecret: false };
  return { source: "default", sourceName: null, kept };
}
