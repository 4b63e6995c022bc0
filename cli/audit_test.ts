import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { exportAudit } from "@/core/audit/export_audit.ts";
import { openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";

/** The program with nothing but the right to read: no network, no configuration, no database. */
async function verify(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-env", "--quiet", "--no-check"]
      .concat("main.ts", "audit", "verify", ...args),
    cwd: new URL("..", import.meta.url),
    clearEnv: true,
    env: { HOME: Deno.env.get("HOME") ?? "/", DENO_DIR: Deno.env.get("DENO_DIR") ?? "" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("tod audit verify: offline, exit code 1 and the row when something was changed", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 30);
  const scope = scopeOf(test.db, test.acme);
  const pieces = await exportAudit(scope, test.platform, "jsonl");
  const text = (await Array.fromAsync(pieces)).join("");
  const lines = text.split("\n");
  const dir = await Deno.makeTempDir({ prefix: "tod-audit-" });
  try {
    const file = async (name: string, content: string) => {
      const path = join(dir, name);
      await Deno.writeTextFile(path, content);
      return path;
    };
    const whole = await file("whole.jsonl", text);
    const { hash } = JSON.parse(lines[20]!);
    const [sound, kept, lost, changed, removed, cut, wrong] = await Promise.all([
      verify(whole),
      verify(whole, `--head=${hash}`),
      verify(whole, `--head=${"0".repeat(64)}`),
      verify(await file("changed.jsonl", text.replace("user:2", "user:1"))),
      verify(await file("removed.jsonl", lines.toSpliced(12, 1).join("\n"))),
      verify(await file("cut.jsonl", lines.slice(0, 20).join("\n"))),
      verify(await file("other.txt", "hello\n\u001b[2J")),
    ]);
    equal(sound.code, 0, sound.out + sound.err);
    match(sound.out, /^checked +31 rows, 1 to 31/m);
    match(sound.out, /^whole +the last row is 31, hash [0-9a-f]{64}$/m);
    match(sound.out, /--head=<hash>/);
    equal(kept.code, 0);
    match(kept.out, /^kept head is row 20/m);
    ok(!kept.out.includes("--head="));
    equal(lost.code, 1);
    match(lost.out, /^BROKEN .*kept elsewhere/m);
    deepEqual([changed.code, removed.code, cut.code, wrong.code], [1, 1, 1, 1]);
    match(changed.out, /^BROKEN +at row 3: it was changed/m);
    match(removed.out, /^BROKEN +at row 12: row 12 is missing/m);
    match(cut.out, /^BROKEN +at row 20: .*cut off/m);
    match(wrong.out, /^BROKEN/m);
    ok(!wrong.out.includes("\u001b"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("tod audit verify: a wrong command says how it is used", async () => {
  const [none, unknown, absent] = await Promise.all([
    verify(),
    verify("a", "--hed=1"),
    verify("/nonexistent/audit.jsonl"),
  ]);
  deepEqual([none.code, unknown.code, absent.code], [64, 64, 1]);
  match(none.err, /Usage: tod audit verify/);
  match(absent.err, /Cannot read \/nonexistent/);
});
