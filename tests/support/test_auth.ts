import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { verifyAccessToken } from "@/core/auth/access_token.ts";
import type { LoginResult } from "@/core/auth/login.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { readPrincipal } from "@/core/auth/principal.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { FakeClock } from "./clock.ts";
import { openTestDb } from "./databases.ts";
import type { TestUser } from "./identity.ts";
import { openTestPlatform } from "./platform.ts";

/** Signing in on a database of its own, with a clock to turn. */
export async function openTestAuth(clock: Clock = new FakeClock()) {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"], {
    clock,
    locks: new MemoryLocks(() => clock.now()),
  });
  const deps = openAuth(platform);
  return {
    ...test,
    deps,
    clock: clock as FakeClock,
    /** What the next request with these tokens may do. */
    async principal(access: string) {
      const claims = await verifyAccessToken(deps, access);
      return claims && await readPrincipal(deps.db, claims, deps.clock.now());
    },
    audited: async (tenantId: TestUser["tenantId"]) =>
      (await test.db.tenant(
        tenantId,
        (sql) => sql<{ action: string }[]>`select action from audit_log order by seq`,
      )).map(({ action }) => action),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** @throws if a second factor was asked for */
export function tokensOf(result: LoginResult) {
  if (result.next !== "done") throw new Error("a second factor was asked for");
  return result.tokens;
}
