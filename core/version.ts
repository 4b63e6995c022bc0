import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The product's version: of the artifact (version.json beside main.js) or the checkout (deno.json). */
export function productVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const candidate of ["version.json", "../deno.json"]) {
    try {
      const { version } = JSON.parse(Deno.readTextFileSync(join(here, candidate)));
      if (typeof version === "string") return version;
    } catch { /* looked for in the next place */ }
  }
  return "unknown";
}
