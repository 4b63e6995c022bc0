import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  attributesOf,
  ConnectFailed,
  ConnectionLost,
  DeadlineExceeded,
  FatalError,
  LoginRefused,
  ProtocolError,
  rawValueOf,
  RouterosSession,
  TrapError,
} from "./mod.ts";
import { type RouterConnection, ScriptedRouter } from "./testing/scripted_router.ts";

const plain = (rows: Record<string, string>[]) => rows.map((row) => ({ ...row }));

async function pair(play: (connection: RouterConnection) => Promise<void> | void, options = {}) {
  const stack = new AsyncDisposableStack();
  const router = stack.use(await ScriptedRouter.start(play));
  const session = stack.use(await RouterosSession.open({ ...router.target, ...options }));
  return { session, router, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

Deno.test("run() gives rows, the words reach the router as asked", async () => {
  const seen = Promise.withResolvers<readonly string[]>();
  await using t = await pair(async (router) => {
    const { tag, words } = await router.next();
    seen.resolve(words);
    router.send("!re", "=.id=*1", "=name=a=b\nc", "=comment=", `.tag=${tag}`);
    router.send("!re", `.tag=${tag}`, "=name=ether2");
    router.send("!done", `.tag=${tag}`);
  });
  const { rows, ret } = await t.session.run("/interface/print", {
    attributes: { interval: "1" },
    flags: ["detail"],
    proplist: [".id", "name"],
    queries: ["type=ether", "type=vlan", "#|!"],
  });
  deepEqual(plain(rows), [{ ".id": "*1", name: "a=b\nc", comment: "" }, { name: "ether2" }]);
  equal(ret, undefined);
  deepEqual((await seen.promise).slice(0, -1), [
    "=interval=1",
    "=detail=",
    "=.proplist=.id,name",
    "?type=ether",
    "?type=vlan",
    "?#|!",
  ]);
});

Deno.test("!done =ret= is the answer of count-only and add", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    router.send("!done", "=ret=42", `.tag=${tag}`);
  });
  deepEqual(await t.session.run("/ip/route/print", { flags: ["count-only"] }), {
    rows: [],
    ret: "42",
  });
});

Deno.test("answers of two commands may interleave, at most two are in flight", async () => {
  const unread = Promise.withResolvers<number>();
  await using t = await pair(async (router) => {
    const [a, b] = [await router.next(), await router.next()];
    unread.resolve(router.unread);
    router.send("!re", `.tag=${b.tag}`, "=who=b1");
    router.send("!re", `.tag=${a.tag}`, "=who=a1");
    router.send("!re", `.tag=${b.tag}`, "=who=b2");
    router.send("!done", `.tag=${b.tag}`);
    const c = await router.next();
    router.send("!re", `.tag=${c.tag}`, "=who=c1");
    router.send("!done", `.tag=${c.tag}`);
    router.send("!done", `.tag=${a.tag}`);
  });
  const answers = await Promise.all(["/a", "/b", "/c"].map((name) => t.session.run(name)));
  deepEqual(answers.map(({ rows }) => rows.map((row) => row.who)), [["a1"], ["b1", "b2"], ["c1"]]);
  equal(await unread.promise, 0);
  equal(t.session.pendingCount, 0);
});

Deno.test("several traps: the first speaks, all are listed, the session goes on", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    router.send("!trap", "=category=0", "=message=no such command or directory", `.tag=${tag}`);
    router.send("!trap", "=message=no such command prefix", `.tag=${tag}`);
    router.send("!done", `.tag=${tag}`);
    const next = await router.next();
    router.send("!re", "=ok=yes", `.tag=${next.tag}`);
    router.send("!done", `.tag=${next.tag}`);
  });
  await rejects(t.session.run("/nothing"), (error) => {
    ok(error instanceof TrapError);
    equal(error.category, 0);
    equal(error.code, "device_refused");
    match(error.message, /Cannot run \/nothing: .*no such command or directory/);
    deepEqual(error.traps, [
      { message: "no such command or directory", category: 0 },
      { message: "no such command prefix", category: undefined },
    ]);
    return true;
  });
  deepEqual(plain((await t.session.run("/next")).rows), [{ ok: "yes" }]);
});

Deno.test("!empty, unknown !words and rows of unknown tags are passed over", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    router.send("!re", ".tag=zzz", "=late=yes");
    router.send("!trap", ".tag=zzz", "=message=late");
    router.send("!re", "=untagged=yes");
    router.send("!news", "=x=y", `.tag=${tag}`);
    router.send("!empty", `.tag=${tag}`);
    router.send("!done", `.tag=${tag}`);
  });
  deepEqual(await t.session.run("/empty/print"), { rows: [] });
});

Deno.test("names of members and doubles are data", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    router.send(
      "!re",
      "=__proto__=p",
      "=constructor=c",
      "=10=ten",
      "=a=1",
      "=a=2",
      "=bare",
      `.tag=${tag}`,
    );
    router.send("!done", `.tag=${tag}`);
  });
  const { rows: [row] } = await t.session.run("/print");
  deepEqual(attributesOf(row!), [
    ["__proto__", "p"],
    ["constructor", "c"],
    ["10", "ten"],
    ["a", "1"],
    ["a", "2"],
    ["bare", ""],
  ]);
  equal(row!["__proto__"], "p");
  equal(row!.a, "2");
  equal(row!.toString, undefined);
  equal("hasOwnProperty" in row!, false);
});

Deno.test("a name sent twice keeps both, in their order, and the last counts", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    for (let i = 0; i < 2; i++) router.send("!re", "=b=1", "=a=2", "=b=3", `.tag=${tag}`);
    router.send("!done", `.tag=${tag}`);
  });
  const { rows } = await t.session.run("/print");
  for (const row of rows) {
    deepEqual({ ...row }, { b: "3", a: "2" });
    deepEqual(attributesOf(row), [["b", "1"], ["a", "2"], ["b", "3"]]);
  }
});

Deno.test("a command ends once, whatever else happens to it", async () => {
  const ends: string[] = [];
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    const cancel = await router.next();
    router.send("!trap", "=category=2", "=message=interrupted", `.tag=${tag}`);
    router.send("!done", `.tag=${tag}`);
    router.send("!done", `.tag=${cancel.tag}`);
    await router.next();
    router.send("!fatal", "enough");
  });
  const giveUp = t.session.start("/a", {}, {
    row() {},
    end: (error) => ends.push(error?.message ?? "done"),
  });
  giveUp(new Error("first"));
  giveUp(new Error("second"));
  await rejects(t.session.run("/b"), FatalError);
  giveUp(new Error("third"));
  t.session.close();
  deepEqual(ends, ["first"]);
});

Deno.test("!fatal rejects everything pending with its reason, once", async () => {
  await using t = await pair(async (router) => {
    await router.next();
    router.send("!fatal", "session terminated on request");
  });
  const results = await Promise.allSettled(["/a", "/b", "/c"].map((name) => t.session.run(name)));
  for (const result of results) {
    ok(result.status === "rejected" && result.reason instanceof FatalError);
    equal(result.reason.reason, "session terminated on request");
  }
  ok(await t.session.closed instanceof FatalError);
  equal(t.session.isClosed, true);
  equal(t.session.pendingCount, 0);
  await rejects(t.session.run("/later"), FatalError);
});

for (
  const { how, end } of [
    { how: "closes", end: (router: RouterConnection) => router.socket.end() },
    { how: "resets", end: (router: RouterConnection) => router.socket.resetAndDestroy() },
  ]
) {
  Deno.test(`a router that ${how} mid-sentence rejects what is pending, queued too`, async () => {
    await using t = await pair(async (router) => {
      const { tag } = await router.next();
      router.send("!re", "=a=1", `.tag=${tag}`);
      router.socket.write(Uint8Array.of(3, 0x21, 0x72, 0x65, 20, 0x3d), () => end(router));
    });
    const results = await Promise.allSettled(["/a", "/b", "/c"].map((name) => t.session.run(name)));
    for (const result of results) {
      ok(result.status === "rejected" && result.reason instanceof ConnectionLost);
      match(result.reason.message, /connection lost/);
    }
    ok(await t.session.closed instanceof ConnectionLost);
  });
}

Deno.test("bytes that are not the protocol end the session with ProtocolError", async () => {
  await using t = await pair(async (router) => {
    await router.next();
    router.socket.write(Uint8Array.of(0xff, 1, 2, 3));
  });
  await rejects(t.session.run("/a"), ProtocolError);
  ok(await t.session.closed instanceof ProtocolError);
});

Deno.test("an answer beyond what run() may hold ends the session", async () => {
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    for (let i = 0; i < 50; i++) router.send("!re", `.tag=${tag}`, `=value=${"x".repeat(100)}`);
  }, { maxReplyBytes: 4096 });
  await rejects(t.session.run("/a"), /at most 4096 bytes. Use stream\(\)/);
});

Deno.test("deadline: the caller is freed, the router told, the next command works", async () => {
  await using t = await pair(async (router) => {
    const silent = await router.next();
    const cancel = await router.next();
    deepEqual([cancel.command, cancel.words[0]], ["/cancel", `=tag=${silent.tag}`]);
    router.send("!re", "=late=row", `.tag=${silent.tag}`);
    router.send("!trap", "=category=2", "=message=interrupted", `.tag=${silent.tag}`);
    router.send("!done", `.tag=${silent.tag}`);
    router.send("!done", `.tag=${cancel.tag}`);
    const next = await router.next();
    router.send("!re", "=late=again", `.tag=${silent.tag}`);
    router.send("!re", "=ok=yes", `.tag=${next.tag}`);
    router.send("!done", `.tag=${next.tag}`);
  }, { maxInFlight: 1 });
  const first = t.session.run("/silent", { deadlineMs: 20 });
  const second = t.session.run("/next");
  await rejects(first, (error) => {
    ok(error instanceof DeadlineExceeded);
    match(error.message, /Cannot run \/silent on 127\.0\.0\.1:\d+ in time/);
    return true;
  });
  deepEqual(plain((await second).rows), [{ ok: "yes" }]);
  equal(t.session.pendingCount, 0);
});

Deno.test("a deadline that passes in the queue sends nothing", async () => {
  const queuedIsOver = Promise.withResolvers<void>();
  const commands: string[] = [];
  await using t = await pair(async (router) => {
    const first = await router.next();
    await queuedIsOver.promise;
    router.send("!done", `.tag=${first.tag}`);
    const last = await router.next();
    commands.push(first.command, last.command);
    router.send("!done", `.tag=${last.tag}`);
  }, { maxInFlight: 1 });
  const first = t.session.run("/first");
  await rejects(t.session.run("/queued", { deadlineMs: 10 }), /waited behind 1 other/);
  equal(t.session.pendingCount, 1);
  queuedIsOver.resolve();
  await first;
  await t.session.run("/last");
  deepEqual(commands, ["/first", "/last"]);
});

Deno.test("a router that does not even cancel is hung up on", async () => {
  await using t = await pair(() => {}, { cancelTimeoutMs: 20 });
  await rejects(t.session.run("/hang", { deadlineMs: 10 }), DeadlineExceeded);
  const reason = await t.session.closed;
  ok(reason instanceof ConnectionLost);
  match(reason.message, /did not end \/hang within 20 ms of \/cancel/);
});

Deno.test("AbortSignal rejects with its reason and cancels on the router", async () => {
  const cancelled = Promise.withResolvers<string>();
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    controller.abort(new Error("not wanted any more"));
    const cancel = await router.next();
    cancelled.resolve(cancel.words[0]!);
    router.send("!trap", "=category=2", "=message=interrupted", `.tag=${tag}`);
    router.send("!done", `.tag=${tag}`);
    router.send("!done", `.tag=${cancel.tag}`);
    const next = await router.next();
    router.send("!done", `.tag=${next.tag}`);
  });
  const controller = new AbortController();
  await rejects(t.session.run("/slow", { signal: controller.signal }), /not wanted any more/);
  match(await cancelled.promise, /^=tag=/);
  await t.session.run("/next");
  await rejects(t.session.run("/x", { signal: controller.signal }), /not wanted any more/);
});

Deno.test("stream() gives rows as they come; leaving it cancels", async () => {
  const cancelled = Promise.withResolvers<string>();
  await using t = await pair(async (router) => {
    const listen = await router.next();
    router.send("!re", "=.id=*1", "=n=1", `.tag=${listen.tag}`);
    router.send("!re", "=.id=*1", "=.dead=yes", `.tag=${listen.tag}`);
    const cancel = await router.next();
    cancelled.resolve(cancel.words[0]!);
    router.send("!done", `.tag=${cancel.tag}`);
    router.send("!re", "=.id=*2", `.tag=${listen.tag}`);
    router.send("!trap", "=category=2", "=message=interrupted", `.tag=${listen.tag}`);
    router.send("!done", `.tag=${listen.tag}`);
    const next = await router.next();
    router.send("!done", `.tag=${next.tag}`);
  });
  const seen: unknown[] = [];
  for await (const row of t.session.stream("/interface/listen")) {
    seen.push({ ...row });
    if (row[".dead"]) break;
  }
  deepEqual(seen, [{ ".id": "*1", n: "1" }, { ".id": "*1", ".dead": "yes" }]);
  match(await cancelled.promise, /^=tag=/);
  await t.session.run("/next");
  equal(t.session.pendingCount, 0);
});

Deno.test("stream() ends with the router's !done, throws its trap after the rows", async () => {
  await using t = await pair(async (router) => {
    const first = await router.next();
    router.send("!re", "=n=1", `.tag=${first.tag}`);
    router.send("!done", `.tag=${first.tag}`);
    const second = await router.next();
    router.send("!re", "=n=2", `.tag=${second.tag}`);
    router.send("!trap", "=message=failure", `.tag=${second.tag}`);
    router.send("!done", `.tag=${second.tag}`);
  });
  deepEqual(plain(await Array.fromAsync(t.session.stream("/a"))), [{ n: "1" }]);
  const seen: string[] = [];
  await rejects(async () => {
    for await (const row of t.session.stream("/b")) seen.push(row.n!);
  }, TrapError);
  deepEqual(seen, ["2"]);
});

Deno.test("an aborted signal ends a waiting stream with its reason", async () => {
  const controller = new AbortController();
  await using t = await pair(async (router) => {
    await router.next();
    controller.abort(new Error("enough"));
    await router.next();
  });
  const stream = t.session.stream("/listen", { signal: controller.signal });
  await rejects(stream.next(), /enough/);
  deepEqual(await stream.next(), { value: undefined, done: true });
});

Deno.test("a slow reader of a stream stops the router by TCP", async () => {
  const sent = { rows: 0 };
  const total = 200_000;
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    const value = "x".repeat(200);
    while (sent.rows < total) {
      for (let i = 0; i < 100; i++) router.send("!re", `=v=${value}`, `.tag=${tag}`);
      sent.rows += 100;
      if (router.socket.writableNeedDrain) {
        await new Promise((resolve) => router.socket.once("drain", resolve));
      }
    }
    router.send("!done", `.tag=${tag}`);
  });
  const stream = t.session.stream("/log/print");
  await stream.next();
  // The router is stuck when what it wrote stays the same over many turns of the loop.
  for (let same = 0, last = -1; same < 200;) {
    await new Promise((resolve) => setImmediate(resolve));
    same = sent.rows === last ? same + 1 : 0;
    last = sent.rows;
  }
  ok(sent.rows < total, `the router sent all of its ${total} rows to a reader that took one`);
  let read = 1;
  for await (const _ of stream) read++;
  equal(read, total);
});

Deno.test("values that are not UTF-8 use the device's code page and keep their bytes", async () => {
  const cp1251 = Uint8Array.of(0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2); // "Привет"
  const written = Promise.withResolvers<Buffer>();
  await using t = await pair(async (router) => {
    const { tag } = await router.next();
    router.send(
      "!re",
      "=name=kõik ☃",
      Buffer.concat([Buffer.from("=comment="), cp1251]),
      `.tag=${tag}`,
    );
    router.send("!done", `.tag=${tag}`);
    router.socket.once("data", (bytes: Buffer) => written.resolve(bytes));
    const set = await router.next();
    router.send("!done", `.tag=${set.tag}`);
  }, { fallbackEncoding: "windows-1251" });
  const { rows: [row] } = await t.session.run("/interface/print");
  deepEqual({ ...row }, { name: "kõik ☃", comment: "Привет" });
  equal(rawValueOf(row!, "name"), undefined);
  const raw = rawValueOf(row!, "comment")!;
  deepEqual(raw, cp1251);
  await t.session.run("/interface/set", { attributes: { ".id": "*1", comment: raw } });
  ok((await written.promise).includes(Buffer.concat([Buffer.from("=comment="), cp1251])));
});

Deno.test("login sends name and password; a wrong password is LoginRefused", async () => {
  await using router = await ScriptedRouter.start(async (router) => {
    const login = await router.next();
    deepEqual([login.command, ...login.words.slice(0, 2)], [
      "/login",
      "=name=api",
      "=password=secret",
    ]);
    router.send("!trap", "=message=invalid user name or password (6)", `.tag=${login.tag}`);
    router.send("!done", `.tag=${login.tag}`);
  }, { withoutLogin: true });
  await rejects(RouterosSession.open(router.target), (error) => {
    ok(error instanceof LoginRefused);
    match(error.message, /as "api": the router says "invalid user name or password \(6\)"/);
    ok(!error.message.includes("secret"));
    return true;
  });
});

Deno.test("login answers the MD5 challenge of RouterOS before 6.43, if allowed", async () => {
  const play = async (router: RouterConnection) => {
    const login = await router.next();
    router.send("!done", "=ret=ebddd18303a54111e2dea05a92ab46b4", `.tag=${login.tag}`);
    const answer = await router.next();
    // md5(00 "secret" challenge), computed with openssl md5.
    deepEqual(answer.words.slice(0, 2), [
      "=name=api",
      "=response=007319531c22b6b85e160d6ac355c1df2e",
    ]);
    router.send("!done", `.tag=${answer.tag}`);
  };
  await using router = await ScriptedRouter.start(play, { withoutLogin: true });
  using session = await RouterosSession.open(router.target);
  equal(session.isClosed, false);
  await rejects(
    RouterosSession.open({ ...router.target, allowLegacyLogin: false }),
    /MD5 login of RouterOS before 6\.43, which is not allowed/,
  );
});

Deno.test("a router that closes or stays silent before a byte: the hint names /ip/service", async () => {
  await using closing = await ScriptedRouter.start((router) => void router.socket.destroy(), {
    withoutLogin: true,
  });
  await rejects(RouterosSession.open(closing.target), (error) => {
    ok(error instanceof ConnectFailed);
    match(error.message, /allowed in \/ip\/service/);
    return true;
  });
  await using silent = await ScriptedRouter.start(() => {}, { withoutLogin: true });
  await rejects(RouterosSession.open({ ...silent.target, loginTimeoutMs: 30 }), (error) => {
    ok(error instanceof DeadlineExceeded);
    match(error.message, /no answer within 30 ms; .*allowed in \/ip\/service/);
    return true;
  });
});

Deno.test("open() says why nothing answers, and stops when its signal does", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const target = { ...await closedTarget(), port };
  await rejects(RouterosSession.open(target), (error) => {
    ok(error instanceof ConnectFailed);
    match(error.message, /Cannot connect to 127\.0\.0\.1:\d+: nothing listens there/);
    return true;
  });
  const signal = AbortSignal.abort(new Error("stopped"));
  await rejects(RouterosSession.open({ ...target, signal }), /stopped/);
});

async function closedTarget() {
  await using router = await ScriptedRouter.start(() => {});
  return router.target;
}

Deno.test("commands that the wire cannot carry are refused before they are sent", async () => {
  await using t = await pair(() => {});
  await rejects(t.session.run("print"), TypeError);
  await rejects(t.session.run("/x", { attributes: { "a=b": "1" } }), TypeError);
  equal(t.session.pendingCount, 0);
});

Deno.test("10,000 failing commands leave nothing pending", async () => {
  await using t = await pair(async (router) => {
    for (let i = 0; i < 10_000; i++) {
      const { tag } = await router.next();
      router.send("!trap", "=message=no such item", `.tag=${tag}`);
      router.send("!done", `.tag=${tag}`);
    }
  });
  let traps = 0;
  const failing = Array.from(
    { length: 10_000 },
    () =>
      t.session.run("/interface/set").catch((error) => {
        if (error instanceof TrapError) traps++;
      }),
  );
  await Promise.all(failing);
  equal(traps, 10_000);
  equal(t.session.pendingCount, 0);
});
