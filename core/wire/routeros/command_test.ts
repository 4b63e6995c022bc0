import { deepEqual, throws } from "node:assert/strict";
import { type CommandWords, encodeCommand, PreparedCommand } from "./command.ts";

const CASES: [command: string, words: CommandWords][] = [
  ["/system/identity/print", {}],
  ["/interface/print", { flags: ["stats"], proplist: ["name", "rx-byte"] }],
  ["/ip/route/print", { queries: ["active=yes", "#!"], attributes: { comment: "Zürich ☂" } }],
  ["/interface/print", { proplist: Array.from({ length: 300 }, (_, i) => `property-${i}`) }],
];

for (const [command, words] of CASES) {
  Deno.test(`PreparedCommand ${command} ${JSON.stringify(words).slice(0, 60)} encodes alike`, () => {
    const prepared = new PreparedCommand(command, words);
    for (const tag of ["1", "zz9"]) {
      deepEqual([...prepared.encode(tag)], [...encodeCommand(command, words, tag)]);
    }
  });
}

Deno.test("PreparedCommand refuses what is no path at once", () => {
  throws(() => new PreparedCommand("interface/print"), TypeError);
});
