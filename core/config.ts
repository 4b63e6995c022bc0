import type { ConfigRetention } from "./contract/config_policy.ts";
import { redactText } from "./redact.ts";
import { type Setting, SETTINGS } from "./settings.ts";

export type RoleName = "web" | "api" | "poller";
export const ROLE_NAMES: readonly RoleName[] = ["web", "api", "poller"];

/** The validated configuration; read once, never changed. Units are in the names. */
export interface Config {
  readonly roles: readonly RoleName[];
  readonly region: string;
  readonly dataDir: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly apiUrl: string | null;
    /** Origin, without a slash at its end. */
    readonly publicUrl: string | null;
    readonly trustedProxies: readonly string[];
    readonly corsOrigins: readonly string[];
    /** `null`: the map shows a grid. */
    readonly mapTiles: {
      readonly url: string;
      readonly attribution: string;
      readonly maxZoom: number;
    } | null;
  };
  readonly auth: { readonly attemptsPerMinute: number };
  readonly metrics: { readonly host: string; readonly port: number };
  readonly log: { readonly level: "debug" | "info" | "warn" | "error" };
  readonly database:
    | { readonly mode: "embedded" }
    | {
      readonly mode: "server";
      readonly appUrl: string | null;
      readonly pollerUrl: string | null;
      readonly adminUrl: string | null;
    };
  readonly bus: {
    readonly natsUrl: string | null;
    readonly maxBytes: number;
    readonly maxAgeSeconds: number;
  };
  readonly redisUrl: string | null;
  readonly kms:
    | { readonly mode: "file"; readonly masterKeyFile: string }
    | {
      readonly mode: "openbao";
      readonly address: string;
      readonly token: string;
      readonly mount: string;
      readonly namespace: string | null;
    };
  readonly polling: {
    readonly intervalSeconds: number;
    /** Polls missed in a row before a device is offline. */
    readonly offlineAfterMisses: number;
    readonly connectTimeoutMs: number;
    readonly commandTimeoutMs: number;
    /** Connections being opened at one time: bounds the login storm after a restart. */
    readonly maxHandshakes: number;
    /** Collectors that change slowly run once in this many seconds. */
    readonly slowIntervalSeconds: number;
  };
  /** Where a poller takes syslog; `null`: not on that transport. */
  readonly syslog: {
    readonly host: string;
    readonly udpPort: number | null;
    readonly tcpPort: number | null;
    readonly linesPerSecond: number;
  };
  readonly discovery: {
    /** Networks that may be scanned. */
    readonly networks: readonly string[];
    readonly addressesPerSecond: number;
  };
  readonly retention: {
    readonly rawDays: number;
    readonly fiveMinuteDays: number;
    readonly hourDays: number;
    readonly logDays: number;
    readonly clientDays: number;
  };
  readonly backups: {
    /** Hour of the day, UTC, from which the nightly backups are taken. */
    readonly hour: number;
    /** How long versions are kept, where a tenant has no rules of its own. */
    readonly retention: ConfigRetention;
  };
}

/** Every problem of a configuration at once; each names the setting and what to do. */
export class ConfigError extends Error {
  override name = "ConfigError";
  constructor(readonly problems: readonly string[]) {
    super(`Cannot start with this configuration:\n${problems.map((p) => `  - ${p}`).join("\n")}`);
  }
}

export interface ConfigSource {
  /** The whole environment; only `TOD_*`, `HOME` and `XDG_DATA_HOME` are looked at. */
  env: Readonly<Record<string, string>>;
  /** `--name=value` or `--name value`. */
  args: readonly string[];
  readFile?: (path: string) => string;
  isRoot?: boolean;
}

type Values = Map<string, string>;

/** Flags win over the environment, the environment over the default. @throws {ConfigError} */
export function readConfig(source: ConfigSource): Config {
  const problems: string[] = [];
  const given = new Map([...readEnv(source, problems), ...readFlags(source.args, problems)]);
  const value = (name: string): string | null => given.get(name) ?? null;
  const checked: Values = new Map();
  for (const setting of SETTINGS) {
    // Empty is "not given": that is what compose files and unit files leave of an unset variable.
    const text = value(setting.name) || setting.default;
    if (!text) continue;
    const problem = setting.problem?.(text);
    if (problem) {
      problems.push(`${describe(setting)} ${problem}: current value is ${shown(setting, text)}`);
    } else checked.set(setting.name, text);
  }
  const config = build(checked, source);
  problems.push(...crossChecks(config, checked));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function describe(setting: Setting): string {
  return `--${setting.name} (${setting.env})`;
}

function shown(setting: Setting, text: string): string {
  return setting.isSecret ? "[redacted]" : JSON.stringify(redactText(text));
}

function readEnv({ env, readFile }: ConfigSource, problems: string[]): Values {
  const values: Values = new Map();
  const read = readFile ?? ((path: string) => Deno.readTextFileSync(path));
  for (const [name, text] of Object.entries(env)) {
    // Not settings of the server: where the artifact unpacks, which PostgreSQL to run, tests.
    if (
      !name.startsWith("TOD_") ||
      /^TOD_(CACHE_DIR|POSTGRES_HOME|POSTGRES_USER|TEST_\w+|FUZZ_\w+|RECORDINGS|DEV)$/.test(name)
    ) {
      continue;
    }
    const setting = SETTINGS.find(({ env }) => env === name || `${env}_FILE` === name);
    if (!setting) {
      problems.push(`${name} is no setting${nearest(name, SETTINGS.map(({ env }) => env))}`);
    } else if (setting.env === name) values.set(setting.name, text);
    else if (env[setting.env] && text) {
      problems.push(`${name} and ${setting.env} are both given: remove one`);
    } else if (text) {
      try {
        values.set(setting.name, read(text).trim());
      } catch (error) {
        problems.push(
          `${name} names the file ${text}, which cannot be read: ${(error as Error).message}`,
        );
      }
    }
  }
  return values;
}

function readFlags(args: readonly string[], problems: string[]): Values {
  const values: Values = new Map();
  for (let index = 0; index < args.length; index++) {
    const [, name, text] = /^--([a-z0-9-]+)(?:=([\s\S]*))?$/.exec(args[index]!) ?? [];
    const setting = SETTINGS.find((setting) => setting.name === name);
    if (!setting) {
      const names = SETTINGS.map(({ name }) => `--${name}`);
      problems.push(`${args[index]} is no flag${nearest(args[index]!.split("=")[0]!, names)}`);
    } else if (text !== undefined) values.set(setting.name, text);
    else if (args[index + 1] !== undefined) values.set(setting.name, args[++index]!);
    else problems.push(`--${name} needs a value`);
  }
  return values;
}

/** The candidate with the fewest edits, when it is close enough to be a typing error. */
function nearest(word: string, candidates: string[]): string {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        const cost = a[i - 1] === b[j - 1] ? 0 : 1;
        next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost));
      }
      row = next;
    }
    return row[b.length]!;
  };
  const best = candidates.map((name) => ({ name, edits: distance(word, name) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(3, word.length / 4) ? `; did you mean ${best.name}?` : "";
}

function dataDirectory(given: string | undefined, { env, isRoot }: ConfigSource): string {
  if (given) return given.startsWith("/") ? given : `${Deno.cwd()}/${given}`;
  if (isRoot ?? Deno.uid() === 0) return "/var/lib/tod";
  if (env["XDG_DATA_HOME"]) return `${env["XDG_DATA_HOME"]}/tod`;
  if (env["HOME"]) return `${env["HOME"]}/.local/share/tod`;
  return `${Deno.cwd()}/tod-data`;
}

function build(values: Values, source: ConfigSource): Config {
  const text = (name: string) => values.get(name) ?? null;
  const number = (name: string) => Number(values.get(name));
  const list = (name: string) =>
    (values.get(name) ?? "").split(",").map((part) => part.trim()).filter(Boolean);
  const dataDir = dataDirectory(values.get("data-dir"), source);
  const urls = ["database-url", "database-poller-url", "database-admin-url"].map(text);
  return {
    roles: ROLE_NAMES.filter((role) => (text("role") ?? "").split(",").includes(role)),
    region: text("region") ?? "",
    dataDir,
    http: {
      host: text("host") ?? "",
      port: number("port"),
      apiUrl: text("api-url"),
      publicUrl: text("public-url") && new URL(text("public-url")!).origin,
      trustedProxies: list("trusted-proxies"),
      corsOrigins: list("cors-origins"),
      mapTiles: text("map-tiles-url") === null ? null : {
        url: text("map-tiles-url")!,
        attribution: text("map-tiles-attribution") ?? "",
        maxZoom: number("map-tiles-max-zoom"),
      },
    },
    auth: { attemptsPerMinute: number("auth-attempts-per-minute") },
    metrics: { host: text("metrics-host") ?? "", port: number("metrics-port") },
    log: { level: (text("log-level") ?? "info") as Config["log"]["level"] },
    database: urls.every((url) => url === null)
      ? { mode: "embedded" }
      : { mode: "server", appUrl: urls[0]!, pollerUrl: urls[1]!, adminUrl: urls[2]! },
    bus: {
      natsUrl: text("nats-url"),
      maxBytes: number("bus-max-mb") * 2 ** 20,
      maxAgeSeconds: number("bus-max-age-seconds"),
    },
    redisUrl: text("redis-url"),
    kms: text("openbao-address")
      ? {
        mode: "openbao",
        address: text("openbao-address")!,
        token: text("openbao-token") ?? "",
        mount: text("openbao-mount") ?? "transit",
        namespace: text("openbao-namespace"),
      }
      : { mode: "file", masterKeyFile: text("kms-master-key-path") ?? `${dataDir}/master.key` },
    polling: {
      intervalSeconds: number("poll-interval-seconds"),
      offlineAfterMisses: number("offline-after-misses"),
      connectTimeoutMs: number("connect-timeout-ms"),
      commandTimeoutMs: number("command-timeout-ms"),
      maxHandshakes: number("max-handshakes"),
      slowIntervalSeconds: number("slow-interval-seconds"),
    },
    syslog: {
      host: text("syslog-host") ?? "",
      udpPort: text("syslog-udp-port") === null ? null : number("syslog-udp-port"),
      tcpPort: text("syslog-tcp-port") === null ? null : number("syslog-tcp-port"),
      linesPerSecond: number("syslog-lines-per-second"),
    },
    discovery: {
      networks: list("discovery-networks"),
      addressesPerSecond: number("discovery-addresses-per-second"),
    },
    retention: {
      rawDays: number("retention-raw-days"),
      fiveMinuteDays: number("retention-5m-days"),
      hourDays: number("retention-1h-days"),
      logDays: number("retention-log-days"),
      clientDays: number("retention-clients-days"),
    },
    backups: {
      hour: number("backup-hour"),
      retention: {
        allDays: number("retention-configs-days"),
        dailyDays: number("retention-configs-daily-days"),
        weeklyDays: number("retention-configs-weekly-days"),
        monthlyDays: number("retention-configs-monthly-days"),
      },
    },
  };
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** What no single setting can know. */
function crossChecks(config: Config, values: Values): string[] {
  const { roles, http, database, bus, redisUrl, kms } = config;
  const problems: string[] = [];
  const has = (role: RoleName) => roles.includes(role);
  if (has("web") && !LOOPBACK.has(http.host) && !http.publicUrl?.startsWith("https:")) {
    problems.push(
      `--public-url (TOD_PUBLIC_URL) must be the https:// address people use when --host is not a ` +
        `loopback address (current value is ${http.host}): browsers sign in over HTTPS only. Put a ` +
        "proxy with TLS before it, or reach it through an SSH tunnel: ssh -L 8080:127.0.0.1:8080 this-host",
    );
  }
  problems.push(...weakSecrets(config));
  const isWhole = has("api") && has("poller");
  if (has("web") && !has("api") && !http.apiUrl) {
    problems.push("--api-url (TOD_API_URL) is needed where the web role runs without the api role");
  }
  if (has("api") !== has("poller")) {
    if (database.mode === "embedded") {
      problems.push(
        "--database-url (TOD_DATABASE_URL) is needed where api and poller run apart: the embedded " +
          "database belongs to one process",
      );
    }
    if (!bus.natsUrl) {
      problems.push("--nats-url (TOD_NATS_URL) is needed where api and poller run apart");
    }
    if (!redisUrl) {
      problems.push("--redis-url (TOD_REDIS_URL) is needed where api and poller run apart");
    }
  }
  if (database.mode === "server") {
    if (has("api") && !database.appUrl) {
      problems.push(
        "--database-url (TOD_DATABASE_URL) is needed by the api role: the login app_user",
      );
    }
    if (has("poller") && !database.pollerUrl) {
      problems.push(
        "--database-poller-url (TOD_DATABASE_POLLER_URL) is needed by the poller role: the login poller_user",
      );
    }
  }
  if (kms.mode === "openbao" && kms.token === "") {
    problems.push("--openbao-token (TOD_OPENBAO_TOKEN) is needed with --openbao-address");
  }
  if (isWhole && values.get("api-url")) {
    problems.push("--api-url is for a process without the api role: remove it");
  }
  return problems;
}

/** Passwords that stand in manuals and examples. */
const KNOWN_PASSWORDS: ReadonlySet<string> = new Set([
  ...["postgres", "password", "secret", "changeme", "change-me", "admin", "root", "test", "tod"],
  ...["app_password", "poller_password", "app_user", "poller_user", "123456", "12345678", "dev"],
]);

/** Missing or known secrets of what is reached over a network, each named. */
function weakSecrets({ database, bus, redisUrl, kms }: Config): string[] {
  const urls: [setting: string, url: string | null][] = [
    ["TOD_DATABASE_URL", database.mode === "server" ? database.appUrl : null],
    ["TOD_DATABASE_POLLER_URL", database.mode === "server" ? database.pollerUrl : null],
    ["TOD_DATABASE_ADMIN_URL", database.mode === "server" ? database.adminUrl : null],
    ["TOD_NATS_URL", bus.natsUrl],
    ["TOD_REDIS_URL", redisUrl],
  ];
  const problems = urls.flatMap(([setting, text]) => {
    if (!text) return [];
    const url = new URL(text);
    // A socket, or a server on this very machine, may trust by other means.
    if (url.hostname === "" || LOOPBACK.has(url.hostname.replace(/^\[|\]$/g, ""))) return [];
    const password = decodeURIComponent(
      url.password || (setting === "TOD_NATS_URL" ? url.username : ""),
    );
    if (password === "") return [`${setting} has no password: give ${url.hostname} one`];
    return KNOWN_PASSWORDS.has(password.toLowerCase())
      ? [`${setting} has a password that everybody knows: change it`]
      : [];
  });
  if (kms.mode === "openbao" && /^(root|dev|token|test|changeme)$/i.test(kms.token)) {
    problems.push("TOD_OPENBAO_TOKEN is a token that everybody knows: make one with the policy");
  }
  return problems;
}

/** Every setting as it is in force, secrets hidden. For `tod config` and the start of the log. */
export function describeConfig(source: ConfigSource): Record<string, string | null> {
  const given = new Map([...readEnv(source, []), ...readFlags(source.args, [])]);
  return Object.fromEntries(SETTINGS.map((setting) => {
    const text = given.get(setting.name) || setting.default;
    if (!text) return [setting.env, null];
    // An URL that is no secret may still carry a password somebody put there.
    return [setting.env, setting.isSecret ? "[redacted]" : redactText(text)];
  }));
}
