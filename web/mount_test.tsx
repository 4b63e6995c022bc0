import { deepEqual, equal, match, ok } from "node:assert/strict";
import { HTTPException } from "hono/http-exception";
import { HttpError, page } from "./define.ts";
import { define, type Fixture, serveRoutes } from "./testing/serve_routes.tsx";

const text = (content: string) => ({ default: define.page(() => <p>{content}</p>) });
const body = (html: string) => /<body>(.*)<\/body>/s.exec(html)?.[1];

Deno.test("mount() gives a page what its handler passed to page()", async () => {
  const handler = define.handlers({
    GET: (ctx) => page({ id: ctx.params["id"] }, { status: 202, headers: { "x-kind": "device" } }),
  });
  const Device = define.page<typeof handler>(({ data }) => <p>{data.id}</p>);
  const title = (data: { id: string }) => `Device ${data.id}`;
  const { browse } = serveRoutes({
    "/routes/devices/[id].tsx": { handler, default: Device, title },
  });
  const response = await browse("/devices/a%20%3Cb%3E");
  equal(response.status, 202);
  equal(response.headers.get("x-kind"), "device");
  const html = await response.text();
  match(html, /^<!doctype html><html lang="en">/);
  equal(body(html), "<p>a &lt;b></p>");
  match(html, /<title>Device a &lt;b><\/title>/);
});

Deno.test("mount() picks the most specific route, whatever the order of the files", async () => {
  const { html } = serveRoutes({
    "/routes/[...rest].tsx": text("rest"),
    "/routes/devices/[id].tsx": text("one"),
    "/routes/devices/new.tsx": text("new"),
    "/routes/(fleet)/devices/index.tsx": text("list"),
    "/routes/reports/[[year]].tsx": text("reports"),
    "/routes/[[lang]]/help.tsx": text("help"),
    "/routes/index.tsx": text("home"),
  });
  const shown = async (path: string) => body(await html(path));
  equal(await shown("/"), "<p>home</p>");
  equal(await shown("/devices"), "<p>list</p>");
  equal(await shown("/devices/new"), "<p>new</p>");
  equal(await shown("/devices/42"), "<p>one</p>");
  equal(await shown("/devices/42/more/still"), "<p>rest</p>");
  equal(await shown("/reports"), "<p>reports</p>");
  equal(await shown("/reports/2026"), "<p>reports</p>");
  equal(await shown("/help"), "<p>help</p>");
  equal(await shown("/de/help"), "<p>help</p>");
});

Deno.test("mount() runs middlewares from the outermost in and back, around the handler", async () => {
  const around = (name: string) =>
    define.middleware(async (ctx) => {
      ctx.state.trail.push(`${name} in`);
      const response = await ctx.next();
      ctx.state.trail.push(`${name} out`);
      response.headers.set("x-trail", ctx.state.trail.join(", "));
      return response;
    });
  const { browse } = serveRoutes({
    "/routes/_middleware.ts": { default: [around("a"), around("b")] },
    "/routes/devices/_middleware.ts": { default: around("c") },
    "/routes/users/_middleware.ts": { default: around("foreign") },
    "/routes/devices/index.tsx": {
      handler: define.handlers({
        GET: (ctx) => {
          ctx.state.trail.push("handler");
          return page(undefined);
        },
      }),
      ...text("list"),
    },
  });
  const once = (await browse("/devices")).headers.get("x-trail");
  equal(once, "a in, b in, c in, handler, c out, b out, a out");
  const twice = (await browse("/devices")).headers.get("x-trail");
  equal(twice, once, "each request has a state of its own");
});

Deno.test("mount() lets a middleware answer in place of the route", async () => {
  let isReached = false;
  const { browse } = serveRoutes({
    "/routes/_middleware.ts": { default: define.middleware((ctx) => ctx.redirect("/login")) },
    "/routes/index.tsx": {
      handler: define.handlers({
        GET: () => {
          isReached = true;
          return page(undefined);
        },
      }),
      ...text("home"),
    },
  });
  const response = await browse("/");
  equal(response.status, 303);
  equal(response.headers.get("location"), "/login");
  equal(isReached, false);
});

Deno.test("mount() nests layouts by folder, inside _app", async () => {
  const frame = (name: string) => ({
    default: define.layout(({ Component }) => (
      <div class={name}>
        <Component />
      </div>
    )),
  });
  const { html } = serveRoutes({
    "/routes/_layout.tsx": frame("outer"),
    "/routes/devices/_layout.tsx": frame("inner"),
    "/routes/users/_layout.tsx": frame("foreign"),
    "/routes/devices/[id].tsx": text("one"),
  });
  equal(
    body(await html("/devices/1")),
    '<div class="outer"><div class="inner"><p>one</p></div></div>',
  );
});

Deno.test("mount() answers HEAD as GET without the body", async () => {
  const handler = define.handlers({ GET: () => page({ name: "core-1" }) });
  const { browse } = serveRoutes({
    "/routes/index.tsx": {
      handler,
      default: define.page<typeof handler>(({ data }) => <p>{data.name}</p>),
    },
  });
  const response = await browse("/", { method: "HEAD" });
  equal(response.status, 200);
  match(response.headers.get("content-type") ?? "", /text\/html/);
  equal(await response.text(), "");
});

Deno.test("mount() answers 405 and names the methods there are", async () => {
  const { browse } = serveRoutes({
    "/routes/devices/index.tsx": {
      handler: define.handlers({ POST: (ctx) => ctx.redirect("/devices/1") }),
      ...text("list"),
    },
    "/routes/hook.tsx": { handler: define.handlers({ POST: () => new Response("taken") }) },
  });
  equal((await browse("/devices", { method: "POST" })).status, 303);
  const refused = await browse("/devices", { method: "DELETE", headers: { accept: "*/*" } });
  equal(refused.status, 405);
  equal(refused.headers.get("allow"), "GET, HEAD, POST");
  equal((await refused.json()).status, 405);
  const write = await browse("/hook");
  equal(write.status, 405);
  equal(write.headers.get("allow"), "POST");
});

const failing = (error: unknown) => ({
  handler: define.handlers({
    GET: () => {
      throw error;
    },
  }),
});
const errorPage = {
  default: define.page<never>(({ error, data }) => (
    <p>
      {String(data)}: {(error as Error).message}
    </p>
  )),
};

for (
  const [what, error, status, shown, isFault] of [
    [
      "HttpError",
      new HttpError(404, "There is no device <7>"),
      404,
      "There is no device <7>",
      false,
    ],
    ["an error the app knows", new RangeError("gone"), 410, "gone", false],
    ["any other error", new Error("password=hunter2"), 500, "Internal error", true],
    ["a thrown text", "just text", 500, "Internal error", true],
  ] as const
) {
  Deno.test(`mount() answers ${what} with ${status}, as a page or as a problem`, async () => {
    const faults: unknown[] = [];
    const { browse } = serveRoutes(
      { "/routes/_error.tsx": errorPage, "/routes/boom.tsx": failing(error) },
      {
        statusOf: (error) => error instanceof RangeError ? 410 : undefined,
        onFault: (error) => faults.push(error),
      },
    );
    const asPage = await browse("/boom");
    equal(asPage.status, status);
    match(asPage.headers.get("content-type") ?? "", /text\/html/);
    ok((await asPage.text()).includes(`<p>${status}: `));

    const asProblem = await browse("/boom", { headers: { accept: "application/json" } });
    equal(asProblem.status, status);
    match(asProblem.headers.get("content-type") ?? "", /^application\/problem\+json/);
    deepEqual(await asProblem.json(), {
      type: "about:blank",
      title: shown,
      status,
      instance: "/boom",
    });
    equal(faults.length, isFault ? 2 : 0);
  });
}

Deno.test("mount() answers 404 inside the frame of the error page", async () => {
  const { browse } = serveRoutes({
    "/routes/_error.tsx": errorPage,
    "/routes/_layout.tsx": {
      default: define.layout(({ Component }) => (
        <main>
          <Component />
        </main>
      )),
    },
  });
  const response = await browse("/nowhere");
  equal(response.status, 404);
  match(await response.text(), /<main><p>404: There is no such page<\/p><\/main>/);
});

Deno.test("mount() still answers when the error page itself fails", async () => {
  const faults: unknown[] = [];
  const broken = {
    default: define.layout(() => {
      throw new Error("the frame is broken");
    }),
  };
  const { browse } = serveRoutes(
    {
      "/routes/_error.tsx": errorPage,
      "/routes/_layout.tsx": broken,
      "/routes/index.tsx": text(""),
    },
    { onFault: (error) => faults.push(error) },
  );
  const response = await browse("/");
  equal(response.status, 500);
  match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  equal((await response.json()).title, "Internal error");
  ok(faults.length >= 2, "both failures are told");
});

Deno.test("mount() still answers when the state cannot be made", async () => {
  const faults: unknown[] = [];
  const { browse } = serveRoutes(
    { "/routes/_error.tsx": errorPage, "/routes/index.tsx": text("home") },
    {
      state: () => {
        throw new Error("no state");
      },
      onFault: (error) => faults.push(error),
    },
  );
  equal((await browse("/")).status, 500);
  ok(faults.length > 0);
});

Deno.test("mount() passes an answer that an HTTPException brings", async () => {
  const own = new Response("slow down", { status: 429, headers: { "retry-after": "3" } });
  const { browse } = serveRoutes({
    "/routes/_error.tsx": errorPage,
    "/routes/boom.tsx": failing(new HTTPException(429, { res: own })),
  });
  const response = await browse("/boom");
  equal(response.status, 429);
  equal(response.headers.get("retry-after"), "3");
  equal(await response.text(), "slow down");
});

Deno.test("mount() sends a path with a slash at its end to the one without", async () => {
  const { browse } = serveRoutes({
    "/routes/_error.tsx": errorPage,
    "/routes/devices/index.tsx": text("list"),
  });
  const location = async (path: string, init?: RequestInit) => {
    const response = await browse(path, init);
    return [response.status, response.headers.get("location")];
  };
  deepEqual(await location("/devices/?q=a%20b"), [308, "/devices?q=a%20b"]);
  deepEqual(await location("/devices/", { method: "HEAD" }), [308, "/devices"]);
  // A browser would take //evil.example for another site.
  deepEqual(await location("http://localhost//evil.example/"), [308, "/evil.example"]);
  deepEqual(await location("http://localhost/\\evil.example/"), [308, "/evil.example"]);
  deepEqual(await location("/devices/", { method: "POST" }), [404, null]);
});

Deno.test("mount() does not serve the files around pages", async () => {
  const { browse }: Fixture = serveRoutes({
    "/routes/_error.tsx": errorPage,
    "/routes/_layout.tsx": text("layout"),
    "/routes/(_components)/Card.tsx": text("card"),
    "/routes/titles.tsx": { title: "no page in it" },
  });
  for (const path of ["/_error", "/_layout", "/_app", "/Card", "/(_components)/Card", "/titles"]) {
    equal((await browse(path)).status, 404, path);
  }
});
