import { deepEqual, equal, match } from "node:assert/strict";
import { temporaryDataDir } from "@/tests/support/product.ts";
import { freePort } from "@/tests/support/ports.ts";

/** The program as users run it, to its end. */
async function tod(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "main.ts", ...args],
    cwd: new URL("..", import.meta.url),
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

interface Findings {
  ok: boolean;
  findings: { name: string; isOk: boolean; detail: string; fix?: string }[];
}

Deno.test("tod doctor --json finds a fresh box sound", async () => {
  await using dir = await temporaryDataDir();
  const { code, out } = await tod(["doctor", "--json", `--data-dir=${dir.path}`]);
  const { ok, findings }: Findings = JSON.parse(out);
  deepEqual([code, ok], [0, true], out);
  deepEqual(
    findings.map(({ name }) => name),
    [
      ...["version", "config", "clock", "disk", "legacy TLS"],
      ...["database", "bus", "locks", "kms"],
    ],
  );
});

Deno.test("tod doctor names what is broken and what to do", async () => {
  await using dir = await temporaryDataDir();
  const port = await freePort();
  const settings = [`--data-dir=${dir.path}`, `--redis-url=redis://:hunter2@127.0.0.1:${port}`];
  const { code, out, err } = await tod(["doctor", ...settings]);
  equal(code, 1);
  match(out, /^FAIL {2}locks .*\n +→ check TOD_REDIS_URL/m);
  match(out, /^ok {4}database +PostgreSQL \d+/m);
  equal((out + err).includes("hunter2"), false);

  const wrong = await tod(["doctor", "--json", "--port=x"]);
  const { ok, findings }: Findings = JSON.parse(wrong.out);
  deepEqual([wrong.code, ok], [1, false]);
  match(findings.find(({ name }) => name === "config")!.detail, /--port .*0 to 65535/);
});

Deno.test("tod config prints what is in force, without secrets", async () => {
  const env = { TOD_OPENBAO_ADDRESS: "http://127.0.0.1:8200", TOD_OPENBAO_TOKEN: "s.hunter2" };
  const { code, out, err } = await tod(["config", "--port=81"], env);
  equal(code, 0);
  const config = JSON.parse(out);
  equal(config.TOD_PORT, "81");
  equal(config.TOD_OPENBAO_TOKEN, "[redacted]");
  equal((out + err).includes("hunter2"), false);
  const wrong = await tod(["config", "--host=0.0.0.0"]);
  equal(wrong.code, 78);
  match(wrong.err, /TOD_PUBLIC_URL/);
});

Deno.test("tod says how it is used, and refuses what it does not know", async () => {
  const [help, version, unknown] = await Promise.all([
    tod(["--help"]),
    tod(["version"]),
    tod(["sevre"]),
  ]);
  deepEqual([help.code, version.code, unknown.code], [0, 0, 64]);
  match(help.out, /Usage: tod/);
  match(version.out, /^\d+\.\d+\.\d+\n$/);
  match(unknown.err, /there is no command "sevre"/);
});
