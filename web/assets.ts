/** What the client build made: every chunk with its file, SRI hash and static imports. */
export interface Chunk {
  file: string;
  integrity: string;
  imports: string[];
  css: string[];
}

export interface ClientManifest {
  entry: string;
  chunks: Record<string, Chunk>;
  css: string[];
  /** Text of the import map, which carries the integrity of lazily loaded chunks. */
  importmap: string;
  /** `sha256-…` of it, for the CSP. */
  importmapHash: string;
  /** Fonts to fetch early. */
  preloads: string[];
}

export interface Assets {
  /** Tags for `<head>` of a page that uses these islands. */
  head(islands: ReadonlySet<string>): string;
}

export function productionAssets(manifest: ClientManifest): Assets {
  const { chunks } = manifest;
  const cache = new Map<string, string>();
  const styles = manifest.css.map((file) =>
    `<link rel="stylesheet" href="/${file}" integrity="${chunks[file]?.integrity ?? ""}">`
  ).join("");
  const fonts = manifest.preloads.map((file) =>
    `<link rel="preload" href="/${file}" as="font" type="font/woff2" crossorigin>`
  ).join("");

  function scripts(islands: string[]): string {
    const needed = new Set<string>();
    const walk = (key: string) => {
      const chunk = chunks[key];
      if (!chunk || needed.has(key)) return;
      needed.add(key);
      chunk.imports.forEach(walk);
    };
    walk(manifest.entry);
    for (const island of islands) walk(island.slice(1));
    const entry = chunks[manifest.entry]!;
    const preloads = [...needed].filter((key) => key !== manifest.entry).map((key) => {
      const { file, integrity } = chunks[key]!;
      return `<link rel="modulepreload" href="/${file}" integrity="${integrity}">`;
    });
    return `<script type="importmap">${manifest.importmap}</script>${preloads.join("")}` +
      `<script type="module" src="/${entry.file}" integrity="${entry.integrity}"></script>`;
  }

  return {
    head(islands) {
      const used = [...islands].sort();
      const key = used.join();
      let tags = cache.get(key);
      if (tags === undefined) {
        tags = fonts + styles + (used.length > 0 ? scripts(used) : "");
        cache.set(key, tags);
      }
      return tags;
    },
  };
}

/** In development Vite serves the sources. */
export const developmentAssets: Assets = {
  head: () =>
    '<script type="module" src="/@vite/client"></script><script type="module" src="/client.ts"></script>',
};
