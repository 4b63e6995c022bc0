import { deepEqual, equal, ok } from "node:assert/strict";
import { RUN_KINDS } from "@/core/contract/runs/mod.ts";
import { figuresOf } from "./tool_figures.ts";
import { readParams, TOOL_FORMS, TOOLS } from "./tool_fields.ts";
import { cellText, shownRows, toCsv, TOOL_COLUMNS, toText } from "./tool_tables.ts";

const HOSTILE = '\u001b[31m=cmd|"x"\u202e\u0007,';

Deno.test("what a router calls itself ends as text: no escape, no formula, no hidden letter", () => {
  const rows = [{ hop: 1, address: HOSTILE, status: "=1+1" }];
  const csv = toCsv("traceroute", rows);
  // deno-lint-ignore no-control-regex
  const control = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/;
  ok(!control.test(csv), csv);
  ok(csv.includes("'=1+1"), csv);
  equal(csv.split("\r\n")[0], TOOL_COLUMNS.traceroute.map(({ key }) => key).join());
  for (const line of toText("traceroute", rows).split("\n")) {
    equal(line.split("\t").length, TOOL_COLUMNS.traceroute.length);
  }
  const address = TOOL_COLUMNS.traceroute.find(({ key }) => key === "address")!;
  ok(!control.test(cellText(address, rows[0]!)));
});

Deno.test("news on top, hops as they lie, the largest flow first and the sum apart", () => {
  const rows = [{ n: 1, rxBps: 1 }, { n: 2, rxBps: 5 }, { n: 3, rxBps: 9, isTotal: true }];
  const order = (tool: "ping" | "traceroute" | "torch") => shownRows(tool, rows).map(({ n }) => n);
  deepEqual([order("ping"), order("traceroute"), order("torch")], [[3, 2, 1], [1, 2, 3], [2, 1]]);
  deepEqual(figuresOf("torch", rows).map(({ value }) => value), ["2", "9 bps", "–"]);
  deepEqual(figuresOf("ping", []), []);
  const pings = [10, 14, 12].map((timeMs, i) => ({ timeMs, sent: i + 1, lossPercent: 33 }));
  const figures = new Map(figuresOf("ping", pings).map((one) => [one.label, one]));
  equal(figures.get("Jitter")!.value, "3.00 ms");
  deepEqual([figures.get("Lost")!.value, figures.get("Lost")!.isBad], ["33 %", true]);
});

Deno.test("a form filled with its defaults gives parameters that its tool takes", () => {
  const wanted = { host: "192.0.2.1", mac: "48:A9:8A:00:11:22", interface: "ether1" };
  for (const tool of TOOLS) {
    const form = new FormData();
    for (const field of TOOL_FORMS[tool].fields) {
      if (field.type === "number") form.set(field.name, String(field.value ?? ""));
      else if (field.type === "choice") form.set(field.name, field.choices[0]![0]);
      else if (field.type === "switch") {
        if (field.isOn || field.isRequired) form.set(field.name, "on");
      } else if (field.isRequired) form.set(field.name, wanted[field.type as keyof typeof wanted]);
      else form.set(field.name, "");
    }
    const checked = RUN_KINDS[tool].params.safeParse(readParams(tool, form));
    ok(checked.success, `${tool}: ${checked.error}`);
    // Every choice offered is one the tool knows, every field one of its parameters.
    for (const field of TOOL_FORMS[tool].fields) {
      ok(field.name in RUN_KINDS[tool].params.shape, `${tool} ${field.name}`);
      if (field.type !== "choice") continue;
      for (const [value] of field.choices) {
        form.set(field.name, value);
        ok(RUN_KINDS[tool].params.safeParse(readParams(tool, form)).success, `${tool} ${value}`);
      }
    }
  }
});
