import { connect, type Socket } from "node:net";
import { ConnectFailed } from "./errors.ts";
import { tuneSocket } from "./socket_link.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";
import { waitForSocket } from "./wait_for_socket.ts";

/** Connects by TCP. Throws {@linkcode ConnectFailed}, or the reason of an aborted signal. */
export async function openTcp(options: LinkOptions): Promise<Socket> {
  const socket = connect({ host: options.address, port: options.port });
  await waitForSocket(socket, "connect", options, (error) => connectFailure(options, error));
  tuneSocket(socket);
  return socket;
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "nothing listens there; is the service enabled in /ip/service, on this port?",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "no answer; is the router up and not behind a firewall?",
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve now",
  ECONNRESET: "the router reset the connection; is this address allowed in /ip/service?",
};

/** What a failed connection attempt means to the operator. */
export function connectFailure(
  options: LinkOptions,
  error: Error & { code?: string },
): ConnectFailed {
  const reason = REASONS[error.code ?? ""] ?? (error.message || error.code || "unknown reason");
  return new ConnectFailed(`Cannot connect to ${peerOf(options)}: ${reason}`, { cause: error });
}
