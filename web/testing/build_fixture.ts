import type { ClientManifest } from "../assets.ts";

export interface FixtureBuild extends AsyncDisposable {
  readonly dir: string;
  readonly manifest: ClientManifest;
}

/** The fixture's browser build in a temporary folder. Vite runs in a process of its own. */
export async function buildFixture(): Promise<FixtureBuild> {
  const out = await Deno.makeTempDir({ prefix: "web-fixture-" });
  const dispose = () => Deno.remove(out, { recursive: true });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./build.ts", import.meta.url).pathname, out],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    await dispose();
    throw new Error(`Cannot build the fixture:\n${new TextDecoder().decode(stderr)}`);
  }
  return {
    dir: `${out}/client`,
    manifest: JSON.parse(await Deno.readTextFile(`${out}/manifest.json`)),
    [Symbol.asyncDispose]: dispose,
  };
}
