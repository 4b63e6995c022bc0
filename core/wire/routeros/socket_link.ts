import type { Socket } from "node:net";
import type { ByteLink, PeerCertificate } from "./byte_link.ts";

/** How long TCP may be silent before the kernel asks whether the router is still there. */
const KEEPALIVE_MS = 30_000;

/** Settings every socket to a router gets: no Nagle (44 ms a command without it), keepalive. */
export function tuneSocket(socket: Socket): void {
  socket.setNoDelay(true);
  // TCP's own, since the RouterOS API has no keepalive and NAT forgets silent connections.
  socket.setKeepAlive(true, KEEPALIVE_MS);
}

/** A node:net or node:tls socket as a link. */
export class SocketLink implements ByteLink {
  #socket: Socket;
  #isClosed = false;

  constructor(socket: Socket, readonly certificate: PeerCertificate | null) {
    this.#socket = socket;
    // Always listened to: an error event nobody hears ends the process.
    socket.on("error", () => {});
  }

  start(onBytes: (bytes: Uint8Array) => void, onClosed: (error: Error | undefined) => void): void {
    const end = (error: Error | undefined) => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#socket.destroy();
      onClosed(error);
    };
    this.#socket.on("data", (bytes: Uint8Array) => {
      if (!this.#isClosed) onBytes(bytes);
    });
    this.#socket.on("error", end);
    this.#socket.on("end", () => end(undefined));
    this.#socket.on("close", () => end(undefined));
    if (this.#socket.destroyed) queueMicrotask(() => end(undefined));
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }
}
