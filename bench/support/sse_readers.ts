/**
 * A program: many readers of the live stream, each on a socket of its own. Prints a line when all have
 * their stream; for each line it is sent, what they received since; ends with its input.
 */
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { parseArgs } from "node:util";

export interface Received {
  /** When each message came, ms since 1970, by {@linkcode keyOf}. */
  times: Record<string, number[]>;
  bytes: number;
  resets: number;
}

/** Device and moment of a message's first reading: what tells one message from another. */
export function keyOf(text: string): string | undefined {
  const [, id, sampledAt] =
    /"devices":\[\{"id":"([^"]{36})"[^{}]*?"sampledAt":"([^"]{10,30})"/.exec(text) ?? [];
  return id && `${id} ${sampledAt}`;
}

function openReader(port: number, cookie: string, received: Received, isStalled: boolean) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        `GET /api/events/stream HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${cookie}\r\n` +
          "accept: text/event-stream\r\n\r\n",
      );
    });
    socket.setNoDelay(true);
    socket.on("error", reject);
    socket.once("data", (head: Buffer) => {
      const status = head.toString("latin1", 0, 40);
      if (!status.startsWith("HTTP/1.1 200")) return reject(new Error(status));
      if (isStalled) socket.pause();
      resolve();
    });
    if (isStalled) return;
    socket.on("data", (bytes: Buffer) => {
      received.bytes += bytes.length;
      let at = bytes.indexOf("\nevent: ");
      if (at < 0) return;
      const now = performance.timeOrigin + performance.now();
      for (; at >= 0; at = bytes.indexOf("\nevent: ", at + 8)) {
        const text = bytes.toString("latin1", at, at + 600);
        if (text.startsWith("\nevent: reset")) received.resets += 1;
        const key = keyOf(text);
        if (key) (received.times[key] ??= []).push(now);
      }
    });
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      port: { type: "string", default: "0" },
      count: { type: "string", default: "1" },
      cookie: { type: "string", default: "" },
      stalled: { type: "boolean", default: false },
    },
  });
  const fresh = (): Received => ({ times: {}, bytes: 0, resets: 0 });
  const received = fresh();
  for (let index = 0; index < Number(values.count); index += 25) {
    const some = Math.min(25, Number(values.count) - index);
    await Promise.all(
      Array.from(
        { length: some },
        () => openReader(Number(values.port), values.cookie, received, values.stalled),
      ),
    );
  }
  console.log("ready");
  for await (const _ of Deno.stdin.readable) {
    console.log(JSON.stringify(received));
    Object.assign(received, fresh());
  }
  Deno.exit(0);
}
