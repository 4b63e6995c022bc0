import { fileURLToPath } from "node:url";

/** The child of `child_writer.ts` with what it has said so far. */
export interface Writer {
  readonly pid: number;
  /** Of the postmaster; 0 until it runs. */
  readonly postmaster: number;
  readonly acknowledged: ReadonlySet<number>;
  /** Resolves when `count` rows are acknowledged, or rejects when the child ends before. */
  reached(count: number): Promise<void>;
  /** kill -9 of the product alone, or of the database's whole process group with it. */
  kill(what: "product" | "everything"): Promise<void>;
}

export function startWriter(dataDir: string, from = 0): Writer {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", fileURLToPath(new URL("./child_writer.ts", import.meta.url))],
      ...[dataDir, String(from)],
    ],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const acknowledged = new Set<number>();
  let postmaster = 0;
  let ended = false;
  let notify = () => {};
  const reading = (async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!; // cut off by the kill: not acknowledged
      for (const line of lines) {
        if (line.startsWith("pid ")) postmaster = Number(line.slice(4));
        else if (line !== "ready") acknowledged.add(Number(line));
      }
      notify();
    }
    ended = true;
    notify();
  })();
  return {
    pid: child.pid,
    get postmaster() {
      return postmaster;
    },
    acknowledged,
    async reached(count) {
      while (acknowledged.size < count) {
        if (ended) throw new Error(`The writer ended after ${acknowledged.size} rows`);
        await new Promise<void>((resolve) => notify = resolve);
      }
    },
    async kill(what) {
      child.kill("SIGKILL");
      if (what === "everything" && postmaster) killGroup(postmaster);
      await Promise.all([child.status, reading]);
    },
  };
}

/** kill -9 of the postmaster and every child it has, each of which leads a session of its own. */
function killGroup(postmaster: number): void {
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch { /* it ended meanwhile */ }
  }
}

function childrenOf(parent: number): number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) {
        found.push(Number(name));
      }
    } catch { /* it ended meanwhile */ }
  }
  return found;
}
