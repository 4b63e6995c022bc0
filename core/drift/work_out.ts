import { createHash } from "node:crypto";
import { maskAttribute, maskEntry } from "@/core/configs/secrets.ts";
import { type ItemChange, labelOf } from "@/core/configs/semantic_diff.ts";
import { ConfigView, type RouterFacts } from "@/core/config_view/config_view.ts";
import type { DriftItem } from "@/core/contract/drift.ts";
import type { ExportEntry, RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { diffPart, diffWhole } from "./baseline_diff.ts";
import { type IgnoreRule, withoutIgnored } from "./ignore.ts";

/** A baseline, opened. */
export interface OpenBaseline {
  readonly id: string;
  /** Of one router: its whole configuration. */
  readonly isWhole: boolean;
  readonly wholeMenus: readonly string[];
  readonly entries: readonly ExportEntry[];
}

/** A difference that is kept, told apart from others and over time. */
export interface FoundDrift {
  readonly baselineId: string;
  readonly fingerprint: Uint8Array;
  readonly change: ItemChange;
}

/** More differences than this are another router's configuration, not a drift. */
export const MAX_DRIFT = 1_000;

export function workOutDrift(
  baseline: OpenBaseline,
  running: RouterosExport,
  facts: RouterFacts,
  ignored: readonly IgnoreRule[],
): FoundDrift[] {
  const { id, isWhole, wholeMenus, entries } = baseline;
  const changes = isWhole
    ? diffWhole(entries, running.entries)
    : diffPart(entries, wholeMenus, new ConfigView(running, facts), running.entries);
  const seen = new Map<string, number>();
  return withoutIgnored(changes, ignored).slice(0, MAX_DRIFT).map((change) => {
    const key = keyOf(change);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const fingerprint = createHash("sha256").update(`${key}\0${nth}`).digest();
    return { baselineId: id, fingerprint, change };
  });
}

/** The same while the same item differs, even if what the router has changes once more. */
function keyOf({ menu, kind, before, after }: ItemChange): string {
  const entry = before ?? after!;
  return JSON.stringify([menu, kind, printCommand(entry)]);
}

const MAX_TEXT = 2_000;
const clip = (text: string) => text.replaceAll("\0", "").slice(0, MAX_TEXT).toWellFormed();

/** As it is kept and shown: bounded, and without a secret. */
export function shownDrift(
  { menu, kind, before, after, attributes }: ItemChange,
): Pick<DriftItem, "kind" | "menu" | "label" | "wanted" | "running" | "attributes"> {
  const print = (entry: ExportEntry | null) => entry && clip(printCommand(maskEntry(entry)));
  const mask = (name: string, value: string | null) => {
    const { value: shown } = maskAttribute(menu, { name, value });
    return shown === null ? null : clip(shown);
  };
  return {
    ...{
      kind,
      menu: clip(menu),
      label: clip(labelOf(maskEntry((after ?? before)!))).slice(0, 500),
    },
    ...{ wanted: print(before), running: print(after) },
    attributes: attributes.slice(0, 100).map(({ name, from, to }) => ({
      ...{ name: clip(name), from: mask(name, from), to: mask(name, to) },
    })),
  };
}
