import { deepEqual, equal } from "node:assert/strict";
import { checkBackupFile } from "./backup_file.ts";

function file(magic: number, bytes = 100, length = bytes): Uint8Array {
  const data = new Uint8Array(bytes).fill(7);
  const view = new DataView(data.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, length, true);
  return data;
}

Deno.test("a whole encrypted backup is taken, of RouterOS 7 and of 6", () => {
  deepEqual(checkBackupFile(file(0x7391a8ef), 100), { ok: true, encryption: "aes-sha256" });
  deepEqual(checkBackupFile(file(0x7291a8ef), 100), { ok: true, encryption: "rc4" });
  // A view into a larger buffer, as pieces from a socket are.
  const inside = new Uint8Array([1, 2, 3, ...file(0x7391a8ef)]).subarray(3);
  equal(checkBackupFile(inside, 100).ok, true);
});

Deno.test("nothing empty, cut, foreign or unencrypted is taken for a backup", () => {
  const reason = (data: Uint8Array, said: number) => {
    const checked = checkBackupFile(data, said);
    return checked.ok ? "taken" : checked.reason;
  };
  equal(reason(new Uint8Array(), 0), "empty");
  equal(reason(new Uint8Array(), 100), "empty");
  equal(reason(file(0x7391a8ef).subarray(0, 99), 100), "truncated");
  // A whole file, and not the one that the router has.
  equal(reason(file(0x7391a8ef, 90), 100), "truncated");
  // The router itself has only a part: its size agrees, its header does not.
  equal(reason(file(0x7391a8ef, 90, 100), 90), "truncated");
  equal(reason(file(0x7391a8ef, 20), 20), "truncated");
  equal(reason(file(0xb1a1ac88), 100), "unreadable");
  equal(reason(file(0), 100), "unreadable");
  equal(reason(new TextEncoder().encode("<html>".repeat(20)), 120), "unreadable");
});
