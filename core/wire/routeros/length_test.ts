import { deepEqual, equal, throws } from "node:assert/strict";
import { ProtocolError } from "./errors.ts";
import { headerSize, readLength, sizeOfLength, writeLength } from "./length.ts";

const hex = (bytes: Uint8Array) => bytes.toHex();

for (
  const { length, wire } of [
    { length: 0, wire: "00" },
    { length: 1, wire: "01" },
    { length: 0x7f, wire: "7f" },
    { length: 0x80, wire: "8080" },
    { length: 0x3fff, wire: "bfff" },
    { length: 0x4000, wire: "c04000" },
    { length: 0x1fffff, wire: "dfffff" },
    { length: 0x200000, wire: "e0200000" },
    { length: 0xfffffff, wire: "efffffff" },
    { length: 0x10000000, wire: "f010000000" },
    { length: 0x80000000, wire: "f080000000" },
    { length: 0xffffffff, wire: "f0ffffffff" },
  ]
) {
  Deno.test(`length 0x${length.toString(16)} is ${wire} on the wire`, () => {
    const bytes = new Uint8Array(sizeOfLength(length));
    equal(writeLength(bytes, 0, length), bytes.length);
    equal(hex(bytes), wire);
    equal(headerSize(bytes[0]!), bytes.length);
    equal(readLength(bytes, 0, bytes.length), length);
  });
}

for (const wire of ["8001", "c00001", "e0000001", "f000000001"]) {
  Deno.test(`${wire}, longer than needed, reads as 1`, () => {
    const bytes = Uint8Array.fromHex(wire);
    equal(readLength(bytes, 0, headerSize(bytes[0]!)), 1);
  });
}

Deno.test("lead bytes above 0xf0 are refused, each of them", () => {
  const refused = [];
  for (let lead = 0; lead < 256; lead++) {
    try {
      headerSize(lead);
    } catch (error) {
      if (error instanceof ProtocolError) refused.push(lead);
    }
  }
  deepEqual(refused, Array.from({ length: 15 }, (_, i) => 0xf1 + i));
  throws(() => headerSize(0xf8), /0xf8 \(a reserved control byte\)/);
});
