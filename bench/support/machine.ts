import { cpus, totalmem } from "node:os";

/** One line that says where the figures come from. */
export function machine(): string {
  const models = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return `${models.length} x ${models[0]?.model ?? "unknown CPU"}, ${gib} GiB, ` +
    `${Deno.build.os} ${Deno.osRelease()}, Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`;
}
