import { computed, signal } from "@preact/signals";
import { FIREWALL_CHECK_MENUS } from "@/core/contract/editor/simple/firewall_check.ts";
import { FORWARDING_MENUS } from "@/core/contract/editor/simple/forwarding.ts";
import { INTERNET_MENUS } from "@/core/contract/editor/simple/internet.ts";
import { LAN_MENUS } from "@/core/contract/editor/simple/lan.ts";
import { type SimpleChange, SimpleTables } from "@/core/contract/editor/simple/simple_tables.ts";
import { SYSTEM_MENUS } from "@/core/contract/editor/simple/system.ts";
import { WIFI_MENUS } from "@/core/contract/editor/simple/wifi.ts";
import type { EditorTable, EditorTables } from "@/core/contract/editor/table.ts";
import { ask } from "../../../ask.ts";
import type { EditorState } from "../editor_state.ts";

const MENUS = [
  ...new Set([
    ...[...INTERNET_MENUS, ...LAN_MENUS, ...WIFI_MENUS, ...FORWARDING_MENUS],
    ...[...FIREWALL_CHECK_MENUS, ...SYSTEM_MENUS],
  ]),
];
/** What one request may ask for. */
const AT_ONCE = 10;

/** The menus behind the plain forms, read at once, with what is pending on them. */
export class SimpleState {
  readonly editor: EditorState;
  readonly read = signal<readonly EditorTable[] | undefined>(undefined);
  readonly problem = signal("");
  readonly isReading = signal(false);
  readonly tables = computed(() =>
    this.read.value && new SimpleTables(this.read.value, this.editor.pending.value)
  );

  constructor(editor: EditorState) {
    this.editor = editor;
  }

  async refresh(): Promise<void> {
    this.isReading.value = true;
    this.problem.value = "";
    const found: EditorTable[] = [];
    for (let at = 0; at < MENUS.length; at += AT_ONCE) {
      const query = new URLSearchParams({ menus: MENUS.slice(at, at + AT_ONCE).join(",") });
      const path = `/api/devices/${this.editor.device.id}/editor/tables?${query}`;
      const answer = await ask(path).catch(() => undefined);
      const body = await answer?.json().catch(() => undefined);
      if (!answer?.ok) {
        this.problem.value = body?.title ?? "The server did not answer: try again.";
        break;
      }
      // A menu that the router lacks is none of its forms.
      found.push(...(body as EditorTables).items.filter((one) => "items" in one));
    }
    if (!this.problem.value) this.read.value = found;
    this.isReading.value = false;
  }

  /** Puts what a form wants to what is pending. Answers whether it was kept. */
  async keep(changes: readonly SimpleChange[]): Promise<boolean> {
    for (const { command, edits } of changes) {
      if (edits !== undefined && await this.editor.edit(edits, command)) return false;
    }
    const added = changes.filter(({ edits }) => edits === undefined)
      .map(({ command }) => ({ command }));
    if (added.length > 0 && await this.editor.add(added)) return false;
    const n = changes.length;
    this.editor.said.value = n === 0
      ? "Nothing would change"
      : n === 1
      ? "1 change is pending"
      : `${n} changes are pending`;
    return true;
  }
}
