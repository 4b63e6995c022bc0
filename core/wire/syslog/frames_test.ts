import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { BadFraming, MAX_LINE_BYTES, SyslogFrames } from "./frames.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (lines: Uint8Array[]) => lines.map((line) => new TextDecoder().decode(line));

Deno.test("SyslogFrames takes both kinds of frames, mixed and cut anywhere", () => {
  const stream = bytes("5 a\nb c<30>line one\n\nsystem,info two\n3 <1>0 4 last");
  const wanted = ["a\nb c", "<30>line one", "system,info two", "<1>", "last"];
  for (const size of [1, 2, 3, 7, stream.length]) {
    const frames = new SyslogFrames();
    const lines: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      lines.push(...frames.push(stream.subarray(at, at + size)));
    }
    deepEqual(texts(lines), wanted, `in pieces of ${size}`);
    equal(frames.pending, 0);
  }
});

Deno.test("SyslogFrames gives what has no end when the stream ends, but no half of a counted frame", () => {
  const open = new SyslogFrames();
  deepEqual(open.push(bytes("half")), []);
  deepEqual(texts([open.finish()!]), ["half"]);
  const counted = new SyslogFrames();
  counted.push(bytes("10 half"));
  equal(counted.finish(), undefined);
});

Deno.test("SyslogFrames cuts a line that never ends and finds the next one", () => {
  for (const kind of ["LF", "counted"]) {
    const frames = new SyslogFrames();
    const long = "x".repeat(100_000);
    const stream = bytes(kind === "LF" ? `${long}\nnext\n` : `100000 ${long}4 next`);
    let most = 0;
    const lines: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += 1_000) {
      lines.push(...frames.push(stream.subarray(at, at + 1_000)));
      most = Math.max(most, frames.pending);
    }
    deepEqual(lines.map(({ length }) => length), [MAX_LINE_BYTES, 4], kind);
    ok(most <= MAX_LINE_BYTES + 10, `${most} octets were held`);
  }
});

for (const text of ["99999999 x", "12x", "7\n"]) {
  Deno.test(`SyslogFrames refuses ${JSON.stringify(text)}`, () => {
    throws(() => new SyslogFrames().push(bytes(text)), BadFraming);
  });
}
