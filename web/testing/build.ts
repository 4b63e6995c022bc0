/** Builds the fixture's browser side into the folder it is given, with the product's own plugin. */
import { build } from "vite";
import { clientManifest } from "../vite.ts";

const [out = ""] = Deno.args;
await build({
  configFile: false,
  root: import.meta.dirname!,
  appType: "custom",
  publicDir: "static",
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { dedupe: ["preact"] },
  plugins: [clientManifest(`${out}/client`, `${out}/manifest.json`)],
  build: {
    outDir: `${out}/client`,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: { input: `${import.meta.dirname}/client.ts` },
  },
});
