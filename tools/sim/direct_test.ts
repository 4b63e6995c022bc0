import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { managementAddress } from "./admission.ts";
import { connectDirectly, simRouter } from "./direct.ts";
import { VirtualTime } from "./time.ts";

const START = Date.UTC(2026, 10, 25, 12);

Deno.test("hello", async () => {
  const time = new VirtualTime(START);
  const router = simRouter({}, { time });
  const c = await connectDirectly(router);
  const { rows } = await c.run("/system/identity/print");
  console.log(rows, managementAddress(router));
  console.log((await c.run("/ip/route/print")).rows);
});
