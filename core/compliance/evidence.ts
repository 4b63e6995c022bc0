import { maskEntry } from "@/core/configs/secrets.ts";
import type { RuleEvidence } from "@/core/contract/compliance.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import type { ConfigItem } from "@/core/config_view/config_view.ts";
import type { Finding } from "./evaluate.ts";

const MOST = 20;
const MAX_TEXT = 500;

/** Findings as they are kept and shown: bounded, and without a secret. */
export function evidenceOf(findings: readonly Finding[]): RuleEvidence[] {
  return findings.slice(0, MOST).map(({ menu, item, message }) => ({
    menu,
    line: item?.entry?.line ?? null,
    item: item && clip(textOf(item)),
    message: clip(message),
  }));
}

/** The line of the export; of what no line is about, how it is known. */
function textOf(item: ConfigItem): string {
  if (item.entry) return printCommand(maskEntry(item.entry));
  if (item.isSettings) return "as RouterOS sets it by default";
  const said = [...item.said].map(([name, value]) => ({ name, value }));
  const entry: ExportEntry = {
    ...{ menu: item.menu, command: "add", selector: null, remarks: [], line: 0 },
    attributes: said.length > 0 ? said : [{ name: "name", value: item.name }],
  };
  const text = printCommand(maskEntry(entry)).slice("add ".length);
  return said.length > 0 ? text : `${text} (as RouterOS sets it by default)`;
}

function clip(text: string): string {
  const clean = text.replaceAll("\0", "").toWellFormed();
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…`.toWellFormed() : clean;
}
