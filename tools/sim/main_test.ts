import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseChaos } from "@/tools/sim/chaos.ts";
import type { ManifestEntry } from "@/tools/sim/manifest.ts";
import { readOptions } from "@/tools/sim/options.ts";
import { TinyClient } from "@/tools/sim/tiny_client.ts";

function start(...flags: string[]) {
  const child: ChildProcess = spawn(Deno.execPath(), [
    ...["run", "-A", "--no-check", new URL("main.ts", import.meta.url).pathname],
    ...flags,
  ], { stdio: ["pipe", "pipe", "pipe"] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  let errors = "";
  child.stderr!.on("data", (chunk) => errors += chunk);
  return {
    child,
    line: async () => JSON.parse((await lines.next()).value ?? "{}"),
    ended: new Promise<{ code: number | null; errors: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, errors }))
    ),
  };
}

Deno.test("as a program: ready line, manifest, lines on stdin, end with stdin", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tod-sim-test-"));
  const manifest = join(directory, "fleet.json");
  const sim = start("--count=3", "--json", "--stdin-lifeline", `--manifest=${manifest}`);
  try {
    const ready = await sim.line();
    deepEqual([ready.ready, ready.count, ready.pid], [true, 3, sim.child.pid]);
    equal((await stat(manifest)).mode & 0o777, 0o600);
    const routers: ManifestEntry[] = JSON.parse(await readFile(manifest, "utf8"));
    deepEqual(routers.map(({ name }) => name), ["prague-core", "prague-switch", "prague-ap"]);
    const [, second] = routers;
    using client = await TinyClient.connect(second!.port, second!.address);
    equal((await client.login(second!.username, second!.password))[0]!.words[0], "!done");
    sim.child.stdin!.write("fault 1 identity renamed\ncounts 1\nfault 9 slow\n");
    deepEqual(await sim.line(), { router: 1, fault: "identity" });
    equal((await sim.line()).logins, 1);
    match((await sim.line()).error, /there is no router 9/);
    const [row] = await client.rows("/system/identity/print");
    equal(row!["name"], "renamed");
    sim.child.stdin!.end();
    equal((await sim.ended).code, 0);
  } finally {
    sim.child.kill("SIGKILL");
    await sim.ended;
    await rm(directory, { recursive: true });
  }
});

Deno.test("as a program: SIGTERM ends it cleanly", async () => {
  const sim = start("--count=2", "--json");
  await sim.line();
  // The child object would report the signal it sent instead of the exit code.
  Deno.kill(sim.child.pid!, "SIGTERM");
  deepEqual(await sim.ended, { code: 0, errors: "" });
});

Deno.test("as a program: a wrong flag ends it with a message", async () => {
  const { code, errors } = await start("--count=none").ended;
  equal(code, 1);
  match(errors, /--count must be a whole number from 1 to 20000: current value is none/);
});

Deno.test("flags and chaos rules are read, and bad ones named", () => {
  const options = readOptions(["--count=5", "--tls", "--chaos", "--versions=7.12,7.24"]);
  deepEqual(options.fleet.versions, ["7.12", "7.24"]);
  equal(options.fleet.tls, "rsa");
  ok(options.chaos!.length > 3);
  deepEqual(parseChaos("slow=300:5,flap=ether2=900:1"), [
    { what: "slow", args: ["300"], percent: 5 },
    { what: "flap", args: ["ether2", "900"], percent: 1 },
  ]);
  throws(() => parseChaos("slow"), /must look like slow=300:5: current value is slow/);
  throws(() => readOptions(["--nonsense"]));
});
