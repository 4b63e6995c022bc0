import { connect, type NatsConnection } from "@nats-io/transport-node";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import { NatsBus, type NatsBusOptions } from "./bus_nats.ts";
import { NatsRpc } from "./rpc_nats.ts";

export interface OpenNats extends AsyncDisposable {
  bus: NatsBus;
  rpc: NatsRpc;
}

/** One connection for bus and RPC; reconnects for ever. */
export async function openNats(
  url: string,
  options: NatsBusOptions,
  log: Logger,
): Promise<OpenNats> {
  const { protocol, host, username, password } = new URL(url);
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers: `${protocol}//${host}`,
      ...credentials(decodeURIComponent(username), decodeURIComponent(password)),
      // Without it the client would take plain text from a server that offers no TLS.
      ...(protocol === "tls:" && { tls: {} }),
      name: "tod",
      maxReconnectAttempts: -1,
      // A server that refuses the login (its configuration is being changed) is no reason to give up.
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      pingInterval: 10_000,
      maxPingOut: 2,
    });
  } catch (error) {
    throw new Unavailable(
      `Cannot reach NATS at ${host}: ${
        messageOf(error)
      }. Check TOD_NATS_URL and that it runs with JetStream`,
      { cause: error },
    );
  }
  watch(connection, log);
  const bus = await NatsBus.open(connection, options, log);
  return {
    bus,
    rpc: new NatsRpc(connection, log),
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      await connection.close();
    },
  };
}

/** As in NATS's own URLs: a user without a password is a token. */
function credentials(user: string, pass: string): { token?: string; user?: string; pass?: string } {
  if (user && pass) return { user, pass };
  return user ? { token: user } : {};
}

async function watch(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") log.warn("NATS does not answer: reconnecting");
    if (status.type === "reconnect") log.info("NATS answers again");
    if (status.type === "error") log.warn("NATS reports an error", { error: status.error });
  }
}
