import { AsyncLocalStorage } from "node:async_hooks";
import type postgres from "postgres";
import { Unavailable } from "@/core/errors.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { connectPool, type Endpoint, type Pool } from "./postgres_pool.ts";

export interface PostgresDbOptions {
  /** `app_user`; absent in a poller-only process, whose {@linkcode Db.tenant} then throws. */
  app?: Endpoint;
  /** `poller_user`; absent where no poller runs. */
  poller?: Endpoint;
  poolSize?: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NO_TENANT = "";
/**
 * For a transaction begun within another (the KMS reads a key while an act writes its audit). Were they
 * to take from the pool, as many acts as it has connections would wait for ever for one more.
 */
const NESTED_CONNECTIONS = 2;

/** PostgreSQL through login roles that row-level security binds. */
export class PostgresDb implements Db {
  #app: Pool | undefined;
  #nested: Pool | undefined;
  #poller: Pool | undefined;
  #inside = new AsyncLocalStorage<true>();

  private constructor(
    app: Pool | undefined,
    nested: Pool | undefined,
    poller: Pool | undefined,
  ) {
    this.#app = app;
    this.#nested = nested;
    this.#poller = poller;
  }

  /** @throws if a login role could read past row-level security */
  static async open({ app, poller, poolSize = 10 }: PostgresDbOptions): Promise<PostgresDb> {
    const db = new PostgresDb(
      app && connectPool(app, { max: poolSize, name: "app" }),
      app && connectPool(app, { max: NESTED_CONNECTIONS, name: "app-nested" }),
      poller && connectPool(poller, { max: Math.min(poolSize, 4), name: "poller" }),
    );
    try {
      if (db.#app) await refuseWrongRole(db.#app, "app_user");
      if (db.#poller) await refuseWrongRole(db.#poller, "poller_user");
      return db;
    } catch (error) {
      await db[Symbol.asyncDispose]();
      throw error;
    }
  }

  async tenant<T>(tenantId: TenantId, work: (sql: Sql) => Promise<T>): Promise<T> {
    if (!UUID.test(tenantId)) throw new TypeError("Cannot use a tenant id that is no UUID");
    return await this.#transaction(this.#appPool(), "app_user", tenantId, work);
  }

  async system<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#transaction(this.#appPool(), "app_user", NO_TENANT, work);
  }

  async poller<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#transaction(this.#poller, "poller_user", NO_TENANT, work);
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
      throw translate(error, false);
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [this.#app, this.#nested, this.#poller];
    await Promise.all(pools.map((pool) => pool?.end({ timeout: 5 })));
  }

  #appPool(): Pool | undefined {
    return this.#inside.getStore() ? this.#nested : this.#app;
  }

  async #transaction<T>(
    pool: Pool | undefined,
    role: string,
    tenantId: TenantId | "",
    work: (sql: Sql) => Promise<T>,
  ): Promise<T> {
    if (!pool) throw new Unavailable(`This process has no database login as ${role}`);
    let isOpen = false;
    try {
      return await pool.begin(async (sql) => {
        // Always, also without a tenant: were a context ever left in the session, it ends here.
        await sql`select set_config('app.tenant_id', ${tenantId}, true)`;
        isOpen = true;
        return await this.#inside.run(true, () => work(sql));
      }) as T;
    } catch (error) {
      throw translate(error, isOpen);
    }
  }
}

/** What the driver and PostgreSQL say when there is no connection: 08 broken, 28 login, 3D no such database, 57P0 shut down, 53300 full. */
const CONNECTION_LOST = /^(CONNECTION_|CONNECT_TIMEOUT|08|28|3D000|57P0|53300)/;
const CONNECTION_REFUSED =
  /^(ECONN|ENOENT|EACCES|ENOTFOUND|ETIMEDOUT|EPIPE|EHOST|ENET|EAI_|ERR_TLS|ERR_SSL)/;

/**
 * Connection trouble becomes {@linkcode Unavailable}. Once the transaction is open a plain ENOENT or
 * ECONNREFUSED is from something else that `work` did, and stays what it is.
 */
function translate(error: unknown, isOpen: boolean): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return error;
  if (!CONNECTION_LOST.test(code) && (isOpen || !CONNECTION_REFUSED.test(code))) return error;
  const advice = /^28/.test(code)
    ? "check the role and its password"
    : "check that it runs and is reachable";
  return new Unavailable(`The database does not answer (${code}): ${advice}`, { cause: error });
}

/** @throws if the login is another role, or one that row-level security would not bind */
async function refuseWrongRole(pool: Pool, expected: string): Promise<void> {
  let row: postgres.Row | undefined;
  try {
    [row] = await pool`
      select session_user::text as name,
        exists (
          select from pg_roles r where pg_has_role(session_user, r.oid, 'MEMBER')
            and (r.rolsuper or r.rolbypassrls or r.rolcreaterole)) as is_powerful,
        exists (
          select from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and pg_has_role(session_user, c.relowner, 'MEMBER')) as is_owner`;
  } catch (error) {
    throw translate(error, false);
  }
  if (row?.["name"] !== expected) {
    throw new Error(
      `Cannot use the database login ${row?.["name"]} as it must be ${expected}: ` +
        "check TOD_DATABASE_URL (app_user) and TOD_DATABASE_POLLER_URL (poller_user)",
    );
  }
  if (row["is_powerful"] || row["is_owner"]) {
    throw new Error(
      `Cannot use the database login ${expected} as it must be bound by row-level security: it is ` +
        "superuser, has BYPASSRLS or CREATEROLE, owns tables, or is member of a role that does; " +
        "see deploy/postgres/roles.sql",
    );
  }
}
