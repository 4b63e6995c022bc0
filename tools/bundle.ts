import { builtinModules } from "node:module";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";

/** Packages that only a browser loads: islands import them lazily, the server never does. */
const BROWSER_ONLY = ["uplot"];

/** Native addons that the libraries look for and do without. */
const ABSENT_NATIVE = ["cpu-features", "*.node"];

/** Bare builtins (`import "net"`) fail in a bundle outside a package scope: name them as Deno does. */
const builtins: Plugin = {
  name: "builtins",
  setup(setup) {
    const names = builtinModules.filter((name) => !name.startsWith("_"));
    setup.onResolve({ filter: new RegExp(`^(${names.join("|")})$`) }, ({ path }) => ({
      path: `node:${path}`,
      external: true,
    }));
  },
};

/** The import map of deno.json, as far as a bundler needs it. */
function projectRoot(root: string): Plugin {
  return {
    name: "project-root",
    setup(setup) {
      setup.onResolve({ filter: /^@\// }, ({ path }) => ({ path: resolve(root, path.slice(2)) }));
    },
  };
}

/**
 * Bundles one program with everything it imports into one file that Deno runs without network,
 * configuration or node_modules. Files it reads at run time lie beside it (`import.meta.dirname`).
 */
export async function bundle(root: string, entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    minifySyntax: true,
    minifyWhitespace: true, // names stay: stack traces in logs must be readable
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    external: [...BROWSER_ONLY, ...ABSENT_NATIVE],
    plugins: [projectRoot(root), builtins],
    logLevel: "warning",
    banner: {
      // CommonJS packages in the bundle call require() and read __dirname.
      js: 'import{createRequire as __createRequire}from"node:module";' +
        "const require=__createRequire(import.meta.url)," +
        "__dirname=import.meta.dirname,__filename=import.meta.filename;",
    },
  });
}
