import { createHash } from "node:crypto";
import { equal, notEqual } from "node:assert/strict";
import { type ChainRow, commit, hashRow } from "./chain.ts";

const ROW: ChainRow = {
  tenantId: "5f0c8a6e-0b54-4c8e-9d3a-2f6f1f1a0001",
  seq: "1",
  entryId: "5f0c8a6e-0b54-4c8e-9d3a-2f6f1f1a0002",
  atMicros: "1767225600000000",
  actor: "user:1",
  action: "device.added",
  targetKind: "device",
  targetId: null,
  outcome: "ok",
  requestId: null,
  labelSha256: "11".repeat(32),
  ipSha256: null,
  detailsSha256: null,
  prevHash: "00".repeat(32),
};

Deno.test("audit chain: version 1 is what its description says, byte for byte", () => {
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    return `${bytes.length.toString(16).padStart(8, "0")}${bytes.toHex()}`;
  };
  const hex = [
    ...["tod.audit.v1", ROW.tenantId, "1", ROW.entryId, "1767225600000000"].map(text),
    ...["user:1", "device.added", "device"].map(text),
    "ffffffff",
    text("ok"),
    "ffffffff",
    `00000020${"11".repeat(32)}`,
    "ffffffff",
    "ffffffff",
    `00000020${"00".repeat(32)}`,
  ].join("");
  const expected = createHash("sha256").update(Uint8Array.fromHex(hex)).digest("hex");
  equal(hashRow(ROW), expected);
  // Written down: a change of the encoding would make every stored chain unreadable.
  equal(expected, "44cbd86357dc5b221b124daea6e5fbfd5b24a43a625348ea9fea6a4b98adb2bc");
});

Deno.test("audit chain: every column counts, and none runs into the next", () => {
  const changes: Partial<ChainRow>[] = [
    { tenantId: ROW.tenantId.replace("5", "6") },
    { seq: "2" },
    { entryId: ROW.tenantId },
    { atMicros: "1767225600000001" },
    { actor: "user:2" },
    { action: "device.removed" },
    { targetKind: null },
    { targetId: "device", targetKind: null },
    { targetId: "" },
    { outcome: "refused" },
    { requestId: "r" },
    { labelSha256: null },
    { labelSha256: null, ipSha256: ROW.labelSha256 },
    { detailsSha256: "22".repeat(32) },
    { prevHash: "33".repeat(32) },
    { actor: "user:1d", action: "evice.added" },
  ];
  const hashes = [ROW, ...changes.map((change) => ({ ...ROW, ...change }))].map(hashRow);
  equal(new Set(hashes).size, changes.length + 1);
});

Deno.test("audit chain: a commitment needs its salt", () => {
  const salt = new Uint8Array(16).fill(1);
  equal(commit(salt, "x"), commit(salt, "x"));
  notEqual(commit(salt, "x"), commit(new Uint8Array(16), "x"));
  notEqual(commit(salt, "x"), commit(salt, "y"));
});
