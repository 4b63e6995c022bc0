import { deepEqual } from "node:assert/strict";

/** Names of the metrics that the product's code registers. */
async function metricNames(): Promise<string[]> {
  const names = new Set<string>();
  const read = async (folder: URL): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await read(new URL(`${name}/`, folder));
      else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) {
        const text = await Deno.readTextFile(new URL(name, folder));
        for (const [, metric] of text.matchAll(/name: "(tod_[a-z_]+)"/g)) names.add(metric!);
      }
    }
  };
  for (const folder of ["core", "poller", "routes"]) {
    await read(new URL(`../${folder}/`, import.meta.url));
  }
  return [...names].sort();
}

Deno.test("docs/operations.md explains every metric, and none that is not there", async () => {
  const text = await Deno.readTextFile(new URL("../docs/operations.md", import.meta.url));
  const explained = new Set(
    [...text.matchAll(/`(tod_[a-z_]+)`/g)].map(([, name]) => name!),
  );
  deepEqual([...explained].sort(), await metricNames());
});
