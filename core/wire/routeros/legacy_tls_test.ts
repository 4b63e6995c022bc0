import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CertificateChanged, ConnectFailed, RouterosSession, TlsFailed } from "./mod.ts";
import { OpensslServer } from "./testing/openssl_server.ts";
import { ScriptedRouter } from "./testing/scripted_router.ts";
import { TestCertificates } from "./testing/test_certificates.ts";

const OLD = ["-cipher", "ALL:@SECLEVEL=0"];
const SERVERS = [
  {
    name: "anonymous Diffie-Hellman",
    key: undefined,
    args: ["-nocert", "-tls1_2", "-cipher", "ADH-AES256-SHA256:@SECLEVEL=0"],
  },
  { name: "TLS 1.0", key: ["rsa:2048"], args: ["-tls1", ...OLD] },
  {
    name: "RSA key exchange",
    key: ["rsa:2048"],
    args: ["-tls1_2", "-cipher", "AES256-SHA:@SECLEVEL=0"],
  },
  { name: "a 1024-bit key", key: ["rsa:1024"], args: OLD },
] as const;

/** Runs the same tests in this process's OpenSSL and in the openssl program. */
const WAYS = [
  { way: "by FFI", permissions: "inherit" },
  {
    way: "by openssl s_client",
    permissions: {
      ffi: false,
      net: true,
      run: true,
      read: true,
      write: true,
      env: true,
      sys: true,
    },
  },
] as const;

const target = (port: number) => ({
  address: "127.0.0.1",
  port,
  username: "api",
  password: "secret",
  connectTimeoutMs: 10_000,
  loginTimeoutMs: 10_000,
});

for (const { way, permissions } of WAYS) {
  for (const { name, key, args } of SERVERS) {
    Deno.test({
      name: `legacy ${way}: ${name}`,
      permissions,
      async fn() {
        using certificates = new TestCertificates();
        const made = key ? certificates.selfSigned({ key }) : undefined;
        const files = made ? ["-cert", made.certFile, "-key", made.keyFile] : [];
        await using router = await ScriptedRouter.start(async (connection) => {
          for (;;) {
            const { tag, words } = await connection.next();
            connection.send("!re", words[0]!, `.tag=${tag}`);
            connection.send("!done", `.tag=${tag}`);
          }
        });
        await using server = await OpensslServer.start(router.port, [...files, ...args]);
        using session = await RouterosSession.open({
          ...target(server.port),
          tls: { mode: "legacy", fingerprint: made?.fingerprint ?? null },
        });
        equal(session.peerCertificate?.fingerprint ?? null, made?.fingerprint ?? null);
        // What openssl would take for commands were it not told otherwise.
        const value = "Q\nR\nk\n".repeat(10_000);
        const answers = await Promise.all(
          [value, "short"].map((value) => session.run("/echo", { attributes: { value } })),
        );
        deepEqual(answers.map(({ rows }) => rows[0]?.value), [value, "short"]);
      },
    });

    Deno.test({
      name: `legacy ${way}: ${name}, another certificate pinned`,
      permissions,
      async fn() {
        using certificates = new TestCertificates();
        const made = key ? certificates.selfSigned({ key }) : undefined;
        const files = made ? ["-cert", made.certFile, "-key", made.keyFile] : [];
        await using router = await ScriptedRouter.start(() => {});
        await using server = await OpensslServer.start(router.port, [...files, ...args]);
        const pinned = "ab".repeat(32);
        const opening = RouterosSession.open({
          ...target(server.port),
          tls: { mode: "legacy", fingerprint: pinned },
        });
        await rejects(opening, (error) => {
          ok(error instanceof CertificateChanged);
          deepEqual([error.expected, error.actual], [pinned, made?.fingerprint ?? null]);
          return true;
        });
        equal(router.receivedSentences, 0);
      },
    });
  }

  Deno.test({
    name: `legacy ${way}: nothing listens, or something that is no TLS`,
    permissions,
    async fn() {
      await using plain = await ScriptedRouter.start(
        (router) => void router.socket.end("no TLS here"),
        {
          withoutLogin: true,
        },
      );
      const open = (port: number) =>
        RouterosSession.open({ ...target(port), tls: { mode: "legacy", fingerprint: null } });
      await rejects(open(plain.port), TlsFailed);
      const { port } = plain;
      await plain[Symbol.asyncDispose]();
      await rejects(open(port), ConnectFailed);
    },
  });
}

for (const { name, key, args } of SERVERS) {
  Deno.test(`pinned against ${name}: the message names mode "legacy"`, async () => {
    using certificates = new TestCertificates();
    const made = key ? certificates.selfSigned({ key }) : undefined;
    const files = made ? ["-cert", made.certFile, "-key", made.keyFile] : [];
    await using router = await ScriptedRouter.start(() => {});
    await using server = await OpensslServer.start(router.port, [...files, ...args]);
    const opening = RouterosSession.open({
      ...target(server.port),
      tls: { mode: "pinned", fingerprint: null },
    });
    await rejects(opening, (error) => {
      ok(error instanceof TlsFailed);
      match(error.message, /use TLS mode "legacy"/);
      if (key?.[0] === "rsa:1024") match(error.message, /key is too weak.*RSA below 2048/);
      return true;
    });
    equal(router.receivedSentences, 0);
  });
}
