import { dirname } from "node:path";

const KEY_BYTES = 32;

/**
 * The master key of the file KMS; made at first start, synced to the disk before it is used.
 *
 * @throws if the file has another size or others may read it
 */
export async function readMasterKey(path: string): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    bytes = await makeMasterKey(path);
  }
  if (bytes.length !== KEY_BYTES) {
    throw new Error(
      `Cannot use the master key ${path} as it must be ${KEY_BYTES} bytes: it has ${bytes.length}. ` +
        "Restore it from your backup; a new key cannot read what the old one encrypted",
    );
  }
  const { mode } = await Deno.stat(path);
  if (mode !== null && (mode & 0o077) !== 0) {
    throw new Error(
      `Cannot use the master key ${path} as only its owner may read it: run chmod 600 ${path}`,
    );
  }
  return bytes;
}

async function makeMasterKey(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const temporary = `${path}.${crypto.randomUUID()}`;
  using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
  await file.write(key);
  await file.sync();
  try {
    await Deno.link(temporary, path); // fails when another process was first: its key stands
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(temporary);
  }
  return await Deno.readFile(path);
}
