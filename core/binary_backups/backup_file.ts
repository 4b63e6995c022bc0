/** How a backup file begins: a number that says what it is, and its whole length. Both little-endian. */
const KINDS: Readonly<Record<number, "plain" | "rc4" | "aes-sha256">> = {
  0xb1a1ac88: "plain",
  0x7291a8ef: "rc4",
  0x7391a8ef: "aes-sha256",
};
/** Header, salt and check of the smallest encrypted one. */
const LEAST_BYTES = 48;

export type CheckedFile =
  | { ok: true; encryption: "rc4" | "aes-sha256" }
  | { ok: false; reason: "empty" | "truncated" | "unreadable"; detail: string };

/** Whether `data` is a whole, encrypted backup of as many bytes as the router said. */
export function checkBackupFile(data: Uint8Array, saidBytes: number): CheckedFile {
  const refuse = (reason: "empty" | "truncated" | "unreadable", why: string): CheckedFile => ({
    ...{ ok: false, reason, detail: `${why}: it was not kept.` },
  });
  if (data.length === 0) return refuse("empty", "The backup file is empty");
  if (data.length !== saidBytes) {
    return refuse("truncated", `The backup file has ${data.length} of ${saidBytes} bytes`);
  }
  if (data.length < LEAST_BYTES) {
    return refuse("truncated", `The backup file has ${data.length} bytes, too few for a backup`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const kind = KINDS[view.getUint32(0, true)];
  if (kind === undefined) return refuse("unreadable", "The file does not begin as a backup does");
  if (kind === "plain") return refuse("unreadable", "The backup is not encrypted");
  const length = view.getUint32(4, true);
  if (length !== data.length) {
    return refuse("truncated", `The backup says ${length} bytes of itself and has ${data.length}`);
  }
  return { ok: true, encryption: kind };
}
