import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { Hono } from "hono";
import { staticFiles } from "./static.ts";

const SCRIPT = `export const text = "${"long enough ".repeat(200)}";`;

async function serve(): Promise<AsyncDisposable & { hono: Hono }> {
  const dir = await Deno.makeTempDir({ prefix: "web-static-" });
  await Deno.mkdir(`${dir}/assets`);
  await Deno.mkdir(`${dir}/.vite`);
  await Deno.writeTextFile(`${dir}/assets/app-1a2b.js`, SCRIPT);
  await Deno.writeFile(`${dir}/assets/app-1a2b.js.br`, brotliCompressSync(SCRIPT));
  await Deno.writeFile(`${dir}/assets/app-1a2b.js.gz`, gzipSync(SCRIPT));
  await Deno.writeTextFile(`${dir}/favicon.svg`, "<svg/>");
  await Deno.writeTextFile(`${dir}/.vite/manifest.json`, "{}");
  const hono = new Hono().use(staticFiles(dir)).get("/live", (c) => c.body("data: 1\n\n"));
  return { hono, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}

for (
  const [acceptEncoding, encoding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["br; q=0.0 , gzip; q=0", null],
    ["*", "br"],
    ["br;q=0, *;q=0.1", "gzip"],
    ["BR", "br"],
    ["x-br, brotli, gzipped", null],
    ["identity", null],
    ["", null],
  ] as const
) {
  Deno.test(`staticFiles() answers "Accept-Encoding: ${acceptEncoding}" with ${encoding}`, async () => {
    await using server = await serve();
    const response = await server.hono.request("/assets/app-1a2b.js", {
      headers: { "accept-encoding": acceptEncoding },
    });
    equal(response.status, 200);
    equal(response.headers.get("content-encoding"), encoding);
    equal(response.headers.get("vary"), "accept-encoding");
    const bytes = new Uint8Array(await response.arrayBuffer());
    equal(response.headers.get("content-length"), String(bytes.length));
    const unpack = {
      br: brotliDecompressSync,
      gzip: gunzipSync,
      none: (bytes: Uint8Array) => bytes,
    };
    equal(new TextDecoder().decode(unpack[encoding ?? "none"](bytes)), SCRIPT);
  });
}

Deno.test("staticFiles() lets browsers keep hashed files for ever, others for minutes", async () => {
  await using server = await serve();
  const script = await server.hono.request("/assets/app-1a2b.js");
  equal(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
  equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  const icon = await server.hono.request("/favicon.svg");
  equal(icon.headers.get("cache-control"), "public, max-age=300");
  equal(icon.headers.get("content-type"), "image/svg+xml");
  equal(icon.headers.get("content-encoding"), null);
});

Deno.test("staticFiles() answers 304 to a tag it knows, one tag an encoding", async () => {
  await using server = await serve();
  const get = (headers: Record<string, string>) =>
    server.hono.request("/assets/app-1a2b.js", { headers });
  const plain = (await get({})).headers.get("etag")!;
  const packed = (await get({ "accept-encoding": "br" })).headers.get("etag")!;
  notEqual(plain, packed);

  const statuses = await Promise.all(
    [plain, `W/${plain}`, `"other", ${plain}`, "*", '"other"', packed].map(async (tag) =>
      (await get({ "if-none-match": tag })).status
    ),
  );
  deepEqual(statuses, [304, 304, 304, 304, 200, 200]);

  const known = await get({ "if-none-match": packed, "accept-encoding": "br" });
  equal(known.status, 304);
  equal(known.headers.get("vary"), "accept-encoding");
  equal(known.headers.get("etag"), packed);
  equal(known.headers.get("content-encoding"), null);
  equal(await known.text(), "");
});

Deno.test("staticFiles() gives a changed file without a hash in its name another tag", async () => {
  const dir = await Deno.makeTempDir({ prefix: "web-static-" });
  const tagOf = async (content: string) => {
    await Deno.writeTextFile(`${dir}/robots.txt`, content);
    const response = await new Hono().use(staticFiles(dir)).request("/robots.txt");
    return response.headers.get("etag");
  };
  notEqual(await tagOf("a"), await tagOf("b"));
  await Deno.remove(dir, { recursive: true });
});

Deno.test("staticFiles() answers HEAD with the head alone", async () => {
  await using server = await serve();
  const response = await server.hono.request("/assets/app-1a2b.js", { method: "HEAD" });
  equal(response.status, 200);
  equal(response.headers.get("content-length"), String(SCRIPT.length));
  equal(await response.text(), "");
});

Deno.test("staticFiles() serves nothing but the files of the build", async () => {
  await using server = await serve();
  for (
    const path of [
      "/.vite/manifest.json",
      "/assets/app-1a2b.js.br",
      "/assets",
      "/assets/../../etc/passwd",
      "/assets/..%2f..%2fetc/passwd",
      "/__proto__",
    ]
  ) {
    equal((await server.hono.request(path)).status, 404, path);
  }
  equal((await server.hono.request("/favicon.svg", { method: "POST" })).status, 404);
});

Deno.test("staticFiles() leaves other answers as they are: a stream is never compressed", async () => {
  await using server = await serve();
  const response = await server.hono.request("/live", {
    headers: { "accept-encoding": "br, gzip" },
  });
  equal(response.headers.get("content-encoding"), null);
  equal(response.headers.get("vary"), null);
  ok((await response.text()).startsWith("data:"));
});
