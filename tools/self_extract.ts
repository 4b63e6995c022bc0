export interface SelfExtractOptions {
  name: string;
  version: string;
  /** Folder whose content is packed; `deno` and `main.js` lie in it. */
  stage: string;
  outfile: string;
  /** Flags for `deno run`. */
  permissions: string[];
}

/** Packs `stage` behind a shell header into one executable file. The same stage gives the same bytes. */
export async function selfExtract(options: SelfExtractOptions): Promise<{ bytes: number }> {
  const payload = await archive(options.stage);
  const sha = new Uint8Array(await crypto.subtle.digest("SHA-256", payload)).toHex();
  const stub = await Deno.readTextFile(new URL("./self_extract_stub.sh", import.meta.url));
  const fill = (offset: number) =>
    stub
      .replaceAll("@NAME@", options.name)
      .replaceAll("@VERSION@", options.version)
      .replaceAll("@SHA@", sha)
      .replaceAll("@ID@", sha.slice(0, 16))
      .replaceAll("@PERMISSIONS@", options.permissions.join(" "))
      .replaceAll("@OFFSET@", String(offset).padStart(6, "0"));
  const encoder = new TextEncoder();
  const header = encoder.encode(fill(encoder.encode(fill(0)).length + 1));

  const file = await Deno.open(options.outfile, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  await writer.write(header);
  await writer.write(payload);
  await writer.close();
  await Deno.chmod(options.outfile, 0o755);
  return { bytes: header.length + payload.length };
}

/** gzip and not zstd: every target has it. Sorted, dated zero and owned by root: reproducible. */
async function archive(stage: string): Promise<Uint8Array<ArrayBuffer>> {
  const tar = new Deno.Command("tar", {
    args: [
      "--sort=name",
      "--mtime=@0",
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "-cf",
      "-",
      ".",
    ],
    cwd: stage,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const gzip = new Deno.Command("gzip", { args: ["-6n"], stdin: "piped", stdout: "piped" }).spawn();
  const packed = gzip.output();
  await tar.stdout.pipeTo(gzip.stdin);
  const { stdout, success } = await packed;
  if (!success || !(await tar.status).success) throw new Error(`Cannot pack ${stage}`);
  return stdout;
}
