import { deepEqual, equal, notDeepEqual } from "node:assert/strict";
import { cleanOutput, digestsOf } from "./clean_output.ts";

const clean = (text: string) => cleanOutput(new TextEncoder().encode(text));

for (
  const { said, want, why } of [
    { said: "a\r\nb  \r\n\r\n", want: "a\nb", why: "line ends and trailing space" },
    {
      said: "\u001b[31mred\u001b[m \u001b]0;title\u0007x",
      want: "red x",
      why: "escapes of terminals",
    },
    { said: "a\u0000b\u0008c", want: "abc", why: "controls" },
    { said: 'password="a \\" b" x=1', want: "password=******** x=1", why: "a quoted password" },
    {
      said: "wpa2-pre-shared-key=geheim mode=x",
      want: "wpa2-pre-shared-key=******** mode=x",
      why: "a key",
    },
    {
      said: "private-key: abc=\nname: x",
      want: "private-key: ********\nname: x",
      why: "as print shows one item",
    },
    {
      said: 'add name=x password=\\\n    "long one" y=1',
      want: "add name=x password=******** y=1",
      why: "broken within",
    },
    {
      said: "add name=topsecret addresses=::/0 read-access=yes",
      want: "add name=******** addresses=::/0 read-access=yes",
      why: "a community",
    },
    {
      said:
        "Flags: X\n # NAME   PASSWORD   PROFILE\n 0 a      hunter2    default\n 1 b      x          own\n\n 2 c      d          e",
      want:
        "Flags: X\n # NAME   PASSWORD   PROFILE\n 0 a      ********   default\n 1 b      ********   own\n\n 2 c      d          e",
      why: "a column",
    },
    {
      said: "name=token-ring token=abc",
      want: "name=token-ring token=********",
      why: "a word in a value",
    },
    { said: "status: no passwords found", want: "status: no passwords found", why: "prose" },
  ]
) {
  Deno.test(`cleanOutput(): ${why}`, () => equal(clean(said), want));
}

Deno.test("cleanOutput(): what is no UTF-8 is read as latin1", () => {
  equal(cleanOutput(Uint8Array.of(0x42, 0xfc)), "Bü");
});

Deno.test("digestsOf(): the same but for times and own names is one group", () => {
  const one = digestsOf("edge-1 up 3d4h5m6s since 2026-11-25 10:00:00\nok", ["edge-1", "10.0.0.1"]);
  const two = digestsOf("edge-22  up 1w2s since 2026-11-24 09:59:58 \nok", ["edge-22", "10.0.0.2"]);
  const other = digestsOf("edge-1 up 3d4h5m6s since 2026-11-25 10:00:00\nbad", ["edge-1"]);
  deepEqual(one.groupDigest, two.groupDigest);
  notDeepEqual(one.digest, two.digest);
  notDeepEqual(one.groupDigest, other.groupDigest);
});
