import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Manifest, Plugin } from "vite";
import type { Chunk, ClientManifest } from "./assets.ts";

const COMPRESSED = /\.(js|css|svg|txt|json)$/;
const MIN_BYTES = 1_024;

/** After the client build: a manifest with SRI hashes, and every text file compressed beside itself. */
export function clientManifest(dir: string, out: string): Plugin {
  const hash = (algorithm: string, data: string | Uint8Array) =>
    `${algorithm}-${createHash(algorithm).update(data).digest("base64")}`;
  return {
    name: "client-manifest",
    apply: "build",
    closeBundle() {
      const manifest: Manifest = JSON.parse(readFileSync(`${dir}/.vite/manifest.json`, "utf8"));
      const integrityOf = (file: string) => hash("sha384", readFileSync(`${dir}/${file}`));
      const chunks: Record<string, Chunk> = {};
      const integrity: Record<string, string> = {};
      for (const file of new Set(Object.values(manifest).flatMap(({ css }) => css ?? []))) {
        chunks[file] = { file, integrity: integrityOf(file), imports: [], css: [] };
      }
      for (const [key, { file, imports = [], css = [] }] of Object.entries(manifest)) {
        chunks[key] = { file, integrity: integrityOf(file), imports, css };
        if (file.endsWith(".js")) integrity[`/${file}`] = integrityOf(file);
      }
      const importmap = JSON.stringify({ integrity });
      const content: ClientManifest = {
        entry: "client.ts",
        chunks,
        css: manifest["client.ts"]?.css ?? [],
        importmap,
        importmapHash: hash("sha256", importmap),
        preloads: Object.values(manifest).map(({ file }) => file)
          .filter((file) => /latin-wght[^/]*\.woff2$/.test(file) && !/-ext-/.test(file)),
      };
      writeFileSync(out, JSON.stringify(content));
      compress(dir);
    },
  };
}

function compress(dir: string): void {
  for (const name of readdirSync(dir)) {
    const path = `${dir}/${name}`;
    if (name.startsWith(".")) continue; // Vite's own manifest: never served
    if (statSync(path).isDirectory()) compress(path);
    else if (COMPRESSED.test(name)) {
      const body = readFileSync(path);
      if (body.length < MIN_BYTES) continue;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      writeFileSync(`${path}.br`, brotliCompressSync(Buffer.from(body), { params }));
      writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
    }
  }
}
