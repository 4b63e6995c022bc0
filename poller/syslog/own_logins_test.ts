import { equal } from "node:assert/strict";
import { FakeClock } from "@/tests/support/clock.ts";
import { OwnLogins } from "./own_logins.ts";

Deno.test("OwnLogins explains as many lines as there were logins, soon after them, of that name", async () => {
  const clock = new FakeClock();
  const own = new OwnLogins(clock);
  const line = (user: string) => `user ${user} logged in from 192.0.2.10 via api-ssl`;
  equal(own.explains("a", line("tod")), false);
  own.note("a", "tod");
  equal(own.explains("a", "user tod logged in from 192.0.2.1 via ssh"), true, "to read a backup");
  own.note("a", "tod");
  own.note("a", "tod");
  equal(own.explains("b", line("tod")), false);
  equal(own.explains("a", line("admin")), false);
  equal(own.explains("a", "user tod logged in from 192.0.2.66 via winbox"), false);
  equal(own.explains("a", line("tod")), true);
  equal(own.explains("a", line("tod")), true);
  equal(own.explains("a", line("tod")), false, "a third one was somebody else");
  own.note("a", "tod");
  await clock.advance(121_000);
  equal(own.explains("a", line("tod")), false);
});
