import { admits, isFrom, keepAtHand, managementAddress, type Visit } from "./admission.ts";
import { ConnectionFailed, DirectConnection, wait } from "./direct_connection.ts";
import { type RouterWish, specOf } from "./fleet.ts";
import { SimRouter } from "./router.ts";
import { realTime, type Timers } from "./time.ts";

export {
  ConnectionFailed,
  type DirectAnswer,
  DirectConnection,
  type DirectWords,
  type FailureReason,
} from "./direct_connection.ts";

/** A router without ports: {@linkcode connectDirectly} is the way to it. */
export function simRouter(
  wish: RouterWish = {},
  { time = realTime, seed = 1, index = 0 }: { time?: Timers; seed?: number; index?: number } = {},
): SimRouter {
  const spec = specOf(index, 1, { bootMs: 40_000, ...wish }, {
    seed,
    versions: ["7.18.2"],
    boards: ["hex"],
  });
  return new SimRouter(spec, () => undefined, time);
}

export interface DirectOptions {
  readonly user?: string;
  readonly password?: string;
  /** Where the manager is; by default far away, behind the router's gateway. */
  readonly address?: string;
  /** The router's address. */
  readonly to?: string;
  readonly port?: number;
  /** Each way. */
  readonly latencyMs?: number;
  readonly connectTimeoutMs?: number;
}

/**
 * Connects and logs in without a socket, as a manager elsewhere would: through the router's firewall,
 * to its service, as its user.
 *
 * @throws {ConnectionFailed}
 */
export async function connectDirectly(
  router: SimRouter,
  options: DirectOptions = {},
): Promise<DirectConnection> {
  const { latencyMs = 0, connectTimeoutMs = 10_000 } = options;
  const visit: Visit = {
    from: options.address ?? "10.255.0.1",
    to: options.to ?? managementAddress(router),
    port: options.port ?? 8728,
  };
  keepAtHand(router);
  await wait(router, latencyMs * 2);
  const verdict = router.fault("refuse") ? "refused" : admits(router, visit, "new");
  if (verdict === "silent") {
    await wait(router, connectTimeoutMs);
    throw new ConnectionFailed("unreachable", "no answer to the connection in time");
  }
  if (verdict === "refused") {
    throw new ConnectionFailed("unreachable", "the connection was refused");
  }
  if (verdict === "closed") {
    throw new ConnectionFailed("lost", "the connection ended right after it was taken");
  }
  router.counts.connections++;
  if (router.fault("silent")) {
    await wait(router, connectTimeoutMs);
    throw new ConnectionFailed("timeout", "no answer to the login in time");
  }
  await wait(router, latencyMs * 2);
  const { spec } = router;
  const name = options.user ?? spec.users[0]!.name;
  const account = router.account(name);
  const password = options.password ?? account?.password;
  const isRight = account !== undefined && account.password === password &&
    !router.fault("wrong-password") && account.policies.has("api") &&
    isFrom(visit.from, account.addresses);
  if (!isRight) {
    router.refuseLogin(name, visit.from);
    throw new ConnectionFailed("login_refused", "invalid user name or password (6)");
  }
  const limit = router.fault("max-sessions")?.limit ?? spec.maxSessions;
  if (router.active.size >= limit) throw new ConnectionFailed("lost", "too many sessions");
  const session = router.logIn(account, visit.from, "api");
  return new DirectConnection(router, visit, session, latencyMs);
}
