import { readConfig } from "@/core/config.ts";
import { stderrLog } from "@/core/json_log.ts";
import { migrateDatabase } from "@/core/platform.ts";

/** `tod migrate`: as the schema's owner, for a server of your own. */
export async function migrateOnly(args: string[], env: Record<string, string>): Promise<number> {
  const config = readConfig({ args: ["--role=web", "--api-url=http://127.0.0.1", ...args], env });
  const applied = await migrateDatabase(config, stderrLog(config.log.level));
  console.log(
    applied.length === 0 ? "the database is up to date" : `applied ${applied.join(", ")}`,
  );
  return 0;
}
