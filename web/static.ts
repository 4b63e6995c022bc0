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

const ENCODINGS = { br: ".br", gzip: ".gz" } as const;
type Encoding = keyof typeof ENCODINGS;

interface Entry {
  body: Uint8Array<ArrayBuffer>;
  encoded: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;
  headers: Record<string, string>;
  /** Without quotes. Each encoding has a tag of its own, as a strong tag names exact bytes. */
  tag: string;
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
    const encoding = choose(entry, c.req.header("accept-encoding") ?? "");
    const body = encoding ? entry.encoded[encoding]! : entry.body;
    const etag = `"${entry.tag}${encoding ? `-${encoding}` : ""}"`;
    const headers = { ...entry.headers, etag, vary: "accept-encoding" };
    if (isKnown(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
    return c.body(body, 200, {
      ...headers,
      ...(encoding && { "content-encoding": encoding }),
      "content-length": String(body.length),
    });
  };
}

/** The encoding to send: the client takes it (RFC 9110, 12.5.3) and the build has it. */
function choose(entry: Entry, acceptEncoding: string): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.toLowerCase().split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight) || 0);
  }
  const names = Object.keys(ENCODINGS) as Encoding[];
  return names.find((name) =>
    entry.encoded[name] && (weights.get(name) ?? weights.get("*") ?? 0) > 0
  );
}

/** Compares weakly, as If-None-Match asks for: proxies that compress turn our tags into weak ones. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return known.includes("*") || known.includes(etag);
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
    for (const encoding of Object.keys(ENCODINGS) as Encoding[]) {
      try {
        encoded[encoding] = Deno.readFileSync(`${root}${path}${ENCODINGS[encoding]}`);
      } catch (error) {
        // Small files and those that are compressed by nature have none.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    files.set(path, {
      body,
      encoded,
      headers: {
        "content-type": TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream",
        "cache-control": path.startsWith("/assets/")
          ? "public, max-age=31536000, immutable"
          : "public, max-age=300",
      },
      tag: path.startsWith("/assets/") ? name : `${body.length}-${checksum(body)}`,
    });
  }
}

/** Tells two versions of a file apart; not for security. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
