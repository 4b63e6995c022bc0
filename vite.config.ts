import { readdirSync } from "node:fs";
import { relative } from "node:path";
import process from "node:process";
import prefresh from "@prefresh/vite";
import tailwind from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { clientManifest } from "./web/vite.ts";

const root = import.meta.dirname!;
/** What Vite serves itself in development; the product behind it answers the rest. */
const own = [
  ...["@", "node_modules/", "islands/", "components/", "core/", "web/", "gen/", "assets/"],
  ...["client\\.ts", ...readdirSync(`${root}/static`).map((name) => RegExp.escape(name))],
].join("|");

const SOURCES =
  /^(assets|cli|client\.ts|components|core|gen|islands|main\.ts|migrations|poller|routes|static|web)(\/|$)/;

/** Only sources: a data directory inside the checkout changes all the time. */
function isUnwatched(path: string): boolean {
  const inside = relative(root, path);
  return inside !== "" && !SOURCES.test(inside);
}

export default defineConfig({
  appType: "custom",
  publicDir: "static",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: {
    dedupe: ["preact"],
    alias: [
      { find: "react", replacement: "preact/compat" },
      { find: "react-dom", replacement: "preact/compat" },
      { find: /^@\/(?=[a-z_]+[/.])/, replacement: `${root}/` },
    ],
  },
  plugins: [tailwind(), await prefresh(), clientManifest("dist/client", "dist/manifest.json")],
  server: {
    hmr: { path: "/@hmr" },
    // Polled: under Deno a burst of events (a whole tree written at once) blocks the watcher for good.
    watch: { usePolling: true, interval: 250, ignored: [isUnwatched] },
    proxy: {
      [`^/(?!${own})`]: {
        target: `http://127.0.0.1:${process.env["TOD_PORT"] ?? 8080}`,
        ws: true,
      },
    },
  },
  // One module a Worker, its imports within: import maps, and so integrity, end at a Worker's door.
  worker: { format: "es", rolldownOptions: { output: { codeSplitting: false } } },
  build: {
    outDir: "dist/client",
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: { input: "client.ts" },
  },
});
