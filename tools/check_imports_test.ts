import { deepEqual, equal, match } from "node:assert/strict";
import { cycles, importsOf, violations } from "@/tools/check_imports.ts";

for (
  const { file, target, isAllowed } of [
    { file: "main.ts", target: "@/poller/mod.ts", isAllowed: true },
    { file: "main.ts", target: "@/tools/sim/fleet.ts", isAllowed: false },
    { file: "main.ts", target: "@/core/adapters/db_postgres.ts", isAllowed: false },
    { file: "routes/api/devices.ts", target: "@/core/devices/devices.ts", isAllowed: true },
    { file: "routes/api/devices.ts", target: "../../poller/poll.ts", isAllowed: false },
    { file: "routes/index.tsx", target: "@/web/mod.ts", isAllowed: true },
    { file: "core/devices/devices.ts", target: "../../routes/http/problem.ts", isAllowed: false },
    { file: "core/devices/devices.ts", target: "@/core/tenants/tenants.ts", isAllowed: true },
    { file: "core/devices/devices.ts", target: "@/core/adapters/db.ts", isAllowed: false },
    { file: "core/platform.ts", target: "./adapters/db_postgres.ts", isAllowed: true },
    { file: "core/devices/devices_test.ts", target: "@/core/adapters/db.ts", isAllowed: true },
    { file: "core/wire/routeros/session.ts", target: "./sentence.ts", isAllowed: true },
    { file: "core/wire/routeros/session.ts", target: "@/core/errors.ts", isAllowed: true },
    { file: "core/wire/routeros/session.ts", target: "@/core/devices/x.ts", isAllowed: false },
    { file: "core/contract/device.ts", target: "@/core/errors.ts", isAllowed: false },
    { file: "islands/Card.tsx", target: "@/core/contract/device.ts", isAllowed: true },
    { file: "islands/Card.tsx", target: "@/core/devices/devices.ts", isAllowed: false },
    { file: "islands/auth/SignIn.tsx", target: "@/core/srp/client.ts", isAllowed: true },
    { file: "core/srp/client.ts", target: "@/core/contract/auth.ts", isAllowed: false },
    { file: "components/Table.tsx", target: "@/core/config.ts", isAllowed: false },
    { file: "poller/poll.ts", target: "@/core/wire/routeros/mod.ts", isAllowed: true },
    { file: "poller/poll.ts", target: "@/relay/mod.ts", isAllowed: false },
    { file: "relay/mod.ts", target: "@/routes/mod.ts", isAllowed: false },
    { file: "web/app.ts", target: "@/core/config.ts", isAllowed: false },
    { file: "tools/sim/session.ts", target: "@/core/wire/routeros/mod.ts", isAllowed: false },
    { file: "tools/sim/session.ts", target: "./wire.ts", isAllowed: true },
    { file: "tools/sim/session_test.ts", target: "@/core/wire/routeros/mod.ts", isAllowed: true },
  ]
) {
  Deno.test(`${file} ${isAllowed ? "may" : "may not"} import ${target}`, () => {
    equal(violations(file, `import { x } from "${target}";`).length, isAllowed ? 0 : 1);
  });
}

Deno.test("importsOf() sees every form of import, and none in a comment", () => {
  const source = [
    `import type { A } from "@/core/a.ts";`,
    `import {\n  b,\n} from "./b.ts";`,
    `export * from "../c.ts";`,
    `import "@/core/side_effect.ts";`,
    `const late = await import("@/core/late.ts");`,
    `import { Hono } from "hono";`,
    `// import { no } from "@/core/no.ts";`,
    ` * import { no } from "@/core/no.ts";`,
  ].join("\n");
  deepEqual(importsOf("core/x/y.ts", source), [
    "core/a.ts",
    "core/x/b.ts",
    "core/c.ts",
    "core/side_effect.ts",
    "core/late.ts",
  ]);
});

Deno.test("violations() says why", () => {
  const [line] = violations("poller/poll.ts", `import { x } from "@/routes/mod.ts";`);
  match(line!, /^poller\/poll\.ts imports routes\/mod\.ts: the poller serves no pages/);
});

Deno.test("cycles() names a circle of domains once, and leaves tests alone", () => {
  const files = new Map([
    ["core/devices/a.ts", `import { x } from "@/core/events/b.ts";`],
    ["core/events/b.ts", `import { x } from "@/core/metrics/c.ts";`],
    ["core/metrics/c.ts", `import { x } from "@/core/devices/a.ts";`],
    ["core/tenants/d.ts", `import { x } from "@/core/devices/a.ts";`],
    ["core/devices/a_test.ts", `import { x } from "@/core/tenants/d.ts";`],
  ]);
  const found = cycles(files);
  equal(found.length, 1);
  match(found[0]!, /devices → events → metrics → devices/);
  files.set("core/metrics/c.ts", "");
  deepEqual(cycles(files), []);
});
