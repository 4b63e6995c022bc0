import { deepEqual, equal } from "node:assert/strict";
import { chainOf, compareBySpecificity, toPattern } from "./patterns.ts";

for (
  const [file, pattern] of [
    ["/routes/index.tsx", "/"],
    ["/routes/devices/index.tsx", "/devices"],
    ["/routes/devices/[id].tsx", "/devices/:id"],
    ["/routes/devices/[id]/interfaces.tsx", "/devices/:id/interfaces"],
    ["/routes/(marketing)/about.tsx", "/about"],
    ["/routes/docs/[...path].tsx", "/docs/:path{.+}"],
    ["/routes/[[lang]]/x.ts", "/:lang?/x"],
  ] as const
) {
  Deno.test(`toPattern() turns ${file} into ${pattern}`, () => equal(toPattern(file), pattern));
}

Deno.test("compareBySpecificity() puts names before parameters before the rest", () => {
  const patterns = ["/devices/:rest{.+}", "/devices/:id", "/devices/new", "/devices"];
  deepEqual(patterns.sort(compareBySpecificity), [
    "/devices",
    "/devices/new",
    "/devices/:id",
    "/devices/:rest{.+}",
  ]);
});

Deno.test("chainOf() finds the files of each folder on the way, outermost first", () => {
  const files = {
    "/routes/_layout.tsx": { default: "outer" },
    "/routes/devices/_layout.tsx": { default: "inner" },
    "/routes/users/_layout.tsx": { default: "other" },
  };
  deepEqual(chainOf("/routes/devices/[id].tsx", "_layout", files), ["outer", "inner"]);
});
