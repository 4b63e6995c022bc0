import { run } from "./cli/run.ts";

Deno.exit(await run(Deno.args, Deno.env.toObject()));
