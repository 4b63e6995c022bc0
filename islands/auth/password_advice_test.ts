import { equal } from "node:assert/strict";
import { adviseOn } from "./password_advice.ts";

for (
  const [password, isAcceptable, strength, why] of [
    ["", false, "none", "nothing"],
    ["            ", false, "none", "spaces alone"],
    ["hunter2", false, "weak", "seven characters"],
    ["elevenchars", false, "weak", "eleven characters"],
    ["twelve chars", true, "fair", "twelve characters"],
    ["  elevenchars  ", false, "weak", "spaces around, which do not count"],
    ["ééééééééééé", false, "weak", "eleven letters that NFKD makes 22"],
    ["aaaaaaaaaaaaaaaaaaaaaaaa", false, "weak", "one letter"],
    ["abcdefabcdefabcdef", false, "weak", "one piece again and again"],
    ["ann.anderson", false, "weak", "the address itself"],
    ["ann.anderson2026", false, "weak", "the address and a year"],
    ["ann.anderson rides a green tractor", true, "strong", "the address and much else"],
    ["correct horse battery staple", true, "strong", "a passphrase"],
    ["лошадь батарея скрепка", true, "strong", "a passphrase of other letters"],
    ["🐴🔋📎✅🌧️🚜🌵🎈🧭🪁🥁🪕", true, "fair", "twelve signs outside the basic plane"],
  ] as const
) {
  Deno.test(`adviseOn() finds ${strength}: ${why}`, () => {
    const advice = adviseOn(password, { email: "Ann.Anderson@example.net" });
    equal(advice.strength, strength, advice.text);
    equal(advice.isAcceptable, isAcceptable, advice.text);
  });
}

Deno.test("adviseOn() says how many characters are missing", () => {
  equal(adviseOn("elevenchars").text, "One more character.");
  equal(adviseOn("tenletters").text, "2 more characters.");
});
