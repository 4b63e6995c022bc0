/**
 * A program: routers that answer from prepared bytes, so that a client under measurement waits for
 * itself. Prints its ports as JSON, then serves until its input ends.
 */
import { Buffer } from "node:buffer";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { SentenceDecoder } from "@/core/wire/routeros/mod.ts";
import { cannedReply } from "./canned_replies.ts";

/** Room for the answers to one read; they leave in one write, copied once. */
let out = Buffer.allocUnsafeSlow(16 * 2 ** 20);

function serve(socket: Socket) {
  let filled = 0;
  const decoder = new SentenceDecoder((bytes, start, end) => {
    const text = bytes.toString("latin1", start, end);
    const command = text.substring(1, 1 + bytes[start]!);
    const tagAt = text.indexOf(".tag=");
    const tag = tagAt < 0 ? "" : text.substring(tagAt + 5, tagAt + text.charCodeAt(tagAt - 1));
    const reply = cannedReply(command, tag);
    if (filled + reply.length > out.length) {
      out = Buffer.concat([out], 2 * (filled + reply.length));
    }
    out.set(reply, filled);
    filled += reply.length;
  });
  socket.setNoDelay(true);
  socket.on("data", (bytes) => {
    filled = 0;
    decoder.push(bytes);
    socket.write(Buffer.from(out.subarray(0, filled)));
  });
  socket.on("error", () => {});
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot listen");
  return address.port;
}

const [certFile, keyFile] = Deno.args;
const ports = { plain: await listen(createServer(serve)), tls: 0 };
if (certFile && keyFile) {
  const [cert, key] = [Deno.readTextFileSync(certFile), Deno.readTextFileSync(keyFile)];
  ports.tls = await listen(createTlsServer({ cert, key }, serve));
}
console.log(JSON.stringify(ports));
// Whoever started us holds our input: when it goes, so do we.
for await (const _ of Deno.stdin.readable);
Deno.exit(0);
