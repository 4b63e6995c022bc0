import { deepEqual, throws } from "node:assert/strict";
import { chainOf, compareBySpecificity, toPatterns } from "./patterns.ts";

for (
  const [file, ...patterns] of [
    ["/routes/index.tsx", "/"],
    ["/routes/devices/index.tsx", "/devices"],
    ["/routes/devices/[id].tsx", "/devices/:id"],
    ["/routes/devices/[id]/interfaces.tsx", "/devices/:id/interfaces"],
    ["/routes/(marketing)/about.tsx", "/about"],
    ["/routes/docs/[...path].tsx", "/docs/:path{.+}"],
    ["/routes/[[lang]]/x.ts", "/x", "/:lang/x"],
    ["/routes/[[lang]].tsx", "/", "/:lang"],
    ["/routes/index/index.tsx", "/index"],
  ] as const
) {
  Deno.test(`toPatterns() turns ${file} into ${patterns.join(" and ")}`, () => {
    deepEqual(toPatterns(file), patterns);
  });
}

Deno.test("toPatterns() refuses a parameter that is part of a segment", () => {
  throws(() => toPatterns("/routes/devices/[id].csv.tsx"), TypeError);
});

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
