import { deepEqual, equal, match, ok } from "node:assert/strict";
import { openAuth } from "@/core/auth/open_auth.ts";
import { Issuers } from "@/core/auth/sso/issuers.ts";
import { addProvider, updateProvider } from "@/core/auth/sso/providers.ts";
import type { RoleName } from "@/core/auth/roles.ts";
import type { SsoProviderPatch } from "@/core/contract/sso.ts";
import type { TenantId } from "@/core/scope.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { CookieJar } from "./support/cookie_jar.ts";
import { openTestDb } from "./support/databases.ts";
import { makeUser, signIn } from "./support/identity.ts";
import { type Claims, startOidcServer } from "./support/oidc_server.ts";
import { openTestPlatform } from "./support/platform.ts";
import { scopeOf } from "./support/scope.ts";

const LOOPBACK = { allowLoopbackHttp: true };
const JANE: Claims = {
  ...{ sub: "jane-1", email: "Jane@corp.example", email_verified: true, name: "Jane <b>Doe</b>" },
};

async function open() {
  await using stack = new AsyncDisposableStack();
  const test = stack.use(await openTestDb());
  const platform = stack.use(
    await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"]),
  );
  const http = stack.use(createHttpApp(platform, LOOPBACK));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, http.app.fetch);
  stack.defer(() => server.shutdown());
  const url = `http://127.0.0.1:${server.addr.port}`;
  const redirectUri = `${url}/api/auth/sso/callback`;
  const oidc = stack.use(await startOidcServer(redirectUri));
  const auth = openAuth(platform);
  const sso = { ...auth, issuers: new Issuers(auth.clock, LOOPBACK) };
  const { issuer, clientId, clientSecret } = oidc;
  const opened = stack.move();

  /** As a browser goes, from answer to answer, until it would leave `until` or the API. */
  async function follow(jar: CookieJar, from: string, isEnd: (url: URL) => boolean) {
    let at = new URL(from, url);
    for (let steps = 0; steps < 12; steps += 1) {
      if (isEnd(at)) return at;
      const answer = await fetch(at, {
        ...{ headers: { ...jar.header(at), "sec-fetch-site": "cross-site" }, redirect: "manual" },
        ...(at.origin === url && at.pathname.endsWith("/start") && { headers: jar.header(at) }),
      });
      await answer.body?.cancel();
      jar.keep(at, answer);
      const next = answer.headers.get("location");
      if (next === null) throw new Error(`${at.pathname} answered ${answer.status}`);
      at = new URL(next, at);
    }
    throw new Error("too many redirects");
  }
  const isPage = (at: URL) => at.origin === url && !at.pathname.startsWith("/api/");

  return {
    ...test,
    ...{ url, oidc, auth, sso, redirectUri, follow },
    addProvider: (tenantId: TenantId, more: SsoProviderPatch = {}) =>
      addProvider(scopeOf(test.db, tenantId), sso, {
        ...{ name: "Corp", issuer, clientId, clientSecret, emailDomains: ["corp.example"] },
        ...(more as Record<string, never>),
      }),
    change: (tenantId: TenantId, id: string, patch: SsoProviderPatch) =>
      updateProvider(scopeOf(test.db, tenantId), sso, id, patch),
    /** To the callback's address, not further. */
    toCallback: (jar: CookieJar, slug = "acme", more = "") =>
      follow(
        jar,
        `/api/auth/sso/start?tenant=${slug}${more}`,
        (at) => at.href.startsWith(redirectUri) || isPage(at),
      ),
    /** The page at the end; and who the session is. */
    async signIn(person: Claims, slug = "acme", jar = new CookieJar()) {
      oidc.person = person;
      const page = await follow(jar, `/api/auth/sso/start?tenant=${slug}`, isPage);
      return { page: page.pathname + page.search, me: await this.me(jar), jar };
    },
    async me(jar: CookieJar) {
      const at = new URL(`${url}/api/auth/me`);
      const answer = await fetch(at, { headers: jar.header(at) });
      const body = await answer.json();
      return answer.ok ? body as { userId: string; role: string; tenantId: string } : undefined;
    },
    invited: async (tenantId: TenantId, email: string, role: RoleName = "operator") => {
      const [user] = await test.admin<{ id: string }[]>`
        insert into users (tenant_id, email, name, role)
        values (${tenantId}, ${email}, ${email}, ${role}) returning id`;
      return user!.id;
    },
    audited: async (tenantId: TenantId) =>
      (await test.admin<{ action: string }[]>`
        select action from audit_log where tenant_id = ${tenantId} order by seq`)
        .map(({ action }) => action),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const test = (name: string, fn: (t: Deno.TestContext) => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

test("single sign-on against a certified provider: who gets in, and who does not", async (t) => {
  await using site = await open();
  const { acme, globex, oidc } = site;
  const provider = await site.addProvider(acme);
  const refused = { page: "/login?sso=refused", me: undefined };
  const outcome = async (person: Claims, slug?: string) => {
    const { page, me } = await site.signIn(person, slug);
    return { page, me };
  };

  await t.step("the secret is stored under the tenant's key and never answered", async () => {
    const [row] = await site.admin`select ciphertext from oidc_providers`;
    ok(!new TextDecoder().decode(row!["ciphertext"]).includes(oidc.clientSecret));
    ok(!JSON.stringify(provider).includes(oidc.clientSecret));
    equal(provider.hasSecret, true);
  });

  await t.step("nobody is let in by default, not even by a known address", async () => {
    await site.invited(acme, "ivan@corp.example");
    deepEqual(await outcome(JANE), refused);
    deepEqual(await outcome({ ...JANE, sub: "ivan", email: "ivan@corp.example" }), refused);
  });

  await t.step("a stranger of the domain becomes a viewer, once, and never more", async () => {
    await site.change(acme, provider.id, { admitsViewers: true });
    const person = { ...JANE, role: "super_admin", roles: ["admin"], groups: ["admin"] };
    const first = await site.signIn(person);
    equal(first.page, "/");
    deepEqual([first.me?.role, first.me?.tenantId], ["viewer", acme]);
    const again = await site.signIn({ ...person, email: "renamed@elsewhere.example" });
    equal(again.me?.userId, first.me?.userId, "bound to the subject, not the address");
    const [session] = await site.admin`
      select factors from sessions where user_id = ${first.me!.userId} limit 1`;
    deepEqual(session!["factors"], ["oidc"]);
    const [user] = await site.admin`select email, name from users where id = ${first.me!.userId}`;
    deepEqual([user!["email"], user!["name"]], ["jane@corp.example", "Jane <b>Doe</b>"]);
  });

  await t.step("unverified, foreign or missing addresses admit nobody", async () => {
    for (
      const person of [
        { ...JANE, sub: "a1", email: "a1@corp.example", email_verified: false },
        { sub: "a2", email: "a2@corp.example" },
        { ...JANE, sub: "a3", email: "a3@evil.example" },
        { ...JANE, sub: "a4", email: "a4@corp.example@evil.example" },
        { ...JANE, sub: "a5", email: "a5@sub.corp.example" },
        { sub: "a6" },
      ]
    ) deepEqual(await outcome(person), refused, person.sub);
  });

  await t.step("another subject with a taken address takes nothing over", async () => {
    const foreign = await makeUser(site.auth, globex, "viewer");
    await site.admin`update users set email = 'gil@corp.example' where id = ${foreign.id}`;
    deepEqual(await outcome({ ...JANE, sub: "g1", email: "gil@corp.example" }), refused, "globex");
    deepEqual(await outcome({ ...JANE, sub: "j2" }), refused, "jane");
  });

  await t.step("an invitation is matched by address only where that is turned on", async () => {
    const ivan = { ...JANE, sub: "ivan", email: "IVAN@corp.example" };
    deepEqual(await outcome(ivan), refused);
    await site.change(acme, provider.id, { matchesInvited: true });
    const { me } = await site.signIn(ivan);
    equal(me?.role, "operator");
    await site.invited(acme, "root@corp.example", "admin");
    const root = { ...JANE, sub: "root", email: "root@corp.example" };
    deepEqual(await outcome(root), refused, "an administrator's invitation is no provider's");
    const known = await makeUser(site.auth, acme, "operator");
    await site.admin`update users set email = 'pw@corp.example' where id = ${known.id}`;
    const password = { ...JANE, sub: "pw", email: "pw@corp.example" };
    deepEqual(await outcome(password), refused, "who has a password links it by hand");
  });

  await t.step("a deactivated user and a suspended tenant stay out", async () => {
    const { me } = await site.signIn({ ...JANE, sub: "dan", email: "dan@corp.example" });
    const dan = { ...JANE, sub: "dan", email: "dan@corp.example" };
    await site.admin`update users set is_active = false where id = ${me!.userId}`;
    deepEqual(await outcome(dan), refused);
    await site.admin`update users set is_active = true where id = ${me!.userId}`;
    const jar = new CookieJar();
    oidc.person = dan;
    const callback = await site.toCallback(jar);
    await site.admin`update tenants set is_active = false where id = ${acme}`;
    deepEqual(await outcome(dan), { page: "/login?sso=unknown", me: undefined });
    const late = await site.follow(jar, callback.href, ({ pathname }) => pathname === "/login");
    equal(late.search, "?sso=unknown");
    await site.admin`update tenants set is_active = true where id = ${acme}`;
  });

  await t.step("a provider that is turned off while somebody is there lets nobody in", async () => {
    oidc.meanwhile = async () => {
      await site.change(acme, provider.id, { isEnabled: false });
    };
    deepEqual(await outcome(JANE), { page: "/login?sso=unknown", me: undefined });
    oidc.meanwhile = undefined;
    deepEqual(await outcome(JANE), { page: "/login?sso=unknown", me: undefined });
    await site.change(acme, provider.id, { isEnabled: true });
    equal((await outcome(JANE)).page, "/");
  });

  await t.step("a provider of one tenant never signs anybody in to another", async () => {
    deepEqual(await outcome(JANE, "globex"), { page: "/login?sso=unknown", me: undefined });
    const asked = await site.toCallback(new CookieJar(), "globex", `&provider=${provider.id}`);
    equal(asked.search, "?sso=unknown");
    // Even where both use one issuer and client, a subject of the one is a stranger to the other.
    await site.addProvider(globex);
    deepEqual(await outcome(JANE, "globex"), refused);
    const { me } = await site.signIn(JANE, "acme");
    equal(me?.tenantId, acme);
  });

  await t.step("all of it is in the audit log, and the secret's reads are told", async () => {
    const actions = new Set(await site.audited(acme));
    for (
      const action of [
        ...["sso.provider_added", "sso.provider_changed", "user.created", "user.identity_matched"],
        ...["login.succeeded", "login.failed"],
      ]
    ) ok(actions.has(action), action);
    const [read] = await site.admin`
      select sum(count)::int as count from secret_reads where purpose = 'sign-in' and secret = 'sso client secret'`;
    ok(Number(read!["count"]) > 5);
  });
});

test("single sign-on: answers that are forged, replayed or another's are worth nothing", async (t) => {
  await using site = await open();
  const { acme, oidc } = site;
  await site.addProvider(acme, { admitsViewers: true });
  oidc.person = JANE;
  const failed = { page: "/login?sso=failed", me: undefined };
  const isPage = (at: URL) => at.origin === site.url && !at.pathname.startsWith("/api/");
  const outcome = async () => {
    const { page, me } = await site.signIn(JANE);
    return { page, me };
  };

  await t.step("what leaves carries PKCE, a state and a nonce, and the secret stays", async () => {
    const jar = new CookieJar();
    const answer = await fetch(`${site.url}/api/auth/sso/start?tenant=acme`, {
      redirect: "manual",
    });
    const cookie = answer.headers.getSetCookie().join();
    match(
      cookie,
      /^tod_sso=[\w-]{43}; Max-Age=600; Path=\/api\/auth\/sso; HttpOnly; SameSite=Lax$/,
    );
    jar.keep(new URL(site.url), answer);
    const { searchParams } = new URL(answer.headers.get("location")!);
    equal(searchParams.get("code_challenge_method"), "S256");
    equal(searchParams.get("redirect_uri"), site.redirectUri);
    for (const name of ["code_challenge", "state", "nonce"]) {
      ok(searchParams.get(name)!.length > 40);
    }
    ok(!searchParams.toString().includes("secret"));
  });

  const lies: [name: string, lie: (claims: Record<string, unknown>) => Record<string, unknown>][] =
    [
      ["a wrong nonce", (claims) => ({ ...claims, nonce: "another" })],
      ["no nonce", ({ nonce: _, ...claims }) => claims],
      ["a token for another client", (claims) => ({ ...claims, aud: "another" })],
      ["another issuer", (claims) => ({ ...claims, iss: "https://evil.example" })],
      ["a token that has ended", (claims) => ({ ...claims, exp: 1_700_000_000 })],
    ];
  for (const [name, lie] of lies) {
    await t.step(`${name} is refused`, async () => {
      oidc.lie = lie;
      deepEqual(await outcome(), failed);
      oidc.lie = undefined;
    });
  }
  await t.step("a token signed by another key is refused", async () => {
    oidc.forges = true;
    deepEqual(await outcome(), failed);
    oidc.forges = false;
  });

  await t.step(
    "a callback works in the browser that began it, with its state, and once",
    async () => {
      const [mine, other] = [new CookieJar(), new CookieJar()];
      const stolen = await site.toCallback(mine);
      await site.toCallback(other);
      equal((await site.follow(other, stolen.href, isPage)).search, "?sso=expired");
      equal((await site.follow(mine, stolen.href, isPage)).search, "?sso=expired", "spent by then");

      const changed = await site.toCallback(mine);
      changed.searchParams.set("state", "A".repeat(43));
      equal((await site.follow(mine, changed.href, isPage)).search, "?sso=expired");

      const fine = await site.toCallback(mine);
      const before = mine.header(new URL("/api/auth/sso", site.url));
      equal((await site.follow(mine, fine.href, isPage)).pathname, "/");
      equal((await site.me(mine))?.role, "viewer");
      const replay = await fetch(fine, { headers: before, redirect: "manual" });
      equal(replay.headers.get("location"), "/login?sso=expired");
      await replay.body?.cancel();
    },
  );

  await t.step("an answer in the name of another issuer is refused (mix-up)", async () => {
    const jar = new CookieJar();
    const callback = await site.toCallback(jar);
    equal(callback.searchParams.get("iss"), oidc.issuer);
    callback.searchParams.set("iss", "https://evil.example");
    equal((await site.follow(jar, callback.href, isPage)).search, "?sso=failed");
  });

  await t.step(
    "nothing that came with a callback is shown, and 'next' stays on the site",
    async () => {
      const jar = new CookieJar();
      const callback = await site.toCallback(jar);
      const { searchParams } = callback;
      searchParams.delete("code");
      searchParams.set("error", "access_denied");
      searchParams.set("error_description", "<script>alert(1)</script>");
      const page = await site.follow(jar, callback.href, isPage);
      equal(page.search, "?sso=declined");
      const html = await (await fetch(page)).text();
      ok(!html.includes("alert(1)"));
      const away = await site.toCallback(jar, "acme", "&next=//evil.example/");
      equal((await site.follow(jar, away.href, isPage)).href, `${site.url}/`);
    },
  );

  await t.step("the guard lets the callback through, and nothing beside it", async () => {
    const ask = async (path: string, headers: Record<string, string>, method = "GET") => {
      const answer = await fetch(site.url + path, { method, headers, redirect: "manual" });
      await answer.body?.cancel();
      return answer.status;
    };
    const cross = { "sec-fetch-site": "cross-site" };
    const path = "/api/auth/sso/callback?state=x";
    deepEqual(
      await Promise.all([
        ask(path, { ...cross, "sec-fetch-dest": "document" }),
        ask(path, { ...cross, "sec-fetch-dest": "iframe" }),
        ask(path, { ...cross, "sec-fetch-dest": "image" }),
        ask(path, { origin: "https://evil.example" }),
        ask(path, cross, "POST"),
        ask("/api/auth/sso/start?tenant=acme", cross),
        ask("/api/auth/sso/callback/../../me", cross),
      ]),
      [302, 403, 403, 403, 403, 403, 403],
    );
  });
});

test("single sign-on: people link and unlink an identity of their own", async () => {
  await using site = await open();
  const provider = await site.addProvider(site.acme);
  const user = await makeUser(site.auth, site.acme, "admin");
  const { result } = await signIn(site.auth, user);
  const access = result.next === "done" ? result.tokens.access : "";
  const { startClient, finishClient } = await import("@/core/srp/client.ts");
  const jar = new CookieJar();
  const at = new URL("/api/auth/identities", site.url);
  const ask = async (method: string, path: string, body?: unknown) => {
    const url = new URL(path, site.url);
    const answer = await fetch(url, {
      method,
      headers: {
        ...{ "content-type": "application/json", authorization: `Bearer ${access}` },
        ...jar.header(url),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    jar.keep(url, answer);
    return { status: answer.status, body: await answer.json().catch(() => undefined) };
  };
  const prove = async () => {
    const start = startClient();
    const { body } = await ask("POST", "/api/auth/proof", { A: start.A });
    const { handshake, identity, srpSalt, B } = body;
    const { M1 } = await finishClient(start, { identity, salt: srpSalt, B, x: user.x });
    return { handshake, M1 };
  };
  const bare = { providerId: provider.id, proof: { handshake: "x", M1: "00".repeat(32) } };
  equal((await ask("POST", at.pathname, bare)).status, 401, "a stolen session alone links nothing");
  site.oidc.person = { sub: "boss" };
  const { body } = await ask("POST", at.pathname, { ...bare, proof: await prove() });
  const page = await site.follow(jar, body.url, ({ pathname }) => pathname === "/account");
  equal(page.search, "");
  equal((await ask("GET", at.pathname)).body.identities[0].providerName, "Corp");

  const signedIn = await site.signIn({ sub: "boss" });
  deepEqual([signedIn.me?.userId, signedIn.me?.role], [user.id, "admin"]);
  equal((await ask("DELETE", `${at.pathname}/${provider.id}`)).status, 204);
  equal((await site.signIn({ sub: "boss" })).page, "/login?sso=refused");
  ok((await site.audited(site.acme)).includes("user.identity_unlinked"));

  // Who came by the provider alone has no other way in.
  await site.change(site.acme, provider.id, { admitsViewers: true });
  const guest = await site.signIn({ ...JANE, sub: "guest", email: "guest@corp.example" });
  const own = new URL(`${at.pathname}/${provider.id}`, site.url);
  const kept = await fetch(own, { method: "DELETE", headers: guest.jar.header(own) });
  equal(kept.status, 409);
  await kept.body?.cancel();
});
