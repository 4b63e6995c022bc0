import { deepEqual, equal, match } from "node:assert/strict";
import { checkValue } from "@/core/contract/template_values.ts";
import { type NewVariable, TemplateVariable } from "@/core/contract/templates.ts";
import { checkTemplate } from "./check_template.ts";
import { FillableTemplate } from "./fill_template.ts";
import { LIBRARY } from "./library/mod.ts";

const check = (script: string, variables: NewVariable[] = []) =>
  checkTemplate({ script, variables: variables.map((one) => TemplateVariable.parse(one)) });

for (
  const { script, variables = [], line, problem } of [
    { script: "/ip dns\nset servers={{dns}}", line: 2, problem: /dns is not declared/ },
    { script: "/ip dns\nset x={{#a}}", line: 2, problem: /never closed/ },
    { script: "/ip dns\n{{/a}}set x=1", line: 2, problem: /closes nothing/ },
    { script: "/ip dns\nset x={{Bad Name}}", line: 2, problem: /no name of a variable/ },
    { script: "/ip dns\nset x={{", line: 2, problem: /must enclose a name/ },
    { script: "/ip dns\nset x={{.}}", line: 2, problem: /over a list only/ },
    { script: "set x=1", line: 1, problem: /no menu above/ },
    { script: "/ip dns\n:put 1", line: 2, problem: /holds configuration alone/ },
    { script: '/ip dns\nset x="a', line: 2, problem: /not closed/ },
    { script: "", line: 0, problem: /holds no command/ },
    {
      ...{ script: "/a\n{{#b}}\n# x\n{{/b}}\n\nfoo bar baz", line: 6, problem: /no command/ },
      variables: [{ name: "b", type: "boolean" as const }],
    },
    {
      ...{ script: "/a\nset x={{o}}", line: 2, problem: /between {{#o}}/ },
      variables: [{ name: "o", type: "string" as const, isRequired: false }],
    },
    {
      ...{ script: '/a\nset x={{#b}}"a{{/b}}"', line: 2, problem: /same side of the quotes/ },
      variables: [{ name: "b", type: "boolean" as const }],
    },
    {
      ...{ script: "/a\nset x={{b}}", line: 0, problem: /its default must be an IP/ },
      variables: [{ name: "b", type: "ip" as const, default: "x" }],
    },
    {
      ...{ script: "/a\nset x={{b}}", line: 0, problem: /a secret has no default/ },
      variables: [{ name: "b", type: "string" as const, isSecret: true, default: "x" }],
    },
  ] as { script: string; variables?: NewVariable[]; line: number; problem: RegExp }[]
) {
  Deno.test(`checkTemplate() refuses ${JSON.stringify(script)}: ${problem.source}`, () => {
    const [first] = check(script, variables);
    match(first!.message, problem);
    equal(first!.line, line);
  });
}

Deno.test("checkTemplate() takes an optional value in its own section, and built-in names", () => {
  const script = '/system note\nset note="{{device_name}}{{#o}} {{o}}{{/o}}"\n';
  deepEqual(check(script, [{ name: "o", type: "string", isRequired: false }]), []);
});

for (
  const { variable, value, want } of [
    { variable: { type: "ip" }, value: " 192.0.2.1 ", want: "192.0.2.1" },
    { variable: { type: "ip" }, value: "2001:db8::1", want: "2001:db8::1" },
    { variable: { type: "ip", family: 4 }, value: "::1", want: /IPv4/ },
    { variable: { type: "ip" }, value: "192.0.2.256", want: /IP address/ },
    { variable: { type: "ip" }, value: "01.2.3.4", want: /IP address/ },
    { variable: { type: "ip" }, value: "1::2::3", want: /IP address/ },
    { variable: { type: "ip" }, value: "::ffff:192.0.2.1", want: "::ffff:192.0.2.1" },
    { variable: { type: "subnet" }, value: "10.0.0.0/8", want: "10.0.0.0/8" },
    { variable: { type: "subnet" }, value: "10.0.0.1/8", want: /first address/ },
    {
      variable: { type: "subnet", isAddressInNetwork: true },
      value: "10.0.0.1/8",
      want: "10.0.0.1/8",
    },
    { variable: { type: "subnet" }, value: "10.0.0.0", want: /network such as/ },
    { variable: { type: "subnet" }, value: "10.0.0.0/33", want: /network such as/ },
    { variable: { type: "subnet" }, value: "2001:db8::/32", want: "2001:db8::/32" },
    { variable: { type: "integer", min: 1, max: 9 }, value: "7", want: "7" },
    { variable: { type: "integer", max: 9 }, value: "10", want: /9 or less/ },
    { variable: { type: "integer" }, value: "1e3", want: /whole number/ },
    { variable: { type: "integer" }, value: "007", want: /whole number/ },
    { variable: { type: "boolean" }, value: "true", want: "yes" },
    { variable: { type: "boolean" }, value: "maybe", want: /yes or no/ },
    { variable: { type: "choice", options: ["a", "b"] }, value: "c", want: /one of a, b/ },
    { variable: { type: "string", min: 3 }, value: "ab", want: /at least 3/ },
    { variable: { type: "string" }, value: ["a"], want: /not a list/ },
    { variable: { type: "ip", isList: true }, value: "a", want: /takes a list/ },
    { variable: { type: "ip", isList: true }, value: ["1.1.1.1", "x"], want: /IP address/ },
  ] as {
    variable: Omit<NewVariable, "name">;
    value: string | string[];
    want: string | RegExp;
  }[]
) {
  Deno.test(`checkValue(): ${JSON.stringify(variable)} and ${JSON.stringify(value)}`, () => {
    const checked = checkValue(TemplateVariable.parse({ name: "v", ...variable }), value);
    if (typeof want === "string") deepEqual(checked, { ok: true, value: want });
    else match((checked as { problem: string }).problem, want);
  });
}

Deno.test("every template of the library can be kept, and filled with what it lacks", () => {
  const slugs = new Set(LIBRARY.map(({ slug }) => slug));
  equal(slugs.size, LIBRARY.length);
  const router = {
    ...{ id: "x", name: "edge", sites: [] },
    builtIns: {
      ...{ device_name: "edge", identity: "edge", address: "192.0.2.1", site_name: "North" },
      ...{ model: "hEX", version: "7.18.2", tenant_name: "ACME" },
    },
  };
  for (const { name, script, variables } of LIBRARY) {
    deepEqual(checkTemplate({ script, variables }), [], name);
    const given = Object.fromEntries(
      variables.filter((one) => one.isRequired && one.default === null).map((one) => [
        one.name,
        one.type === "ip" ? "192.0.2.9" : one.type === "integer" ? "8080" : "a long enough one",
      ]),
    );
    const filled = new FillableTemplate(script, variables).fill(router, [], given);
    deepEqual(filled.problems, [], name);
  }
});
