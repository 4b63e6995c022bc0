import { equal } from "node:assert/strict";
import { plainText } from "./plain_text.ts";

Deno.test("plainText marks what hides or turns letters, and keeps every script", () => {
  equal(plainText("admin\u202egnp.exe"), "admin\ufffdgnp.exe");
  equal(plainText("a\u0000b\u001b[2Jc\u2066d"), "a\ufffdb\ufffd[2Jc\ufffdd");
  for (const text of ["Башня-1", "مرحبا", "塔 🎉", "two\nlines", "é"]) equal(plainText(text), text);
});
