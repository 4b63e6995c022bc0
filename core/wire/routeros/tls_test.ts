import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CertificateChanged, ConnectFailed, RouterosSession, TlsFailed } from "./mod.ts";
import type { RouterTls } from "./mod.ts";
import { type RouterConnection, ScriptedRouter } from "./testing/scripted_router.ts";
import { TestCertificates } from "./testing/test_certificates.ts";

async function answerOnce(router: RouterConnection) {
  const { tag } = await router.next();
  router.send("!re", "=name=router", `.tag=${tag}`);
  router.send("!done", `.tag=${tag}`);
}

async function poll(port: number, tls: RouterTls) {
  using session = await RouterosSession.open({
    address: "127.0.0.1",
    port,
    tls,
    username: "api",
    password: "secret",
    connectTimeoutMs: 5_000,
    loginTimeoutMs: 5_000,
  });
  const { rows } = await session.run("/system/identity/print");
  equal(rows[0]?.name, "router");
  return session.peerCertificate;
}

for (
  const { name, key } of [
    { name: "RSA 2048", key: ["rsa:2048"] },
    { name: "EC P-256", key: ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] },
  ]
) {
  Deno.test(`pinned, ${name}: the first contact reports the fingerprint, then it holds`, async () => {
    using certificates = new TestCertificates();
    const tls = certificates.selfSigned({ key });
    await using router = await ScriptedRouter.start(answerOnce, { tls });
    const seen = await poll(router.port, { mode: "pinned", fingerprint: null });
    equal(seen?.fingerprint, tls.fingerprint);
    await poll(router.port, { mode: "pinned", fingerprint: tls.fingerprint });
    const colons = tls.fingerprint.toUpperCase().match(/../g)!.join(":");
    await poll(router.port, { mode: "pinned", fingerprint: colons });
    equal((await poll(router.port, { mode: "insecure" }))?.fingerprint, tls.fingerprint);
  });
}

Deno.test("a changed certificate is CertificateChanged, and the peer gets no byte", async () => {
  using certificates = new TestCertificates();
  const [old, changed] = [certificates.selfSigned(), certificates.selfSigned()];
  await using router = await ScriptedRouter.start(() => {}, { tls: changed });
  await rejects(poll(router.port, { mode: "pinned", fingerprint: old.fingerprint }), (error) => {
    ok(error instanceof CertificateChanged);
    deepEqual([error.expected, error.actual], [old.fingerprint, changed.fingerprint]);
    match(error.message, /Cannot trust 127\.0\.0\.1:\d+.*current value is [0-9a-f]{64}/);
    return true;
  });
  equal(router.receivedSentences, 0);
});

Deno.test("ca: signed for the address, or for a given name", async () => {
  using certificates = new TestCertificates();
  const ca = certificates.selfSigned({ subject: "/CN=Our CA" });
  const byAddress = certificates.signedBy(ca, "IP:127.0.0.1");
  const byName = certificates.signedBy(ca, "DNS:gw.example.net");
  await using router = await ScriptedRouter.start(answerOnce, { tls: byAddress });
  await poll(router.port, { mode: "ca", ca: ca.cert });
  await using named = await ScriptedRouter.start(answerOnce, { tls: byName });
  await poll(named.port, { mode: "ca", ca: ca.cert, serverName: "gw.example.net" });
  await rejects(poll(named.port, { mode: "ca", ca: ca.cert }), (error) => {
    ok(error instanceof TlsFailed);
    match(error.message, /does not name "127\.0\.0\.1": set the server name/);
    return true;
  });
  await rejects(
    poll(named.port, { mode: "ca", ca: ca.cert, serverName: "other.example.net" }),
    /does not name "other\.example\.net"/,
  );
});

Deno.test("ca: a self-signed certificate given as its own CA", async () => {
  using certificates = new TestCertificates();
  const own = certificates.selfSigned({ names: "IP:127.0.0.1" });
  await using router = await ScriptedRouter.start(answerOnce, { tls: own });
  await poll(router.port, { mode: "ca", ca: own.cert });
});

Deno.test("ca: signed by another is refused with advice", async () => {
  using certificates = new TestCertificates();
  const [ca, other] = ["/CN=A", "/CN=B"].map((subject) => certificates.selfSigned({ subject }));
  const tls = certificates.signedBy(other!, "IP:127.0.0.1");
  await using router = await ScriptedRouter.start(answerOnce, { tls });
  await rejects(poll(router.port, { mode: "ca", ca: ca!.cert }), (error) => {
    ok(error instanceof TlsFailed);
    match(error.message, /the given CA did not sign its certificate/);
    return true;
  });
  equal(router.receivedSentences, 0);
});

Deno.test("TLS against a plain API port says so; silence ends with the connect timeout", async () => {
  await using plain = await ScriptedRouter.start((router) => {
    router.socket.write(Uint8Array.of(6, 0x21, 0x66, 0x61, 0x74, 0x61, 0x6c, 0));
  }, { withoutLogin: true });
  await rejects(poll(plain.port, { mode: "insecure" }), (error) => {
    ok(error instanceof TlsFailed);
    match(error.message, /does not speak TLS: is this the api-ssl port/);
    return true;
  });
  await using silent = await ScriptedRouter.start(() => {}, { withoutLogin: true });
  const target = { ...silent.target, connectTimeoutMs: 50 };
  for (const mode of ["pinned", "legacy"] as const) {
    await rejects(
      RouterosSession.open({ ...target, tls: { mode, fingerprint: null } }),
      (error) => {
        ok(error instanceof ConnectFailed);
        match(error.message, /50 ms.*allowed in \/ip\/service/);
        return true;
      },
    );
  }
});

for (const mode of ["pinned", "legacy"] as const) {
  Deno.test(`${mode}: a router that hangs up in the handshake, and one that is not there`, async () => {
    await using closing = await ScriptedRouter.start((router) => void router.socket.destroy(), {
      withoutLogin: true,
    });
    await rejects(poll(closing.port, { mode, fingerprint: null }), (error) => {
      ok(error instanceof TlsFailed);
      match(error.message, /closed the connection.*allowed in \/ip\/service/);
      return true;
    });
    const { port } = closing;
    await closing[Symbol.asyncDispose]();
    await rejects(poll(port, { mode, fingerprint: null }), (error) => {
      ok(error instanceof ConnectFailed);
      match(error.message, /nothing listens there/);
      return true;
    });
  });
}
