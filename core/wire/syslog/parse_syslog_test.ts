import { deepEqual, equal, ok } from "node:assert/strict";
import { parseSyslog } from "./mod.ts";

const DEVICE = "0f8fad5b-d9cb-469f-a165-70867728950e";
const parse = (text: string) => parseSyslog(new TextEncoder().encode(text));
const base = { level: 6, topics: [], host: null, deviceTime: null, device: null };
const login = "user admin logged in from 10.0.0.2 via winbox";

const CASES: [name: string, text: string, wanted: Partial<ReturnType<typeof parse>>][] = [
  [
    "RouterOS without header",
    `system,info,account ${login}`,
    { topics: ["system", "account"], message: login },
  ],
  [
    "RouterOS, how bad stands anywhere among the topics",
    "system,error,critical login failure for user root from 10.0.0.9 via ssh\n",
    { level: 2, topics: ["system"], message: "login failure for user root from 10.0.0.9 via ssh" },
  ],
  [
    "RouterOS with the tag as prefix of its rule",
    `firewall,info tod-${DEVICE}: input: in:ether1 out:(unknown 0), proto UDP`,
    {
      topics: ["firewall"],
      device: DEVICE,
      message: "input: in:ether1 out:(unknown 0), proto UDP",
    },
  ],
  [
    "RouterOS with BSD header",
    `<30>Jan  5 12:00:01 core-1 system,info,account ${login}`,
    {
      topics: ["system", "account"],
      host: "core-1",
      deviceTime: "Jan  5 12:00:01",
      message: login,
    },
  ],
  [
    "an identity with spaces, and an ISO time",
    "<28>2026-01-05T12:00:01+0100 My big router, left dhcp,warning lease lost",
    {
      ...{ level: 4, topics: ["dhcp"], host: "My big router, left", message: "lease lost" },
      deviceTime: "2026-01-05T12:00:01+0100",
    },
  ],
  [
    "RFC 3164 of something else",
    "<11>Oct 11 22:14:15 mymachine su[12]: 'su root' failed",
    {
      level: 3,
      host: "mymachine",
      deviceTime: "Oct 11 22:14:15",
      message: "su[12]: 'su root' failed",
    },
  ],
  [
    "RFC 5424 with structured data and BOM",
    `<165>1 2003-10-11T22:14:15.003Z m.example evntslog - ID47 [x@1 a="]\\"" b="\\\\"][tod device="${DEVICE}"] \ufeffAn event`,
    {
      ...{ level: 5, host: "m.example", message: "An event", device: DEVICE },
      deviceTime: "2003-10-11T22:14:15.003Z",
    },
  ],
  [
    "RFC 5424 with nothing in it",
    "<34>1 - - - - - -",
    { level: 2, message: "" },
  ],
  [
    "RFC 5424 that carries topics",
    "<30>1 - core - - - - interface,info ether1 link down",
    { host: "core", topics: ["interface"], message: "ether1 link down" },
  ],
  ["structured data never closed", '<13>1 - h a - - [x a="', {
    level: 5,
    host: "h",
    message: '[x a="',
  }],
  ["no format at all", "hello, world", { message: "hello, world" }],
  ["a priority that is none", "<999>x", { message: "x" }],
  ["not a tag", "tod-1234 x", { message: "tod-1234 x" }],
  ["empty", "", { message: "" }],
];

for (const [name, text, wanted] of CASES) {
  Deno.test(`parseSyslog() reads ${name}`, () => deepEqual(parse(text), { ...base, ...wanted }));
}

Deno.test("parseSyslog() keeps what is hostile as text, bounded and without NUL", () => {
  const line = parse(`script,info a\0b\x1b[31m\u202e${"é".repeat(20_000)}`);
  ok(line.message.startsWith("ab\x1b[31m\u202eé") && line.message.endsWith("… (cut)"));
  equal(line.message.length, 8_192);
  const latin = parseSyslog(new Uint8Array([...new TextEncoder().encode("dns,info "), 0xe9, 0xff]));
  equal(latin.message, "éÿ");
});

Deno.test("parseSyslog() answers for any octets", () => {
  let seed = 1;
  const next = () => seed = (seed * 48_271) % 2_147_483_647;
  const alphabet = `<>1 -[]"\\:,=tod${DEVICE}Jan 05:info\n\t`;
  for (let round = 0; round < 3_000; round++) {
    const length = next() % 200;
    const bytes = Uint8Array.from(
      { length },
      () => next() % 4 === 0 ? next() % 256 : alphabet.charCodeAt(next() % alphabet.length),
    );
    const line = parseSyslog(bytes);
    ok(line.level >= 0 && line.level <= 7 && line.message.length <= length);
  }
});
