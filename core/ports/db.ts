import type postgres from "postgres";
import type { TenantId } from "@/core/scope.ts";

/** A query inside one transaction. Tagged templates only: values never become SQL text. */
export type Sql = postgres.TransactionSql;

/**
 * The database. There is no way to tenant data but {@linkcode tenant}: the pools behind it log in as
 * roles that row-level security binds, so a forgotten tenant context reads zero rows and cannot write.
 */
export interface Db extends AsyncDisposable {
  /** Runs `work` in one transaction of `app_user` bound to `tenantId`. Rolls back when it throws. */
  tenant<T>(tenantId: TenantId, work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * Runs `work` as `app_user` without a tenant: sees only what the `system_*` SQL functions give
   * (tenant directory, partitions, jobs). For work that belongs to no tenant.
   */
  system<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs `work` as `poller_user`: reads devices and credentials of every tenant, nothing else. */
  poller<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Answers the server's version, or throws `Unavailable` within 2 s. */
  check(): Promise<string>;
}
