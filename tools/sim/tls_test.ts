import { equal, notEqual, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { type Fleet, startFleet } from "@/tools/sim/fleet.ts";
import { TinyClient } from "@/tools/sim/tiny_client.ts";

function shake(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function fingerprint(fleet: Fleet, index: number): Promise<string> {
  const socket = await shake(fleet.routers[index]!.tlsPort);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

Deno.test("api-ssl serves the same API, and says so in /user/active", async () => {
  await using fleet = await startFleet({ count: 1, tls: "rsa" });
  const router = fleet.routers[0]!;
  using client = new TinyClient(await shake(router.tlsPort));
  await client.login(router.username, router.password);
  equal((await client.rows("/user/active/print"))[0]!["via"], "api-ssl");
  equal((await client.rows("/interface/print")).length, 19);
});

Deno.test("routers share a certificate unless one has its own; it can change", async () => {
  await using fleet = await startFleet({
    routers: [{ tls: "rsa" }, { tls: "rsa" }, { tls: "rsa", hasOwnCertificate: true }],
  });
  const first = await fingerprint(fleet, 0);
  equal(await fingerprint(fleet, 1), first);
  notEqual(await fingerprint(fleet, 2), first);
  await fleet.routers[0]!.changeCertificate();
  notEqual(await fingerprint(fleet, 0), first);
  equal(await fingerprint(fleet, 1), first);
});

/** `openssl s_client` as a byte pipe: what speaks anonymous DH. */
function anonymous(port: number): { stream: Duplex; exited: Promise<void> } {
  const child = spawn("openssl", [
    ...["s_client", "-quiet", "-tls1_2", "-cipher", "ADH:@SECLEVEL=0"],
    ...["-connect", `127.0.0.1:${port}`],
  ], { stdio: ["pipe", "pipe", "ignore"] });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stream = Duplex.from({ readable: child.stdout!, writable: child.stdin! });
  stream.once("close", () => child.kill("SIGKILL"));
  return { stream, exited };
}

Deno.test("api-ssl without a certificate: anonymous DH, one connection after the other", async () => {
  await using fleet = await startFleet({ count: 1, tls: "anonymous" });
  const router = fleet.routers[0]!;
  for (let round = 1; round <= 2; round++) {
    const { stream, exited } = anonymous(router.tlsPort);
    const client = new TinyClient(stream);
    await client.login(router.username, router.password);
    ok((await client.rows("/interface/print")).length > 5);
    equal(router.counts.logins, round);
    client[Symbol.dispose]();
    await exited;
    await fleet.until(() => router.openConnections === 0);
    await router.tlsReady();
  }
});
