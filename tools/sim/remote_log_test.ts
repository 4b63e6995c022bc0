import { deepEqual, equal, match } from "node:assert/strict";
import dgram from "node:dgram";
import { startFleet } from "./fleet.ts";
import { TinyClient } from "./tiny_client.ts";

/** A syslog server that is asked for one line at a time. */
async function openServer() {
  const socket = dgram.createSocket("udp4");
  const lines: { text: string; from: string }[] = [];
  let wake = () => {};
  socket.on("message", (bytes, { address }) => {
    lines.push({ text: bytes.toString(), from: address });
    wake();
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: String(socket.address().port),
    async next() {
      while (lines.length === 0) await new Promise<void>((resolve) => wake = resolve);
      return lines.shift()!;
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

for (const version of ["6.49.17", "7.18.2"]) {
  Deno.test(`a ${version} router sends its log to a remote action, in both formats`, async () => {
    await using server = await openServer();
    await using fleet = await startFleet({ routers: [{ version, identity: "core 1" }] });
    const [host] = fleet.routers;
    using client = await TinyClient.connect(host!.port, host!.address);
    await client.login(host!.username, host!.password);
    const remote = ["=target=remote", "=remote=127.0.0.1", `=remote-port=${server.port}`];
    await client.run("/system/logging/action/add", "=name=tod", ...remote);
    const [added] = await client.run(
      ...["/system/logging/add", "=topics=interface,!debug", "=action=tod"],
    );
    const id = added!.words[1]!.slice("=ret=".length);
    host!.setLink("ether1", false);
    const { text, from } = await server.next();
    equal(text, "interface,info ether1 link down");
    equal(from, host!.address);
    const format = version.startsWith("6") ? "=bsd-syslog=yes" : "=remote-log-format=syslog";
    await client.run("/system/logging/action/set", "=numbers=tod", format);
    await client.run("/system/logging/set", `=.id=${id}`, "=prefix=tag");
    host!.setLink("ether1", true);
    match(
      (await server.next()).text,
      /^<30>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d core 1 interface,info tag: ether1 link up$/,
    );
    const messages = (await client.rows("/log/print")).map(({ message }) => message);
    deepEqual(messages.filter((text) => text?.startsWith("log ")), [
      `log action added by ${host!.username}`,
      `log rule added by ${host!.username}`,
      `log action changed by ${host!.username}`,
      `log rule changed by ${host!.username}`,
    ]);
  });
}
