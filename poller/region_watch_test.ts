import { deepEqual, equal } from "node:assert/strict";
import { RegionWatch } from "./region_watch.ts";

function watching(devices: number) {
  const changes: string[] = [];
  const watch = new RegionWatch(() => 0, (isDark, dark) => changes.push(`${isDark} ${dark}`));
  for (let i = 0; i < devices; i++) watch.answered(`d${i}`);
  return { watch, changes };
}

Deno.test("RegionWatch turns dark past one half, and light again below it", () => {
  const { watch, changes } = watching(6);
  for (let i = 0; i < 3; i++) watch.missed(`d${i}`);
  equal(watch.isDark, false, "exactly half");
  watch.missed("d3");
  equal(watch.isDark, true);
  watch.missed("d4");
  watch.answered("d0");
  watch.answered("d1");
  equal(watch.isDark, false);
  deepEqual(changes, ["true 4", "false 3"]);
});

Deno.test("RegionWatch draws no conclusion from three devices, or from ones that never answered", () => {
  const few = watching(3);
  for (let i = 0; i < 3; i++) few.watch.missed(`d${i}`);
  equal(few.watch.isDark, false);
  const never = watching(1);
  for (let i = 10; i < 20; i++) never.watch.missed(`d${i}`);
  equal(never.watch.isDark, false);
});
