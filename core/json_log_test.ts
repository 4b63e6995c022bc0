import { equal, ok } from "node:assert/strict";
import { jsonLog } from "./json_log.ts";

function capture(level: "debug" | "info" = "debug") {
  const lines: string[] = [];
  return { lines, log: jsonLog({ level, write: (line) => lines.push(line), now: () => 0 }) };
}

Deno.test("jsonLog() writes one object a line with base fields", () => {
  const { lines, log } = capture();
  log.with({ role: "poller" }).info("started", { devices: 3 });
  equal(
    lines[0],
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"started","role":"poller","devices":3}\n',
  );
});

Deno.test("jsonLog() keeps quiet below its level", () => {
  const { lines, log } = capture("info");
  log.debug("x");
  equal(lines.length, 0);
});

for (
  const { fields, why } of [
    { fields: { password: "hunter2" }, why: "a password field" },
    { fields: { url: "postgres://u:hunter2@db/tod" }, why: "an URL's credentials" },
    { fields: { headers: { Authorization: "Bearer hunter2hunter2" } }, why: "a nested header" },
    { fields: { note: "Bearer hunter2hunter2" }, why: "a bearer token in text" },
    {
      fields: { error: new Error("no", { cause: new Error("redis://:hunter2@h") }) },
      why: "an error's cause",
    },
    {
      fields: { pem: "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----" },
      why: "a private key",
    },
  ]
) {
  Deno.test(`jsonLog() redacts ${why}`, () => {
    const { lines, log } = capture();
    log.error("failed", fields);
    ok(!lines[0]!.includes("hunter2"), lines[0]);
  });
}

Deno.test("jsonLog() keeps a hostile device name on its line and off the terminal", () => {
  const { lines, log } = capture();
  log.info("polled", { identity: 'a\n{"level":"error"}\x1b[2J\u009b\u202e' });
  equal(lines[0]!.split("\n").length, 2);
  // deno-lint-ignore no-control-regex
  ok(!/[\x1b\u009b\u202e]/.test(lines[0]!));
});

Deno.test("jsonLog() lets no field take the place of the line's own", () => {
  const { lines, log } = capture();
  log.warn("real", { message: "forged", level: "debug", time: "never" });
  const { message, level, time } = JSON.parse(lines[0]!);
  equal(`${message} ${level} ${time}`, "real warn 1970-01-01T00:00:00.000Z");
});

Deno.test("jsonLog() takes whatever it is given: cycles, bad dates, getters that throw", () => {
  const { lines, log } = capture();
  const cycle: Record<string, unknown> = { at: new Date(NaN), big: 1n, many: new Map([["a", 1]]) };
  cycle["self"] = cycle;
  log.info("cycle", { cycle });
  log.info("getter", {
    thing: {
      get broken() {
        throw new Error("no");
      },
    },
  });
  log.error("many", { error: new AggregateError([new Error("first"), new Error("second")]) });
  equal(lines.length, 3);
  for (const line of lines) JSON.parse(line);
  ok(lines[2]!.includes("second"));
});
