import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { TemplateValue } from "@/core/contract/templates.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { parseTemplate } from "./parse_template.ts";
import { render } from "./render.ts";

function fill(script: string, values: Record<string, TemplateValue>) {
  const { nodes, problems } = parseTemplate(script);
  deepEqual(problems, [], script);
  return render(nodes, new Map(Object.entries(values)));
}
const textOf = (script: string, values: Record<string, TemplateValue>) => {
  const { text, problems } = fill(script, values);
  deepEqual(problems, []);
  return text;
};

for (
  const { script, values, want, why } of [
    {
      script: "set servers={{a}}",
      values: { a: "9.9.9.9" },
      want: "set servers=9.9.9.9",
      why: "plain",
    },
    {
      script: "set note={{a}} x=1",
      values: { a: "two words" },
      want: 'set note="two words" x=1',
      why: "quoted where it must be",
    },
    {
      script: 'set note="at {{a}}"',
      values: { a: 'the "b"' },
      want: 'set note="at the \\"b\\""',
      why: "escaped between quotes",
    },
    { script: "set x={{a}}", values: { a: "" }, want: 'set x=""', why: "an empty text" },
    {
      script: "set s={{a}}",
      values: { a: ["1.1.1.1", "2.2.2.2"] },
      want: "set s=1.1.1.1,2.2.2.2",
      why: "a list, with commas",
    },
    {
      script: "set {{a}} mtu=1500",
      values: { a: "ether1" },
      want: 'set "ether1" mtu=1500',
      why: "an item",
    },
    {
      script: "set [ find name={{a}} ] mtu=1",
      values: { a: "e;1" },
      want: 'set [ find name="e;1" ] mtu=1',
      why: "a condition",
    },
    {
      script: "a\n{{#b}}\nx\n{{/b}}\nc",
      values: { b: "yes" },
      want: "a\nx\nc",
      why: "a section's own lines go",
    },
    {
      script: "a\n{{#b}}\nx\n{{/b}}\nc",
      values: { b: "no" },
      want: "a\nc",
      why: "a boolean that is no",
    },
    { script: "a{{^b}}x{{/b}}c", values: {}, want: "axc", why: "the other way round" },
    {
      script: "{{#l}}\nadd a={{.}}\n{{/l}}\n",
      values: { l: ["1", "2"] },
      want: "add a=1\nadd a=2\n",
      why: "each of a list",
    },
    {
      script: "{{#o}}{{#p}}{{/p}}set x={{o}}{{/o}}",
      values: { o: "1" },
      want: "set x=1",
      why: "an optional one, once",
    },
    { script: "{{! why }}\nset x=1", values: {}, want: "set x=1", why: "without its remarks" },
  ] as { script: string; values: Record<string, TemplateValue>; want: string; why: string }[]
) {
  Deno.test(`render(): ${why}`, () => equal(textOf(script, values), want));
}

for (
  const { script, values, problem } of [
    { script: "set x={{a}}", values: {}, problem: /a has no value/ },
    { script: "set x=pre-{{a}}", values: { a: "two words" }, problem: /needs them/ },
    { script: "set {{a}} x=1", values: { a: "*1" }, problem: /names no item/ },
    { script: "set {{a}} x=1", values: { a: "0" }, problem: /names no item/ },
    {
      script: "{{a}} x=1",
      values: { a: "reset-configuration" },
      problem: /stands where no value may/,
    },
    { script: "/ip {{a}} print", values: { a: "x" }, problem: /no value may/ },
    { script: "add {{a}}=1", values: { a: "x" }, problem: /no value may/ },
    { script: "add source={:log info {{a}}}", values: { a: "x" }, problem: /no value may/ },
    { script: 'add on-event="{{a}}"', values: { a: "/system/reboot" }, problem: /runs later/ },
    { script: "add on-event={{a}}", values: { a: "reboot" }, problem: /runs later/ },
    { script: "set x={{a}}", values: { a: ["1,2"] }, problem: /comma/ },
    { script: 'set x="\\{{a}}"', values: { a: "n" }, problem: /no value may/ },
  ] as { script: string; values: Record<string, TemplateValue>; problem: RegExp }[]
) {
  Deno.test(`render() refuses ${JSON.stringify(values)} in ${script}`, () => {
    match(fill(script, values).problems[0]!.message, problem);
  });
}

const HOSTILE = [
  '"; /system reset-configuration; "',
  "$[/system reboot]",
  "$x",
  "[/user add name=x]",
  "a\n/user add name=evil group=full",
  "a\r\nadd x=1",
  "a; /ip service enable telnet",
  "\\",
  '\\\\"',
  "a\\\n",
  "{:put x}",
  "`x`",
  "# remark",
  "(1 + 2)",
  "*1",
  "!a",
  "Würfel 🎲 \u202e",
  "a=b c=d",
  "\t\u0007\u001b[31m",
  "%0a$(x)",
];

Deno.test("render(): a hostile value is what it is, and never a command", () => {
  const script = "/ip firewall filter\nadd chain=input comment={{a}} log=no\n" +
    'add chain=input comment="x {{a}} y" log=no\nset [ find comment={{a}} ] log=yes\n# {{a}}\n' +
    "/system identity\nset name={{a}}\n";
  for (const a of HOSTILE) {
    const { entries, problems } = parseExport(textOf(script, { a }));
    deepEqual(problems, [], a);
    deepEqual(entries.map(({ menu, command }) => `${menu} ${command}`), [
      ...["/ip/firewall/filter add", "/ip/firewall/filter add", "/ip/firewall/filter set"],
      "/system/identity set",
    ], a);
    const value = (at: number, name: string) =>
      entries[at]!.attributes.find((one) => one.name === name)?.value;
    equal(value(0, "comment"), a);
    equal(value(1, "comment"), `x ${a} y`);
    equal(value(3, "name"), a);
    deepEqual(entries[2]!.selector, { kind: "find", where: [{ name: "comment", value: a }] });
    for (const entry of entries) ok(entry.attributes.length <= 3, "no attribute came from a value");
  }
});

Deno.test("render(): in a script that runs later a value stays a text, too", () => {
  const script = '/system scheduler\nadd name=x on-event=":log info \\"lost {{a}}\\""\n';
  for (const a of HOSTILE) {
    const [entry] = parseExport(textOf(script, { a })).entries;
    const inner = entry!.attributes.find(({ name }) => name === "on-event")!.value!;
    // The same reader, as the router reads the kept script when it runs.
    const said = parseExport(`/x\nset said=${inner.slice(":log info ".length)}\n`);
    equal(said.entries.length, 1, a);
    equal(said.entries[0]!.attributes[0]!.value, `lost ${a}`);
  }
});

Deno.test("render(): thousands of random values come back as they were", () => {
  const alphabet = ['"', "\\", "$", "[", "]", ";", "\n", " ", "{", "}", "#", "=", "a", "ü", "\r"];
  let seed = 7;
  const next = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % n;
  for (let round = 0; round < 3_000; round += 1) {
    const a = Array.from({ length: 1 + next(8) }, () => alphabet[next(alphabet.length)]).join("");
    const text = textOf('/a\nadd x={{a}} y="{{a}}" z=1\n', { a });
    const { entries, problems } = parseExport(text);
    deepEqual([problems.length, entries.length], [0, 1], JSON.stringify(a));
    deepEqual(entries[0]!.attributes.map(({ value }) => value), [a, a, "1"], JSON.stringify(a));
  }
});
