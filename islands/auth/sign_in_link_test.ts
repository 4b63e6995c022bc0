import { deepEqual, equal } from "node:assert/strict";
import { makeSignInLink, ownPath, readSignInLink } from "./sign_in_link.ts";

Deno.test("what a link carries comes back, and none of it is in the part that is sent", () => {
  const carried = { email: "a+b&c@example.net", secretKey: "A3-008J4C-T4ANK7-F24SN-AXWSQ-FEZZV" };
  const url = new URL(makeSignInLink("https://tod.example.net/login?x=1#old", carried));
  equal(url.pathname + url.search, "/login?x=1");
  deepEqual(readSignInLink(url.hash), carried);
  for (const hash of ["", "#", "#email=a@example.net", "#top", "#key="]) {
    equal(readSignInLink(hash), undefined, hash);
  }
});

for (
  const [path, goesTo] of [
    ["/devices?status=offline#x", "/devices?status=offline#x"],
    ["/", "/"],
    [undefined, "/"],
    ["", "/"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["/a\\b", "/"],
    ["https://evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/\t/evil.example", "/"],
    [" /x", "/"],
  ] as const
) {
  Deno.test(`ownPath() makes ${JSON.stringify(path)} ${goesTo}`, () =>
    equal(ownPath(path), goesTo));
}
