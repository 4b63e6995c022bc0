import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { buildFixture } from "./testing/build_fixture.ts";
import { createFixtureApp, HOSTILE } from "./testing/fixture_app.tsx";

const hash = (algorithm: string, data: string | Uint8Array) =>
  `${algorithm}-${createHash(algorithm).update(data).digest("base64")}`;

Deno.test("the browser build", async (t) => {
  await using build = await buildFixture();
  const { dir, manifest } = build;
  const app = createFixtureApp(build);
  const response = await app.request("/", { headers: { accept: "text/html" } });
  const html = await response.text();
  const csp = response.headers.get("content-security-policy")!;
  const fileOf = (path: string) => Deno.readFile(`${dir}${path}`);

  await t.step("hashes every chunk, and the hashes are those of the files", async () => {
    const files = Object.values(manifest.chunks);
    ok(files.length >= 9);
    for (const { file, integrity } of files) {
      equal(integrity, hash("sha384", await fileOf(`/${file}`)), file);
    }
  });

  await t.step("has an import map that vouches for every script, the lazy ones too", async () => {
    const { integrity } = JSON.parse(manifest.importmap) as { integrity: Record<string, string> };
    const scripts = [...Deno.readDirSync(`${dir}/assets`)].map(({ name }) => `/assets/${name}`)
      .filter((name) => name.endsWith(".js"));
    deepEqual(Object.keys(integrity).sort(), scripts.sort());
    ok(scripts.some((name) => name.startsWith("/assets/late-")));
    for (const name of scripts) equal(integrity[name], hash("sha384", await fileOf(name)), name);
  });

  await t.step("puts the import map into the page byte by byte as the CSP has it", () => {
    const [, text] = /<script type="importmap">(.*?)<\/script>/s.exec(html)!;
    match(csp, new RegExp(`script-src 'self' '${hash("sha256", text!).replaceAll("+", "\\+")}'`));
  });

  await t.step("puts integrity on every script, preload and style of the page", async () => {
    const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag)
      .filter((tag) => !tag.includes('type="importmap"'));
    ok(tags.length >= 8);
    for (const tag of tags) {
      const path = /(?:src|href)="([^"]+)"/.exec(tag)![1]!;
      equal(/integrity="([^"]+)"/.exec(tag)?.[1], hash("sha384", await fileOf(path)), tag);
    }
    ok(html.indexOf("importmap") < html.indexOf("modulepreload"), "the map is there first");
  });

  await t.step(
    "preloads the islands of the page, and nothing a page without islands needs",
    async () => {
      for (const name of ["Broken", "Counter", "Lazy", "Panel"]) {
        match(html, new RegExp(`<link rel="modulepreload" href="/assets/${name}-`));
      }
      equal(html.includes("/assets/late-"), html.includes("importmap"), "late is in the map only");
      equal(/<link[^>]*late-/.test(html), false);
      const plain = await (await app.request("/plain")).text();
      equal(/<script|modulepreload/.test(plain), false);
      match(plain, /<link rel="stylesheet"/);
    },
  );

  await t.step("has no inline script, handler or style in the page", () => {
    equal(/<script(?![^>]*(?:\bsrc=|type="importmap"))/.test(html), false);
    const markup = html.replaceAll(/"[^"]*"/g, '""').match(/<[a-z][^>]*>/g)!.join("");
    equal(/<style|\sstyle=|\son\w+=|javascript:/.test(markup), false);
    equal(html.includes(HOSTILE), false);
    equal(/unsafe-(inline|eval)/.test(csp), false);
  });

  await t.step("gives each answer a nonce of its own", async () => {
    const nonceOf = (html: string) => /property="csp-nonce" nonce="([^"]+)"/.exec(html)![1]!;
    ok(csp.includes(`style-src 'self' 'nonce-${nonceOf(html)}'`));
    ok(nonceOf(html) !== nonceOf(await (await app.request("/")).text()));
  });

  await t.step("has compressed files that hold what the file holds", async () => {
    const entry = `/${manifest.chunks[manifest.entry]!.file}`;
    const plain = await fileOf(entry);
    deepEqual(new Uint8Array(brotliDecompressSync(await fileOf(`${entry}.br`))), plain);
    deepEqual(new Uint8Array(gunzipSync(await fileOf(`${entry}.gz`))), plain);
    const served = await app.request(entry, { headers: { "accept-encoding": "gzip, br" } });
    equal(served.headers.get("content-encoding"), "br");
    ok(Number(served.headers.get("content-length")) < plain.length / 2);
  });
});
