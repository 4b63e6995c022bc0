import { deepEqual, equal, match, throws } from "node:assert/strict";
import { ConfigError, describeConfig, readConfig } from "./config.ts";
import { SETTINGS } from "./settings.ts";

const read = (args: string[] = [], env: Record<string, string> = {}) =>
  readConfig({
    args,
    env,
    isRoot: false,
    readFile: (path) => `postgres://app_user:x@${path}/tod\n`,
  });
const problems = (args: string[], env: Record<string, string> = {}): string => {
  try {
    read(args, env);
  } catch (error) {
    return (error as ConfigError).problems.join("\n");
  }
  return "";
};

Deno.test("readConfig() has defaults that run on one box", () => {
  const config = read([], { HOME: "/home/op" });
  deepEqual(config.roles, ["web", "api", "poller"]);
  equal(config.database.mode, "embedded");
  equal(config.dataDir, "/home/op/.local/share/tod");
  equal(config.http.host, "127.0.0.1");
});

Deno.test("readConfig() lets a flag win over the environment, in both forms", () => {
  equal(read(["--port=1"], { TOD_PORT: "2" }).http.port, 1);
  equal(read(["--port", "1"], { TOD_PORT: "2" }).http.port, 1);
  equal(read([], { TOD_PORT: "2" }).http.port, 2);
});

Deno.test("readConfig() reads a secret from the file that TOD_X_FILE names", () => {
  const { database } = read([], {
    TOD_DATABASE_URL_FILE: "a",
    TOD_DATABASE_POLLER_URL: "postgres://p:y@b/tod",
  });
  equal(database.mode === "server" && database.appUrl, "postgres://app_user:x@a/tod");
});

for (
  const { args, env, says, why } of [
    {
      args: ["--host=0.0.0.0"],
      says: /TOD_PUBLIC_URL[\s\S]*HTTPS/,
      why: "an address beyond loopback that nobody reaches by HTTPS",
    },
    {
      args: ["--host=0.0.0.0", "--public-url=http://tod.example.net"],
      says: /https:\/\//,
      why: "a public address without TLS",
    },
    { args: ["--public-url=https://tod.example.net/x"], says: /without a path/, why: "a path" },
    { args: ["--trusted-proxies=10.0.0.0/99"], says: /10\.0\.0\.0\/99/, why: "no network" },
    { args: ["--cors-origins=https://a.example.net/"], says: /origins such as/, why: "no origin" },
    {
      args: [],
      env: { TOD_DATABASE_URL: "postgres://app_user@db.example.net/tod" },
      says: /TOD_DATABASE_URL has no password/,
      why: "a remote database without a password",
    },
    {
      args: [],
      env: {
        TOD_DATABASE_URL: "postgres://app_user:app_password@db.example.net/tod",
        TOD_DATABASE_POLLER_URL: "postgres://poller_user:Password@db.example.net/tod",
        TOD_NATS_URL: "nats://nats.example.net",
        TOD_REDIS_URL: "redis://:changeme@redis.example.net",
      },
      says:
        /TOD_DATABASE_URL has a pass[\s\S]*POLLER_URL has a pass[\s\S]*NATS_URL has no[\s\S]*REDIS_URL has a/,
      why: "known or missing secrets, each by name",
    },
    {
      args: [],
      env: { TOD_OPENBAO_ADDRESS: "http://127.0.0.1:8200", TOD_OPENBAO_TOKEN: "root" },
      says: /everybody knows/,
      why: "the root token of a manual",
    },
    { args: ["--prot=1"], says: /did you mean --port\?/, why: "a mistyped flag" },
    {
      args: [],
      env: { TOD_PROT: "1" },
      says: /did you mean TOD_PORT\?/,
      why: "a mistyped variable",
    },
    {
      args: ["--port=70000"],
      says: /0 to 65535: current value is "70000"/,
      why: "a port out of range",
    },
    {
      args: ["--role=relay"],
      says: /comes with remote access/,
      why: "a role that is not there yet",
    },
    { args: ["--role=poller"], says: /TOD_DATABASE_URL[\s\S]*TOD_NATS_URL/, why: "a lone poller" },
    { args: ["--role=web"], says: /TOD_API_URL/, why: "a lone web role" },
    {
      args: [],
      env: { TOD_DATABASE_URL: "mysql://u:hunter2@h" },
      says: /postgres:\/\/.*\[redacted\]/,
      why: "a wrong database, without its password",
    },
    {
      args: [],
      env: { TOD_OPENBAO_ADDRESS: "http://127.0.0.1:8200" },
      says: /TOD_OPENBAO_TOKEN/,
      why: "OpenBao without a token",
    },
  ] as { args: string[]; env?: Record<string, string>; says: RegExp; why: string }[]
) {
  Deno.test(`readConfig() refuses ${why}`, () => {
    match(problems(args, env), says);
    equal(problems(args, env).includes("hunter2"), false);
  });
}

Deno.test("readConfig() reports every problem together", () => {
  throws(
    () => read(["--port=x", "--host=0.0.0.0"]),
    (error: ConfigError) => error.problems.length === 2,
  );
});

Deno.test("readConfig() takes an address beyond loopback that people reach by HTTPS", () => {
  const config = read(["--host=0.0.0.0", "--public-url=https://tod.example.net/"]);
  deepEqual([config.http.host, config.http.publicUrl], ["0.0.0.0", "https://tod.example.net"]);
});

Deno.test("describeConfig() hides secrets", () => {
  const dump = describeConfig({ args: [], env: { TOD_REDIS_URL: "redis://:hunter2@h" } });
  equal(dump["TOD_REDIS_URL"], "[redacted]");
  equal(dump["TOD_PORT"], "8080");
});

Deno.test("describeConfig() hides a password in an URL that is no secret", () => {
  const dump = describeConfig({ args: ["--api-url=http://op:hunter2@h/"], env: {} });
  equal(dump["TOD_API_URL"], "http://[redacted]@h/");
});

Deno.test("readConfig() takes an empty variable for one that is not given", () => {
  const config = read([], {
    TOD_PORT: "",
    TOD_ROLE: "",
    TOD_DATABASE_URL: "",
    TOD_NATS_URL_FILE: "",
  });
  equal(config.http.port, 8080);
  deepEqual(config.roles, ["web", "api", "poller"]);
  equal(config.database.mode, "embedded");
});

Deno.test("readConfig() refuses a setting that is given twice", () => {
  match(
    problems([], { TOD_REDIS_URL: "redis://a", TOD_REDIS_URL_FILE: "b" }),
    /TOD_REDIS_URL_FILE and TOD_REDIS_URL are both given/,
  );
});

Deno.test("SETTINGS: every name, variable and default fits the rules of the table", () => {
  const names = new Set(SETTINGS.map(({ name }) => name));
  equal(names.size, SETTINGS.length);
  for (const { name, env, default: value, problem, docs } of SETTINGS) {
    equal(env, `TOD_${name.toUpperCase().replaceAll("-", "_")}`);
    if (value !== undefined) equal(problem?.(value), undefined, name);
    match(docs, /^[A-Z].*\.$/s, name);
  }
});
