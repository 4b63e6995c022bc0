import { deepEqual, equal, match, ok } from "node:assert/strict";
import decodeQR from "qr/decode.js";
import { extractText, getDocumentProxy } from "unpdf";
import { formatSecretKey, makeSecretKey, parseSecretKey } from "@/core/srp/secret_key.ts";
import { type EmergencyKit, kitQr, makeEmergencyKit } from "./emergency_kit.ts";
import { linesWithin } from "./pdf_page.ts";
import { readSignInLink } from "./sign_in_link.ts";

const secretKey = makeSecretKey();
const KIT: EmergencyKit = {
  email: "ann@example.net",
  signInUrl: "https://tod.example.net/login",
  secretKey: formatSecretKey(secretKey),
  madeAt: new Date("2026-11-23T20:00:00Z"),
};

const linesOf = async (kit: EmergencyKit) => {
  const { totalPages, text } = await extractText(await getDocumentProxy(makeEmergencyKit(kit)));
  equal(totalPages, 1);
  return text[0]!.split("\n").map((line) => line.trim());
};

Deno.test("another reader finds address, e-mail, Secret Key and room for the password", async () => {
  const lines = await linesOf(KIT);
  const after = (label: RegExp) => lines[lines.findIndex((line) => label.test(line)) + 1];
  equal(after(/^Sign-in address/), KIT.signInUrl);
  equal(after(/^E-mail/), KIT.email);
  equal(after(/^Secret Key$/), KIT.secretKey);
  deepEqual(parseSecretKey(after(/^Secret Key$/)!), secretKey);
  ok(lines.some((line) => line.startsWith("Password (write it here")));
  match(lines.join("\n"), /Made on 2026-11-23/);
});

Deno.test("the page is A4, and every object lies where the table says", async () => {
  const bytes = makeEmergencyKit(KIT);
  const document = await getDocumentProxy(bytes.slice());
  const { view } = await document.getPage(1);
  deepEqual(view, [0, 0, 595.28, 841.89]);
  const file = new TextDecoder("latin1").decode(bytes);
  const offsets = [...file.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
  equal(offsets.length, 5);
  offsets.forEach((offset, index) => ok(file.startsWith(`${index + 1} 0 obj`, offset)));
  const [, length, content] = /\/Length (\d+) >>\nstream\n([^]*?)\nendstream/.exec(file)!;
  equal(content!.length, Number(length));
});

Deno.test("the longest address is wrapped, and signs of PDF in it are only text", async () => {
  const email = `(a)\\b${"x".repeat(180)}@example.net`;
  const lines = await linesOf({ ...KIT, email });
  const first = lines.findIndex((line) => line === "E-mail") + 1;
  const end = lines.indexOf("Secret Key");
  ok(end - first > 2);
  equal(lines.slice(first, end).join(""), email);
});

Deno.test("the QR code opens the sign-in page, the key behind #", () => {
  const scale = 4;
  const rows = kitQr(KIT);
  const size = rows.length * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isDark = rows[Math.floor(y / scale)]![Math.floor(x / scale)]!;
      if (isDark) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  const link = new URL(decodeQR({ width: size, height: size, data }));
  equal(`${link.origin}${link.pathname}${link.search}`, KIT.signInUrl);
  deepEqual(readSignInLink(link.hash), { email: KIT.email, secretKey: KIT.secretKey });
});

Deno.test("a Secret Key stands in one line", () => {
  for (let i = 0; i < 2_000; i++) {
    equal(linesWithin(formatSecretKey(makeSecretKey()), 19, 483).length, 1);
  }
});
