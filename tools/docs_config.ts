/**
 * `deno task docs:config`: writes docs/configuration.md and .env.example from the table of settings, so
 * that no setting is undocumented and no document is out of date (a test compares).
 */
import { type Setting, SETTINGS } from "@/core/settings.ts";

export const DOCUMENTS: readonly { path: string; make: () => string | Promise<string> }[] = [
  { path: "docs/configuration.md", make: () => formatted(configurationMarkdown()) },
  { path: ".env.example", make: envExample },
];

/** As `deno fmt` wants Markdown: the gate checks it, and the test compares bytes. */
async function formatted(markdown: string): Promise<string> {
  const fmt = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext=md", "-"],
    cwd: new URL("..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = fmt.stdin.getWriter();
  await input.write(new TextEncoder().encode(markdown));
  await input.close();
  const { success, stdout } = await fmt.output();
  if (!success) throw new Error("Cannot format docs/configuration.md");
  return new TextDecoder().decode(stdout);
}

/** Settings by the part of the product they belong to, in the order they are explained. */
const GROUPS: readonly { title: string; intro: string; names: readonly string[] }[] = [
  {
    title: "Process",
    intro: "One program; `role` says which parts of it this process is.",
    names: ["role", "region", "data-dir", "log-level"],
  },
  {
    title: "Web and metrics",
    intro:
      "Browsers sign in over HTTPS or on localhost only: beyond loopback a proxy with TLS stands before it.",
    names: [
      ...["host", "port", "public-url", "trusted-proxies", "cors-origins"],
      ...["auth-attempts-per-minute", "api-url", "metrics-host", "metrics-port"],
      ...["map-tiles-url", "map-tiles-attribution", "map-tiles-max-zoom"],
    ],
  },
  {
    title: "Database",
    intro: "Without an URL a private PostgreSQL runs under the data directory.",
    names: ["database-url", "database-poller-url", "database-admin-url"],
  },
  {
    title: "Bus, locks and keys",
    intro: "In-process by default; needed where roles run apart.",
    names: [
      ...["nats-url", "bus-max-mb", "bus-max-age-seconds", "redis-url", "kms-master-key-path"],
      ...["openbao-address", "openbao-token", "openbao-mount", "openbao-namespace"],
    ],
  },
  {
    title: "Polling",
    intro: "How routers are asked.",
    names: [
      ...["poll-interval-seconds", "slow-interval-seconds", "offline-after-misses"],
      ...["connect-timeout-ms", "command-timeout-ms", "max-handshakes"],
    ],
  },
  {
    title: "Logs of routers",
    intro: "Syslog, taken by the poller role; off unless a port is given. See docs/operations.md.",
    names: ["syslog-udp-port", "syslog-tcp-port", "syslog-host", "syslog-lines-per-second"],
  },
  {
    title: "Discovery",
    intro: "What may be scanned for routers, and how fast.",
    names: ["discovery-networks", "discovery-addresses-per-second"],
  },
  {
    title: "Retention",
    intro: "How long readings and log lines are kept.",
    names: [
      ...["retention-raw-days", "retention-5m-days", "retention-1h-days", "retention-log-days"],
      "retention-clients-days",
    ],
  },
  {
    title: "Configuration backups",
    intro: "When the configurations of routers are read, and how long their versions are kept.",
    names: [
      ...["backup-hour", "retention-configs-days", "retention-configs-daily-days"],
      ...["retention-configs-weekly-days", "retention-configs-monthly-days"],
    ],
  },
];

function settingsOf(names: readonly string[]): Setting[] {
  return names.map((name) => SETTINGS.find((setting) => setting.name === name)!);
}

/** Every setting is in one group; a new one that is in none stops the generator. */
export function ungrouped(): string[] {
  const grouped = new Set(GROUPS.flatMap(({ names }) => names));
  return SETTINGS.map(({ name }) => name).filter((name) => !grouped.has(name));
}

export function configurationMarkdown(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const row = ({ name, env, default: value, isSecret, docs }: Setting) =>
    `| \`--${name}\` | \`${env}\` | ${value === undefined ? "–" : `\`${cell(value)}\``} | ` +
    `${isSecret ? "Secret. " : ""}${cell(docs)} |`;
  const sections = GROUPS.map(({ title, intro, names }) =>
    [
      `## ${title}\n`,
      `${intro}\n`,
      "| Flag | Variable | Default | Meaning |",
      "| --- | --- | --- | --- |",
      ...settingsOf(names).map(row),
    ].join("\n")
  );
  return `<!-- Made by \`deno task docs:config\` from core/settings.ts: do not edit. -->

# Configuration

Every setting is a flag (\`--name=value\`), an environment variable, or the content of the file that
the variable with \`_FILE\` at its end names (\`TOD_DATABASE_URL_FILE=/run/secrets/database_url\`), which is
the way for secrets. Flags win over variables, variables over defaults; an empty variable counts as not
given. An unknown \`TOD_…\` variable or flag stops the start with the nearest name, and all problems are
reported together. \`tod config\` prints what is in force, secrets hidden.

${sections.join("\n\n")}

## Beside the settings

| Variable | Meaning |
| --- | --- |
| \`TOD_CACHE_DIR\` | Where the one-file program unpacks itself; must allow execution. |
| \`TOD_POSTGRES_HOME\` | Folder of the PostgreSQL programs the embedded server uses instead of its own. |
| \`TOD_POSTGRES_USER\` | System user the embedded server runs as when TOD is started by root. |
`;
}

export function envExample(): string {
  const sections = GROUPS.map(({ title, names }) =>
    [
      `# ── ${title} ──`,
      ...settingsOf(names).map(({ env, default: value, docs }) =>
        `\n# ${docs.replaceAll("\n", " ")}\n#${env}=${value ?? ""}`
      ),
    ].join("\n")
  );
  return `# Made by \`deno task docs:config\` from core/settings.ts: do not edit. Copy it to .env and uncomment what
# you change. A secret is better in a file of its own: TOD_X_FILE=/path instead of TOD_X=….

${sections.join("\n\n")}
`;
}

if (import.meta.main) {
  const missing = ungrouped();
  if (missing.length > 0) throw new Error(`Cannot document as no group has ${missing.join(", ")}`);
  const root = new URL("..", import.meta.url);
  for (const { path, make } of DOCUMENTS) {
    await Deno.writeTextFile(new URL(path, root), await make());
  }
}
