import { Socket } from "node:net";
import postgres from "postgres";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** Where one login role connects: an URL, or the socket of the embedded server. */
export type Endpoint =
  | { url: string }
  | { socketPath: string; user: string; database: string };

export interface PostgresDbOptions {
  /** `app_user`; absent in a poller-only process, whose {@linkcode Db.tenant} then throws. */
  app?: Endpoint;
  /** `poller_user`; absent where no poller runs. */
  poller?: Endpoint;
  poolSize?: number;
}

type Pool = postgres.Sql;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STATEMENT_TIMEOUT_MS = 30_000;

/** A pool of one login role. Over TCP without Nagle: it makes a small COPY 90 times slower. */
export function connectPool(endpoint: Endpoint, options: { max: number; name: string }): Pool {
  const shared = {
    max: options.max,
    idle_timeout: 300,
    connect_timeout: 10,
    onnotice: () => {},
    connection: {
      application_name: `tod-${options.name}`,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      TimeZone: "UTC",
    },
  };
  if ("socketPath" in endpoint) {
    const { socketPath, user, database } = endpoint;
    return postgres({ ...shared, path: socketPath, user, database });
  }
  const { hostname, port } = new URL(endpoint.url);
  const socket = () =>
    new Promise<Socket>((resolve, reject) => {
      const tcp = new Socket();
      tcp.setNoDelay(true);
      tcp.setKeepAlive(true, 30_000);
      tcp.once("error", reject);
      tcp.connect(Number(port) || 5432, hostname.replace(/^\[|\]$/g, ""), () => {
        tcp.off("error", reject);
        resolve(tcp);
      });
    });
  // The driver's types do not know the documented `socket` option.
  return postgres(endpoint.url, { ...shared, socket } as postgres.Options<never>) as Pool;
}

/** PostgreSQL through login roles that row-level security binds. */
export class PostgresDb implements Db {
  #app: Pool | undefined;
  #poller: Pool | undefined;

  private constructor(app: Pool | undefined, poller: Pool | undefined) {
    this.#app = app;
    this.#poller = poller;
  }

  /** @throws if a login role could read past row-level security */
  static async open({ app, poller, poolSize = 10 }: PostgresDbOptions): Promise<PostgresDb> {
    const db = new PostgresDb(
      app && connectPool(app, { max: poolSize, name: "app" }),
      poller && connectPool(poller, { max: Math.min(poolSize, 4), name: "poller" }),
    );
    try {
      for (const pool of [db.#app, db.#poller]) if (pool) await refusePowerfulRole(pool);
      return db;
    } catch (error) {
      await db[Symbol.asyncDispose]();
      throw error;
    }
  }

  async tenant<T>(tenantId: TenantId, work: (sql: Sql) => Promise<T>): Promise<T> {
    if (!UUID.test(tenantId)) throw new TypeError("Cannot use a tenant id that is no UUID");
    return await this.#transaction(this.#app, "app_user", async (sql) => {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`;
      return await work(sql);
    });
  }

  async system<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#transaction(this.#app, "app_user", work);
  }

  async poller<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#transaction(this.#poller, "poller_user", work);
  }

  async check(): Promise<string> {
    const pool = this.#app ?? this.#poller;
    if (!pool) throw new Unavailable("No database is configured for this process");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Unavailable("The database did not answer in 2 s")),
        2_000,
      );
    });
    try {
      const query = pool`select current_setting('server_version') as version`;
      const [row] = await Promise.race([query, late]);
      return `PostgreSQL ${row?.["version"]}`;
    } catch (error) {
      throw translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#app?.end({ timeout: 5 }), this.#poller?.end({ timeout: 5 })]);
  }

  async #transaction<T>(
    pool: Pool | undefined,
    role: string,
    work: (sql: Sql) => Promise<T>,
  ): Promise<T> {
    if (!pool) throw new Unavailable(`This process has no database login as ${role}`);
    try {
      return await pool.begin(work) as T;
    } catch (error) {
      throw translate(error);
    }
  }
}

/** Connection trouble becomes {@linkcode Unavailable}; the driver's texts carry no password. */
function translate(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string") return error;
  const isConnection =
    /^(ECONN|ENOENT|ENOTFOUND|ETIMEDOUT|EPIPE|EHOST|ENET|EAI_|CONNECT|57P0|53300)/
      .test(code) || /^CONNECTION_/.test(code);
  return isConnection
    ? new Unavailable(
      `The database does not answer (${code}): check that it runs and is reachable`,
      {
        cause: error,
      },
    )
    : error;
}

async function refusePowerfulRole(pool: Pool): Promise<void> {
  let row: postgres.Row | undefined;
  try {
    [row] = await pool`
      select current_user as name, rolsuper or rolbypassrls as is_powerful,
        exists (select from pg_class where relowner = pg_roles.oid) as is_owner
      from pg_roles where rolname = current_user`;
  } catch (error) {
    throw new Unavailable(`Cannot log in to the database: ${messageOf(error)}`, { cause: error });
  }
  if (row?.["is_powerful"] || row?.["is_owner"]) {
    throw new Error(
      `Cannot use the database login ${row["name"]} as it must be bound by row-level security: ` +
        "it is superuser, has BYPASSRLS or owns tables; see deploy/postgres/roles.sql",
    );
  }
}
