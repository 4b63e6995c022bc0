import { isNetwork } from "./networks.ts";

/** One setting: a flag `--name`, the variable `env`, or the content of the file `env_FILE` names. */
export interface Setting {
  name: string;
  env: string;
  default?: string;
  /** Why `text` cannot be taken, continuing "TOD_X …"; `undefined` when it can. */
  problem?: (text: string) => string | undefined;
  isSecret?: boolean;
  /** One sentence for docs/configuration.md. */
  docs: string;
}

const integer = (min: number, max: number) => (text: string) =>
  /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
    ? undefined
    : `must be a whole number from ${min} to ${max}`;

const url = (...protocols: string[]) => (text: string) => {
  try {
    if (protocols.includes(new URL(text).protocol)) return undefined;
  } catch { /* said below */ }
  return `must be an URL that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`;
};

const oneOf = (...words: string[]) => (text: string) =>
  words.includes(text) ? undefined : `must be one of ${words.join(", ")}`;

function roles(text: string): string | undefined {
  const names = text.split(",");
  if (names.includes("relay")) return "cannot name relay: it comes with remote access";
  return names.every((name) => ["web", "api", "poller"].includes(name))
    ? undefined
    : "must be a list of web, api and poller";
}

function publicUrl(text: string): string | undefined {
  const problem = url("http:", "https:")(text);
  if (problem) return problem;
  const { pathname, search, hash, username } = new URL(text);
  return pathname === "/" && !search && !hash && !username
    ? undefined
    : "must be an origin without a path";
}

function networks(text: string): string | undefined {
  const wrong = text.split(",").map((part) => part.trim()).find((part) => !isNetwork(part));
  return wrong === undefined ? undefined : `must be addresses or networks: ${wrong} is neither`;
}

function origins(text: string): string | undefined {
  const wrong = text.split(",").map((part) => part.trim()).find((part) => {
    try {
      return new URL(part).origin !== part;
    } catch {
      return true;
    }
  });
  return wrong === undefined ? undefined : `must be origins such as https://portal.example.net`;
}

/** Of map tiles: a place of our own, or exactly one other origin, for the page's policy names it. */
function tiles(text: string): string | undefined {
  const sample = text.replace(/\{[zxyr]\}/g, "1");
  if (!/\{z\}/.test(text) || !/\{x\}/.test(text) || !/\{y\}/.test(text) || /[{}]/.test(sample)) {
    return "must hold {z}, {x} and {y}, maybe {r}, and no other placeholder";
  }
  if (/^\/(?!\/)/.test(text)) return undefined;
  try {
    const { protocol, username, password, origin } = new URL(sample);
    if (/^https?:$/.test(protocol) && !username && !password && text.startsWith(origin)) return;
  } catch { /* said below */ }
  return "must be an http:// or https:// address without a login, or a path that begins with /";
}

const postgres = url("postgres:", "postgresql:");

/** Every setting there is; docs/configuration.md and .env.example are made from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: "role",
    env: "TOD_ROLE",
    default: "web,api,poller",
    problem: roles,
    docs: "Roles of this process, comma separated: web, api, poller.",
  },
  {
    name: "region",
    env: "TOD_REGION",
    default: "default",
    problem: (text) =>
      /^[a-z0-9-]{1,40}$/.test(text) ? undefined : "must be 1 to 40 of a-z, 0-9 and -",
    docs: "Region of this poller: it serves the devices of the same region.",
  },
  {
    name: "data-dir",
    env: "TOD_DATA_DIR",
    docs:
      "Where the embedded database and the master key live. Default: /var/lib/tod as root, else $XDG_DATA_HOME/tod, " +
      "else ~/.local/share/tod, else ./tod-data.",
  },
  {
    name: "host",
    env: "TOD_HOST",
    default: "127.0.0.1",
    docs:
      "Address the web server listens on. Beyond loopback it needs --public-url, as browsers sign in over HTTPS only.",
  },
  {
    name: "port",
    env: "TOD_PORT",
    default: "8080",
    problem: integer(0, 65_535),
    docs: "Port of the web server; 0 takes a free one.",
  },
  {
    name: "public-url",
    env: "TOD_PUBLIC_URL",
    problem: publicUrl,
    docs:
      "How people reach TOD, for example https://tod.example.net: a proxy there ends TLS. Cookies are Secure with it, " +
      "and requests of other origins are refused.",
  },
  {
    name: "trusted-proxies",
    env: "TOD_TRUSTED_PROXIES",
    problem: networks,
    docs:
      "Addresses or networks (CIDR) of proxies whose X-Forwarded-For is believed, comma separated. The api role names its web roles here.",
  },
  {
    name: "cors-origins",
    env: "TOD_CORS_ORIGINS",
    problem: origins,
    docs:
      "Origins whose pages may call the API with an API key, comma separated. Cookies are never theirs.",
  },
  {
    name: "auth-attempts-per-minute",
    env: "TOD_AUTH_ATTEMPTS_PER_MINUTE",
    default: "5",
    problem: integer(1, 10_000),
    docs: "Sign-ins that one client address may try in a minute; an account always has five.",
  },
  {
    name: "api-url",
    env: "TOD_API_URL",
    problem: url("http:", "https:"),
    docs: "Where a web-only process finds the api role.",
  },
  {
    name: "map-tiles-url",
    env: "TOD_MAP_TILES_URL",
    problem: tiles,
    docs:
      "Tiles of the map, for example https://tiles.example.net/{z}/{x}/{y}.png; browsers load them from there, and " +
      "only from there. Without it the map shows a grid.",
  },
  {
    name: "map-tiles-attribution",
    env: "TOD_MAP_TILES_ATTRIBUTION",
    docs: "What the source of the tiles wants to be named as, as plain text.",
  },
  {
    name: "map-tiles-max-zoom",
    env: "TOD_MAP_TILES_MAX_ZOOM",
    default: "19",
    problem: integer(1, 22),
    docs: "The last zoom level that has tiles; past it they are enlarged.",
  },
  {
    name: "metrics-host",
    env: "TOD_METRICS_HOST",
    default: "127.0.0.1",
    docs: "Address of the Prometheus endpoint.",
  },
  {
    name: "metrics-port",
    env: "TOD_METRICS_PORT",
    default: "9464",
    problem: integer(0, 65_535),
    docs: "Port of the Prometheus endpoint `/metrics`; 0 takes a free one.",
  },
  {
    name: "log-level",
    env: "TOD_LOG_LEVEL",
    default: "info",
    problem: oneOf("debug", "info", "warn", "error"),
    docs: "Least level that is logged.",
  },
  {
    name: "database-url",
    env: "TOD_DATABASE_URL",
    problem: postgres,
    isSecret: true,
    docs: "PostgreSQL as app_user. Without any database URL the embedded server is used.",
  },
  {
    name: "database-poller-url",
    env: "TOD_DATABASE_POLLER_URL",
    problem: postgres,
    isSecret: true,
    docs: "PostgreSQL as poller_user, for the poller role.",
  },
  {
    name: "database-admin-url",
    env: "TOD_DATABASE_ADMIN_URL",
    problem: postgres,
    isSecret: true,
    docs:
      "PostgreSQL as the schema's owner, for `tod migrate`; when given to `serve` it migrates at start.",
  },
  {
    name: "nats-url",
    env: "TOD_NATS_URL",
    problem: url("nats:", "tls:"),
    isSecret: true,
    docs: "NATS with JetStream. Without it the bus is in-process.",
  },
  {
    name: "bus-max-mb",
    env: "TOD_BUS_MAX_MB",
    default: "256",
    problem: integer(1, 1_000_000),
    docs:
      "Most the bus keeps for absent consumers, in MiB; past it samples are refused, not dropped in silence.",
  },
  {
    name: "bus-max-age-seconds",
    env: "TOD_BUS_MAX_AGE_SECONDS",
    default: "86400",
    problem: integer(60, 31_536_000),
    docs: "Longest a message waits for its consumer.",
  },
  {
    name: "redis-url",
    env: "TOD_REDIS_URL",
    problem: url("redis:", "rediss:"),
    isSecret: true,
    docs: "Redis for locks and rate limits. Without it they are in-process.",
  },
  {
    name: "openbao-address",
    env: "TOD_OPENBAO_ADDRESS",
    problem: url("http:", "https:"),
    docs: "OpenBao or Vault with a Transit engine. Without it the KMS is a master key file.",
  },
  {
    name: "openbao-token",
    env: "TOD_OPENBAO_TOKEN",
    isSecret: true,
    docs: "Token for OpenBao; deploy/openbao/policy.hcl is all it needs.",
  },
  {
    name: "openbao-mount",
    env: "TOD_OPENBAO_MOUNT",
    default: "transit",
    docs: "Mount path of the Transit engine.",
  },
  {
    name: "openbao-namespace",
    env: "TOD_OPENBAO_NAMESPACE",
    docs: "Namespace, where OpenBao has them.",
  },
  {
    name: "kms-master-key-path",
    env: "TOD_KMS_MASTER_KEY_PATH",
    docs:
      "File of the master key (32 bytes, mode 0600). Made at first start. Default: master.key in the data directory. Back it up apart from the database.",
  },
  {
    name: "poll-interval-seconds",
    env: "TOD_POLL_INTERVAL_SECONDS",
    default: "60",
    problem: integer(1, 86_400),
    docs: "How often a router is polled, unless the device says otherwise.",
  },
  {
    name: "slow-interval-seconds",
    env: "TOD_SLOW_INTERVAL_SECONDS",
    default: "300",
    problem: integer(1, 86_400),
    docs: "How often slow readings are taken: neighbours, packages, optics, link speed.",
  },
  {
    name: "offline-after-misses",
    env: "TOD_OFFLINE_AFTER_MISSES",
    default: "3",
    problem: integer(1, 100),
    docs: "Polls missed in a row before a router is offline.",
  },
  {
    name: "connect-timeout-ms",
    env: "TOD_CONNECT_TIMEOUT_MS",
    default: "8000",
    problem: integer(100, 120_000),
    docs: "Longest wait for a connection to a router.",
  },
  {
    name: "command-timeout-ms",
    env: "TOD_COMMAND_TIMEOUT_MS",
    default: "15000",
    problem: integer(100, 600_000),
    docs: "Longest wait for a router's answer to one command.",
  },
  {
    name: "max-handshakes",
    env: "TOD_MAX_HANDSHAKES",
    default: "32",
    problem: integer(1, 10_000),
    docs: "Connections to routers being opened at one time.",
  },
  {
    name: "syslog-udp-port",
    env: "TOD_SYSLOG_UDP_PORT",
    problem: integer(0, 65_535),
    docs:
      "UDP port on which the poller role takes syslog of its routers, usually 514 or 5514. Without it: none.",
  },
  {
    name: "syslog-tcp-port",
    env: "TOD_SYSLOG_TCP_PORT",
    problem: integer(0, 65_535),
    docs: "The same over TCP.",
  },
  {
    name: "syslog-host",
    env: "TOD_SYSLOG_HOST",
    default: "0.0.0.0",
    docs: "Address the syslog ports listen on; :: takes IPv4 and IPv6.",
  },
  {
    name: "syslog-lines-per-second",
    env: "TOD_SYSLOG_LINES_PER_SECOND",
    default: "20",
    problem: integer(1, 10_000),
    docs:
      "Lines a second that are taken of one router on average, ten seconds' worth at once; what is more is counted and dropped.",
  },
  {
    name: "discovery-networks",
    env: "TOD_DISCOVERY_NETWORKS",
    default: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7",
    problem: networks,
    docs:
      "Networks (CIDR) that may be scanned for routers, comma separated. The poller that scans and the api role both check it; the default is private ranges only.",
  },
  {
    name: "discovery-addresses-per-second",
    env: "TOD_DISCOVERY_ADDRESSES_PER_SECOND",
    default: "60",
    problem: integer(1, 10_000),
    docs: "Addresses that one scan begins in a second, with four connections each.",
  },
  {
    name: "retention-raw-days",
    env: "TOD_RETENTION_RAW_DAYS",
    default: "14",
    problem: integer(1, 3_650),
    docs: "Days that raw samples are kept.",
  },
  {
    name: "retention-5m-days",
    env: "TOD_RETENTION_5M_DAYS",
    default: "90",
    problem: integer(1, 3_650),
    docs: "Days that 5-minute rollups are kept.",
  },
  {
    name: "retention-1h-days",
    env: "TOD_RETENTION_1H_DAYS",
    default: "730",
    problem: integer(1, 36_500),
    docs: "Days that 1-hour rollups are kept.",
  },
  {
    name: "retention-log-days",
    env: "TOD_RETENTION_LOG_DAYS",
    default: "30",
    problem: integer(1, 3_650),
    docs: "Days that log lines of routers are kept.",
  },
  {
    name: "backup-hour",
    env: "TOD_BACKUP_HOUR",
    default: "1",
    problem: integer(0, 23),
    docs: "Hour of the day, UTC, from which the nightly backups of configurations are taken.",
  },
  {
    name: "retention-configs-days",
    env: "TOD_RETENTION_CONFIGS_DAYS",
    default: "90",
    problem: integer(7, 36_500),
    docs:
      "Days that every version of a router's configuration is kept. The newest, pinned ones and those that were restored stay for ever; a tenant may have rules of its own.",
  },
  {
    name: "retention-configs-daily-days",
    env: "TOD_RETENTION_CONFIGS_DAILY_DAYS",
    default: "365",
    problem: integer(0, 36_500),
    docs: "Days that the last version of each day is kept.",
  },
  {
    name: "retention-configs-weekly-days",
    env: "TOD_RETENTION_CONFIGS_WEEKLY_DAYS",
    default: "1095",
    problem: integer(0, 36_500),
    docs: "Days that the last version of each week is kept.",
  },
  {
    name: "retention-configs-monthly-days",
    env: "TOD_RETENTION_CONFIGS_MONTHLY_DAYS",
    default: "3650",
    problem: integer(0, 36_500),
    docs: "Days that the last version of each month is kept; older ones go.",
  },
  {
    name: "retention-clients-days",
    env: "TOD_RETENTION_CLIENTS_DAYS",
    default: "90",
    problem: integer(1, 3_650),
    docs:
      "Days that devices behind the routers, and where they were, are kept after they were seen.",
  },
];
