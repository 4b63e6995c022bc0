import { rejects } from "node:assert/strict";
import { startNats, startRedis } from "./servers.ts";

for (const start of [startRedis, startNats]) {
  Deno.test(`${start.name}() starts, dies at once and comes back on the same port`, async () => {
    await using server = await start();
    const reach = () => Deno.connect({ hostname: "127.0.0.1", port: server.port });
    (await reach()).close();
    await server.kill();
    await rejects(reach(), Deno.errors.ConnectionRefused);
    await server.start();
    (await reach()).close();
  });
}
