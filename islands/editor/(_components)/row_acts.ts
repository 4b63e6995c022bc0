import type { PendingChange } from "@/core/contract/change_sets.ts";
import { moveCommand, removeCommand } from "@/core/contract/editor/commands.ts";
import type { PendingRow } from "@/core/contract/editor/pending_rows.ts";
import { placeBefore } from "@/core/contract/editor/place_row.ts";
import { targetOf } from "@/core/contract/editor/targets.ts";
import type { EditorState } from "./editor_state.ts";

/** What can be done with a row without its form. Each answers whether it was kept. */
export function rowActs(state: EditorState) {
  const path = () => state.path.value;
  const additionOf = ({ item, changes }: PendingRow): PendingChange | undefined =>
    item === null ? state.pending.value.find(({ id }) => id === changes[0]) : undefined;
  const kept = async (said: string, work: Promise<unknown>) => {
    if (await work) return false;
    state.said.value = said;
    return true;
  };
  return {
    /** By the menu, by the router, by what waits already. */
    canChange: (row: PendingRow) => row.mark !== "removed" && row.values["dynamic"] !== "true",
    remove: async (row: PendingRow) => {
      if (row.item === null) return await state.undo(row.changes[0]!);
      const command = removeCommand(path(), targetOf(row.item));
      await kept("Removal is pending", state.add([{ command }]));
    },
    toggle: async (row: PendingRow) => {
      const isOff = /^(true|yes)$/.test(row.values["disabled"] ?? "");
      const disabled = isOff ? "no" : "yes";
      const said = isOff ? "Enabling is pending" : "Disabling is pending";
      const addition = additionOf(row);
      if (addition?.command.action === "add") {
        const attributes = { ...addition.command.attributes, disabled };
        return void await kept(
          said,
          state.edit(addition.id, { ...addition.command, attributes }),
        );
      }
      await kept(
        said,
        state.add([{
          command: {
            action: "set",
            menu: path(),
            target: targetOf(row.item!),
            attributes: { disabled },
          },
        }]),
      );
    },
    /** To the place `to` among all rows of the menu. */
    move: async (row: PendingRow, to: number) => {
      const before = placeBefore(state.rows.value, row.key, to);
      if (before === undefined) return;
      const addition = additionOf(row);
      if (addition?.command.action === "add") {
        return void await kept(
          "Moved",
          state.edit(addition.id, { ...addition.command, before }),
        );
      }
      const command = moveCommand(path(), targetOf(row.item!), before);
      await kept("Move is pending", state.add([{ command }]));
    },
    undo: async (row: PendingRow) => await state.undo(...row.changes),
  };
}
export type RowActs = ReturnType<typeof rowActs>;
