/**
 * Makes sure that the system programs the tests run against are there. As root on a machine with apt
 * they are installed; otherwise the exact command is named. Nothing is ever skipped in silence.
 */
interface Program {
  /** Looked up on PATH. */
  command: string;
  /** Debian's package. */
  package: string;
}

const PROGRAMS: Program[] = [
  { command: "redis-server", package: "redis-server" },
  { command: "nats-server", package: "nats-server" },
  { command: "chromium", package: "chromium" },
  { command: "ssh-keygen", package: "openssh-client" },
  { command: "openssl", package: "openssl" },
];

/** Directories that a service account's PATH may lack and Debian installs servers to. */
const EXTRA_DIRECTORIES = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

function isInstalled({ command }: Program): boolean {
  const path = (Deno.env.get("PATH") ?? "").split(":");
  return [...path, ...EXTRA_DIRECTORIES].some((dir) => {
    try {
      return Deno.statSync(`${dir}/${command}`).isFile;
    } catch {
      return false;
    }
  });
}

function hasLibssl3(): boolean {
  for (const dir of ["/usr/lib", "/lib", "/usr/lib64"]) {
    for (const sub of ["", "/x86_64-linux-gnu", "/aarch64-linux-gnu"]) {
      try {
        Deno.statSync(`${dir}${sub}/libssl.so.3`);
        return true;
      } catch {
        // looked for in the next directory
      }
    }
  }
  return false;
}

async function run(command: string, args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(command, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

/** @throws if something is missing that cannot be installed here; the message names the command */
export async function ensureServers(): Promise<void> {
  const missing = PROGRAMS.filter((program) => !isInstalled(program)).map((p) => p.package);
  if (!hasLibssl3()) missing.push("libssl3");
  if (missing.length === 0) return;

  const byHand = `apt-get update && apt-get install -y ${missing.join(" ")}`;
  const hasApt = isInstalled({ command: "apt-get", package: "apt" });
  if (Deno.uid() !== 0 || !hasApt) {
    throw new Error(
      `Cannot run the tests as ${missing.join(", ")} must be installed. Run as root: ${byHand}`,
    );
  }
  const installed = await run("apt-get", ["update", "-qq"]) &&
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing]);
  if (!installed) {
    throw new Error(`Cannot install ${missing.join(", ")} by apt. Run by hand: ${byHand}`);
  }
}

if (import.meta.main) {
  try {
    await ensureServers();
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
