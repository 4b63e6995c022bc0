import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { RunRow } from "@/core/contract/device_runs.ts";
import type { Tool } from "../tool_fields.ts";
import { cellText, type Column, shownRows, TOOL_COLUMNS } from "../tool_tables.ts";

/** Rows drawn; the rest is in the copy and the CSV. */
const MAX_DRAWN = 200;

/** What a tool has told, live. Strings of routers are text and nothing else. */
export function RunTable({ tool, rows, label }: {
  tool: Tool;
  rows: readonly RunRow[];
  label: string;
}) {
  const columns = TOOL_COLUMNS[tool].filter(({ key }) => isUsed(tool, key, rows));
  const shown = shownRows(tool, rows).slice(0, MAX_DRAWN);
  return (
    <ScrollArea label={`Output of ${label}`} class="mt-3 max-h-96 overflow-y-auto">
      <table class="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={classOf(column)}>{column.label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} text={cellText(column, row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** An address is one word, unless a router made a joke of it. */
const MAX_WORD = 45;

function Cell({ column, text }: { column: Column; text: string }) {
  const isWord = !column.isNumber && column.key !== "status" && text.length <= MAX_WORD;
  const classes = [classOf(column), isWord && "whitespace-nowrap"].filter(Boolean).join(" ");
  return (
    <td class={classes || undefined}>
      <bdi>{text}</bdi>
    </td>
  );
}

/** Columns that the chosen options leave empty would only take room. */
function isUsed(tool: Tool, key: string, rows: readonly RunRow[]): boolean {
  if (tool === "ping" || tool === "traceroute") {
    if (key !== "status") return true;
  }
  return rows.some((row) => row[key] !== null && row[key] !== undefined && row[key] !== "");
}

function classOf({ isNumber, isWide }: Column): string | undefined {
  const classes = [isNumber && "num", isWide && "hidden md:table-cell"].filter(Boolean);
  return classes.length > 0 ? classes.join(" ") : undefined;
}
