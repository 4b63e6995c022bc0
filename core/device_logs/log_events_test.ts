import { deepEqual, equal } from "node:assert/strict";
import { type LogFinding, readFinding, tallyOf, tellTally } from "./log_events.ts";

const CASES: [topics: string, message: string, wanted: LogFinding | undefined][] = [
  ["system,account", "user admin logged in from 10.0.0.2 via winbox", {
    ...{ kind: "device.login", user: "admin", from: "10.0.0.2", via: "winbox" },
  }],
  ["system,account", "user tod logged in from 2001:db8::1 via api-ssl", {
    ...{ kind: "device.login", user: "tod", from: "2001:db8::1", via: "api-ssl" },
  }],
  ["system,account", "user admin logged in via local", {
    ...{ kind: "device.login", user: "admin", from: "", via: "local" },
  }],
  ["system,account", "user admin logged out from 10.0.0.2 via winbox", undefined],
  ["system", "login failure for user root from 203.0.113.9 via ssh", {
    ...{ kind: "device.login_failed", user: "root", from: "203.0.113.9", via: "ssh" },
  }],
  // A name of the attacker's choice must not pass for an address or a way.
  ["system", "login failure for user a from 1.1.1.1 via x from 203.0.113.9 via ssh", {
    ...{ kind: "device.login_failed", user: "a from 1.1.1.1 via x", from: "203.0.113.9" },
    via: "ssh",
  }],
  ["system", "login failure for user  from 203.0.113.9 via telnet", {
    ...{ kind: "device.login_failed", user: "", from: "203.0.113.9", via: "telnet" },
  }],
  ["system", "filter rule changed by admin", {
    ...{ kind: "device.config_changed", by: "admin", what: "filter rule changed" },
  }],
  [
    "system",
    "filter rule <*5> added by winbox-3.41/tcp-msg(winbox):admin@10.0.0.2 (/ip firewall filter add action=drop)",
    {
      ...{ kind: "device.config_changed", by: "admin", what: "filter rule added" },
    },
  ],
  ["system", "router rebooted", undefined],
  ["script", "nat rule changed by admin", undefined],
  ["firewall", "login failure for user root from 203.0.113.9 via ssh", undefined],
];

for (const [topics, message, wanted] of CASES) {
  Deno.test(`readFinding() of ${topics}: ${message}`, () =>
    deepEqual(readFinding({ topics: topics.split(","), message }), wanted));
}

Deno.test("readFinding() is quick with a name made to be slow", () => {
  const began = performance.now();
  readFinding({ topics: ["system"], message: `login failure for user ${" from ".repeat(150)}x` });
  readFinding({ topics: ["system"], message: `${"a ".repeat(450)} changed` });
  const took = performance.now() - began;
  equal(took < 50, true, `took ${took} ms`);
});

Deno.test("a brute force is one event in ten minutes, whoever it tries and from wherever", () => {
  const fail = (user: string, from: string, at: string) =>
    tallyOf(
      { kind: "device.login_failed", user, from, via: "ssh" },
      { at },
      { id: "d", name: "core" },
    ).tally;
  equal(
    fail("root", "203.0.113.1", "2026-01-01T12:01:00.000Z"),
    fail("admin", "203.0.113.2", "2026-01-01T12:09:59.000Z"),
  );
  const values = { user: ["root", "admin", "x", "y", "z"], from: ["203.0.113.1"], via: ["ssh"] };
  deepEqual(
    tellTally("core")("device.login_failed", { count: 37, values, hasMore: { user: true } }),
    {
      severity: "critical",
      message:
        "core: 37 logins failed, as root, admin, x, y and many more from 203.0.113.1 via ssh",
    },
  );
  const one = { user: ["root"], from: ["203.0.113.1"], via: ["ssh"] };
  deepEqual(tellTally("core")("device.login_failed", { count: 1, values: one, hasMore: {} }), {
    severity: "warning",
    message: "core: login as root failed from 203.0.113.1 via ssh",
  });
});
