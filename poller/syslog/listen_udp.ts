import dgram from "node:dgram";
import { isIPv6 } from "node:net";
import type { Logger } from "@/core/log.ts";
import type { SyslogReceiver } from "./receiver.ts";

export interface ListenOptions {
  host: string;
  port: number;
  receiver: Pick<SyslogReceiver, "receive">;
  log: Logger;
}

/** Room in the kernel for bursts. */
const RECEIVE_BUFFER = 4 * 2 ** 20;
const MAX_DATAGRAM = 16_384;

/** Takes a datagram for a line. Resolves when the port is open; disposing closes it. */
export async function listenUdp(
  { host, port, receiver, log }: ListenOptions,
): Promise<AsyncDisposable & { port: number }> {
  const socket = dgram.createSocket({
    type: isIPv6(host) ? "udp6" : "udp4",
    recvBufferSize: RECEIVE_BUFFER,
  });
  socket.on("message", (bytes, { address }) => {
    receiver.receive(bytes.subarray(0, MAX_DATAGRAM), address, "udp");
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, host, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  socket.on("error", (error) => log.warn("the syslog socket had an error", { error }));
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
