import { checkValue } from "@/core/contract/editor/check_value.ts";
import { fieldOf, menuFor } from "@/core/contract/editor/field.ts";
import { itemProblems } from "@/core/contract/editor/item_rules.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import type { RouterVersion } from "@/core/contract/editor/router_version.ts";
import { holdsMask } from "@/core/config_editor/read_menu.ts";
import { attributesOf } from "./merge_change.ts";
import type { ChangeContent } from "./seal.ts";

export interface CommandProblem {
  readonly name: string;
  readonly message: string;
}

/** What would go wrong on the router, as far as the menu is known; `isLenient`: it shall decide. */
export function commandProblems(
  { command, base }: ChangeContent,
  version: RouterVersion,
  isLenient: boolean,
): CommandProblem[] {
  const attributes = attributesOf(command);
  const hidden = Object.entries(attributes)
    .filter(([, value]) => value !== null && holdsMask(value))
    .map(([name]) => ({ name, message: "holds hidden secrets: type them anew" }));
  if (hidden.length > 0) return hidden;
  if (base?.["dynamic"] === "true" && command.action !== "add") {
    return [{
      name: "",
      message: "is made by the router itself: change what it comes from instead",
    }];
  }
  const known = menuSchema(command.menu);
  if (!known || isLenient) return [];
  const schema = menuFor(known, version);
  const problems: CommandProblem[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const field = fieldOf(schema, name);
    if (field?.isReadOnly) {
      problems.push({ name, message: "cannot be set: the router works it out" });
    }
    const problem = field && value !== null ? checkValue(field, value) : undefined;
    if (problem) problems.push({ name, message: problem });
  }
  if (command.action === "add") {
    if (schema.isFixed || schema.isSingle) {
      return [{ name: "", message: "cannot be added: items of this menu are the router's own" }];
    }
    for (const { name, isRequired } of schema.fields) {
      if (isRequired && !command.attributes[name]) problems.push({ name, message: "is needed" });
    }
  }
  if (command.action === "remove" && (schema.isFixed || schema.isSingle)) {
    return [{ name: "", message: "cannot be removed: items of this menu are the router's own" }];
  }
  if (command.action === "add" || command.action === "set") {
    // What was amiss before is not this change's fault.
    const before = new Set(
      itemProblems(command.menu, base ?? {}, version).map(({ name, message }) => name + message),
    );
    const isOld = command.action === "set";
    problems.push(
      ...itemProblems(command.menu, valuesAfter({ command, base }), version)
        .filter(({ name, message }) => !isOld || !before.has(name + message)),
    );
  }
  return problems;
}

/** What the item says once the command is carried out. */
export function valuesAfter({ command, base }: ChangeContent): Record<string, string> {
  const after: Record<string, string> = { ...base };
  for (const [name, value] of Object.entries(attributesOf(command))) {
    if (value === null) delete after[name];
    else after[name] = value;
  }
  return after;
}
