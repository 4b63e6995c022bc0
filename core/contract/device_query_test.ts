import { deepEqual } from "node:assert/strict";
import { parseDeviceQuery, renameInQuery } from "./device_query.ts";

for (
  const { text, words = [], filters = [], problems = 0 } of [
    { text: "", words: [] },
    { text: "hap  north", words: ["hap", "north"] },
    { text: '"two words"', words: ["two words"] },
    { text: "status:offline", filters: ["status=offline"] },
    { text: 'site:"North tower" x', words: ["x"], filters: ["site=North tower"] },
    { text: "version:<7.16", filters: ["version<7.16"] },
    { text: "health:>=80", filters: ["health>=80"] },
    { text: "Status:online", filters: ["status=online"] },
    { text: '-tag:spare -"x"', words: ['-"x"'], filters: ["!tag=spare"] },
    { text: 'tag:"two words" -health:<60', filters: ["tag=two words", "!health<60"] },
    { text: "-north", words: ["-north"] },
    { text: "status:<x", problems: 1 },
    { text: "colour:red", problems: 1 },
    { text: "2001:db8::1", words: ["2001:db8::1"] },
    { text: "aa:bb:cc:dd:ee:ff", words: ["aa:bb:cc:dd:ee:ff"] },
    { text: 'site:"unclosed', filters: ["site=unclosed"] },
  ] as { text: string; words?: string[]; filters?: string[]; problems?: number }[]
) {
  Deno.test(`parseDeviceQuery() reads ${JSON.stringify(text)}`, () => {
    const query = parseDeviceQuery(text);
    deepEqual(query.words, words);
    deepEqual(
      query.filters.map((f) => (f.isNegated ? "!" : "") + f.field + f.operator + f.value),
      filters,
    );
    deepEqual(query.problems.length, problems);
  });
}

for (
  const [text, renamed] of [
    ["tag:core x", 'tag:"big core" x'],
    ['-tag:"CORE" group:core core', '-tag:"big core" group:core core'],
    ["tag:cores tag:core", 'tag:cores tag:"big core"'],
    ['site:"tag:core"', 'site:"tag:core"'],
  ] as const
) {
  Deno.test(`renameInQuery() keeps ${JSON.stringify(text)} meaning the same`, () => {
    deepEqual(renameInQuery(text, "tag", "core", "big core"), renamed);
  });
}
