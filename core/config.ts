export type RoleName = "web" | "api" | "poller" | "relay";

/** The validated configuration; read once, never changed. Units are in the names. */
export interface Config {
  readonly roles: readonly RoleName[];
  readonly region: string;
  readonly dataDir: string;
  readonly http: { readonly host: string; readonly port: number; readonly apiUrl: string | null };
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
  readonly retention: {
    readonly rawDays: number;
    readonly fiveMinuteDays: number;
    readonly hourDays: number;
  };
}
