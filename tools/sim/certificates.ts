import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const made = new Map<string, Promise<Certificate>>();

/**
 * A self-signed RSA certificate, made once by the openssl program and kept in the temporary
 * directory: the same name gives the same certificate in every run.
 *
 * @throws {Error} when openssl is missing or refuses
 */
export function certificate(name = "shared"): Promise<Certificate> {
  let pending = made.get(name);
  if (!pending) made.set(name, pending = load(name));
  return pending;
}

async function load(name: string): Promise<Certificate> {
  // One directory a user: another user's files could not be trusted to be a key of ours.
  const directory = join(tmpdir(), `tod-sim-certificates-${userInfo().uid}`);
  const path = join(directory, `${name.replaceAll(/\W/g, "_")}.pem`);
  const kept = await readFile(path, "utf8").catch(() => undefined);
  if (kept) return split(kept);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { success, stdout, stderr } = await new Deno.Command("openssl", {
    args: [
      ..."req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout - -out -".split(" "),
      "-subj",
      `/CN=router ${name}`,
    ],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`Cannot make a certificate: ${new TextDecoder().decode(stderr)}`);
  const text = new TextDecoder().decode(stdout);
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path); // whole or not at all: another process may read it now
  return split(text);
}

function split(text: string): Certificate {
  const block = (label: string) =>
    new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\\n`).exec(text)?.[0] ?? "";
  return { key: block("PRIVATE KEY"), cert: block("CERTIFICATE") };
}
