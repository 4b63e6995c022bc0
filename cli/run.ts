import { ConfigError, describeConfig, readConfig } from "@/core/config.ts";
import { messageOf } from "@/core/errors.ts";
import { productVersion } from "@/core/version.ts";
import { audit } from "./audit.ts";
import { admin } from "./admin.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { migrateOnly } from "./migrate.ts";
import { serve } from "./serve.ts";

const USAGE = `TOD, fleet manager for MikroTik RouterOS

Usage: tod [command] [--setting=value …]

  serve      run the roles of this process (the default)
  demo       run everything beside a simulated fleet of 24 routers
  migrate    bring a database of your own up to date
  admin      create or reset an administrator
  doctor     check every dependency and say what to fix (--json)
  config     print the configuration in force, secrets hidden
  audit      verify <file>: check an export of the audit log, offline
  version    print the version

Every setting is a flag, an environment variable TOD_… or a file named by TOD_…_FILE:
see docs/configuration.md.
`;

type Verb = (args: string[], env: Record<string, string>) => Promise<number>;

const VERBS: Record<string, Verb> = {
  admin,
  serve,
  demo,
  doctor,
  migrate: migrateOnly,
  audit,
  // The artifact's simulator, started by demo as a program of its own.
  "simulated-fleet": async () => {
    await import(new URL("./sim.js", import.meta.url).href);
    return 0;
  },
  config: (args, env) => {
    console.log(JSON.stringify(describeConfig({ args, env }), null, 2));
    readConfig({ args, env }); // its problems are the command's failure
    return Promise.resolve(0);
  },
  version: () => {
    console.log(productVersion());
    return Promise.resolve(0);
  },
};

/** Runs one command; answers the exit code. Trouble is one clear message, not a stack. */
export async function run(args: readonly string[], env: Record<string, string>): Promise<number> {
  const [first, ...rest] = args;
  if (first === "help" || args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const isVerb = first !== undefined && !first.startsWith("-");
  const verb = VERBS[isVerb ? first : "serve"];
  if (!verb) {
    console.error(`tod: there is no command ${JSON.stringify(first)}\n\n${USAGE}`);
    return 64;
  }
  try {
    return await verb(isVerb ? rest : [...args], env);
  } catch (error) {
    console.error(`tod: ${messageOf(error)}`);
    return error instanceof ConfigError ? 78 : 1;
  }
}
