import { createAdmin, resetAdmin } from "@/core/auth/first_run.ts";
import { Email } from "@/core/contract/auth.ts";
import { readConfig } from "@/core/config.ts";
import { stderrLog } from "@/core/json_log.ts";
import { openPlatform } from "@/core/platform.ts";

const USAGE = `Usage: tod admin create --email=you@example.net [--name="Your Name"]
       tod admin reset --email=you@example.net

create  makes an administrator of the whole installation and prints the link of their invitation
reset   prints a link for a new enrolment, for somebody who lost password and Secret Key

With the embedded database stop TOD first: it belongs to one process.`;

/** `tod admin create|reset`. Answers the exit code. */
export async function admin(args: string[], env: Record<string, string>): Promise<number> {
  const [verb, ...rest] = args;
  const option = (name: string) =>
    rest.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const email = Email.safeParse(option("email")?.trim());
  if ((verb !== "create" && verb !== "reset") || !email.success) {
    console.error(USAGE);
    return 64;
  }
  const settings = rest.filter((arg) => !/^--(email|name)=/.test(arg));
  const config = readConfig({ args: settings, env });
  await using platform = await openPlatform(config, stderrLog("warn"));
  const name = option("name")?.trim() || email.data;
  const token = verb === "create"
    ? await createAdmin(platform, { email: email.data, name })
    : await resetAdmin(platform, email.data);
  const { publicUrl, host, port } = config.http;
  const hours = verb === "create" ? "three days" : "one hour";
  console.log(`${publicUrl ?? `http://${host}:${port}`}/enrol#${token}`);
  console.error(`This link works once, within ${hours}, as soon as TOD runs.`);
  return 0;
}
