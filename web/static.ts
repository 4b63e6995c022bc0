import type { MiddlewareHandler } from "hono";

const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
  png: "image/png",
  json: "application/json",
  webmanifest: "application/manifest+json",
};

interface Entry {
  body: Uint8Array<ArrayBuffer>;
  encoded: Partial<Record<"br" | "gzip", Uint8Array<ArrayBuffer>>>;
  headers: Record<string, string>;
}

/**
 * Serves the client build from memory. Hashed files never change, so browsers keep them for ever; the
 * build has them compressed already (`.br`, `.gz` beside the file).
 */
export function staticFiles(root: string): MiddlewareHandler {
  const files = new Map<string, Entry>();
  read(root, "", files);
  return async (c, next) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const entry = isRead ? files.get(c.req.path) : undefined;
    if (!entry) return await next();
    const accepted = c.req.header("accept-encoding") ?? "";
    const encoding = (["br", "gzip"] as const).find((name) =>
      entry.encoded[name] && new RegExp(`\\b${name}\\b(?!;q=0(?:\\.0*)?(?:,|$))`).test(accepted)
    );
    if (c.req.header("if-none-match") === entry.headers["etag"]) {
      return c.body(null, 304, entry.headers);
    }
    return c.body(encoding ? entry.encoded[encoding]! : entry.body, 200, {
      ...entry.headers,
      ...(encoding && { "content-encoding": encoding }),
      vary: "accept-encoding",
    });
  };
}

function read(root: string, relative: string, files: Map<string, Entry>): void {
  for (const { name, isDirectory } of Deno.readDirSync(`${root}${relative}`)) {
    const path = `${relative}/${name}`;
    if (name.startsWith(".") || /\.(br|gz)$/.test(name)) continue;
    if (isDirectory) {
      read(root, path, files);
      continue;
    }
    const body = Deno.readFileSync(`${root}${path}`);
    const encoded: Entry["encoded"] = {};
    for (const [encoding, ending] of [["br", "br"], ["gzip", "gz"]] as const) {
      try {
        encoded[encoding] = Deno.readFileSync(`${root}${path}.${ending}`);
      } catch { /* not worth compressing */ }
    }
    files.set(path, {
      body,
      encoded,
      headers: {
        "content-type": TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream",
        "cache-control": path.startsWith("/assets/")
          ? "public, max-age=31536000, immutable"
          : "public, max-age=300",
        etag: `"${path.startsWith("/assets/") ? name : `${body.length}-${checksum(body)}`}"`,
      },
    });
  }
}

/** Tells two versions of a file apart; not for security. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
