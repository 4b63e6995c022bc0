import { deepEqual, equal } from "node:assert/strict";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { canonicalAddress, Senders } from "./senders.ts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

function makeTarget(n: number, address: string, rest: Partial<PollTarget> = {}): PollTarget {
  return {
    ...{ tenantId: `tenant-${n % 2}`, deviceId: id(n), address, isEnabled: true },
    ...rest,
  } as PollTarget;
}

const found = (senders: Senders, source: string, tag: string | null = null) => {
  const answer = senders.find(source, tag);
  return "sender" in answer ? answer.sender.deviceId : answer.refusal;
};

Deno.test("Senders finds a device by its address, in whatever form it is written", () => {
  const senders = new Senders(() => Promise.resolve([]));
  senders.sync([makeTarget(1, "192.0.2.1"), makeTarget(2, "2001:DB8::0:1")]);
  equal(found(senders, "192.0.2.1"), id(1));
  equal(found(senders, canonicalAddress("::ffff:192.0.2.1")!), id(1));
  equal(found(senders, canonicalAddress("2001:db8:0:0::1%eth0")!), id(2));
  equal(found(senders, "192.0.2.9"), "unknown_source");
});

Deno.test("Senders guesses nothing: an address of two devices is nobody's, until a tag says whose", () => {
  const senders = new Senders(() => Promise.resolve([]));
  senders.sync([
    makeTarget(1, "10.0.0.1"),
    makeTarget(2, "10.0.0.1"),
    makeTarget(3, "10.0.0.3", { isEnabled: false }),
  ]);
  equal(found(senders, "10.0.0.1"), "ambiguous_source");
  equal(found(senders, "10.0.0.1", id(2)), id(2));
  equal(found(senders, "203.0.113.5", id(1)), id(1), "behind address translation");
  equal(found(senders, "10.0.0.1", id(9)), "unknown_tag", "a wrong tag is no reason to guess");
  equal(found(senders, "10.0.0.3"), "unknown_source", "switched off, or of a suspended tenant");
  equal(found(senders, "10.0.0.3", id(3)), "unknown_tag");
});

Deno.test("Senders follows changes of devices and of names", async () => {
  const dns: Record<string, string[]> = { "core.test": ["192.0.2.7", "2001:db8::7"] };
  const senders = new Senders((name) =>
    dns[name] ? Promise.resolve(dns[name]) : Promise.reject(new Error("no such name"))
  );
  senders.sync([makeTarget(1, "core.test"), makeTarget(2, "gone.test"), makeTarget(3, "10.0.0.3")]);
  equal(found(senders, "192.0.2.7"), "unknown_source");
  await senders.resolveNames();
  equal(found(senders, "192.0.2.7"), id(1));
  equal(found(senders, "2001:db8::7"), id(1));
  dns["core.test"] = ["192.0.2.8"];
  await senders.resolveNames();
  deepEqual([found(senders, "192.0.2.7"), found(senders, "192.0.2.8")], ["unknown_source", id(1)]);
  delete dns["core.test"];
  await senders.resolveNames();
  equal(found(senders, "192.0.2.8"), id(1), "DNS that does not answer forgets nothing");
  await senders.apply(id(3), makeTarget(3, "10.0.0.4"));
  deepEqual([found(senders, "10.0.0.3"), found(senders, "10.0.0.4")], ["unknown_source", id(3)]);
  await senders.apply(id(3), undefined);
  equal(found(senders, "10.0.0.4"), "unknown_source");
  dns["new.test"] = ["192.0.2.9"];
  await senders.apply(id(4), makeTarget(4, "new.test"));
  equal(found(senders, "192.0.2.9"), id(4), "a new one is asked for at once");
});
