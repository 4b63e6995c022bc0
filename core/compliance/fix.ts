import type { FixStep } from "@/core/contract/compliance_rules.ts";
import {
  type ConfigCommand,
  type ItemTarget,
  MAX_COMMANDS,
} from "@/core/contract/config_commands.ts";
import type { ConfigItem, ConfigView } from "@/core/config_view/config_view.ts";
import { DEFAULTS } from "@/core/config_view/defaults.ts";
import type { Finding } from "./evaluate.ts";

/** What sets right what a rule found: its own commands, and those about each item that failed. */
export function fixCommands(
  steps: readonly FixStep[],
  findings: readonly Finding[],
  view: ConfigView,
): ConfigCommand[] {
  const commands: ConfigCommand[] = [];
  for (const step of steps) {
    if (!("each" in step)) {
      commands.push(step);
      continue;
    }
    for (const { item } of findings) {
      if (item?.menu !== step.each) continue;
      const [menu, target] = [item.menu, targetOf(view, item)];
      commands.push(
        step.action === "remove"
          ? { action: "remove", menu, target }
          : { action: "set", menu, target, attributes: step.attributes },
      );
    }
  }
  return commands.slice(0, MAX_COMMANDS);
}

function targetOf(view: ConfigView, item: ConfigItem): ItemTarget {
  if (item.isSettings) return { by: "menu" };
  const name = view.valueOf(item, "name");
  const isKnown = DEFAULTS[item.menu]?.items?.some(({ names }) => names[0] === item.name);
  if (name && (isKnown || item.said.has("name"))) return { by: "where", where: { name } };
  const born = item.said.get("default-name");
  if (born) return { by: "where", where: { "default-name": born } };
  return { by: "where", where: Object.fromEntries(item.said) };
}
