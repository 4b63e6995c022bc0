import { deepEqual, equal, ok } from "node:assert/strict";
import { LiveStream, type StreamDeps, type StreamState } from "./stream.ts";

interface FakeSource {
  url: string;
  readyState: number;
  isClosed: boolean;
  addEventListener(name: string, work: (event: unknown) => void): void;
  close(): void;
  say(name: string, data?: unknown, lastEventId?: string): void;
  fail(isRefused?: boolean): void;
}

/** A browser whose time, network and chance are the test's. */
function openBrowser({ random = 0.5 } = {}) {
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  let returned = () => {};
  const sources: FakeSource[] = [];
  const states: StreamState[] = [];
  const heard: unknown[] = [];
  let renewals = 0;

  function makeSource(url: string): FakeSource {
    const listeners = new Map<string, (event: unknown) => void>();
    const source: FakeSource = {
      url,
      readyState: 0,
      isClosed: false,
      addEventListener: (name: string, work: (event: unknown) => void) =>
        void listeners.set(name, work),
      close: () => void (source.isClosed = true),
      say: (name: string, data: unknown = {}, lastEventId = "") =>
        listeners.get(name)?.({ data: JSON.stringify(data), lastEventId }),
      fail(isRefused = false) {
        source.readyState = isRefused ? 2 : 0;
        source.say("error");
      },
    };
    sources.push(source);
    return source;
  }

  const deps: StreamDeps = {
    open: (url) => makeSource(url) as never,
    now: () => now,
    random: () => random,
    later(work, ms) {
      const timer = { at: now + ms, work };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
    onReturn(work) {
      returned = work;
      return () => returned = () => {};
    },
    renew: () => Promise.resolve(renewals++),
  };
  const stream = new LiveStream(
    "/s",
    {
      batch: (data) => heard.push(data),
      reset: () => heard.push("reset"),
    },
    (state) => states.push(state),
    deps,
  );
  return {
    ...{ stream, sources, states, heard },
    last: () => sources.at(-1)!,
    renewals: () => renewals,
    comeBack: () => returned(),
    timers: () => timers.length,
    /** Lets time pass, timer by timer. `asleep`: it passes and no timer runs in between. */
    async pass(ms: number, { asleep = false } = {}) {
      const end = now + ms;
      if (asleep) now = end;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.work();
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      }
      now = end;
    },
  };
}

Deno.test("LiveStream resumes at the last id it saw, and does not read anew for it", async () => {
  const browser = openBrowser();
  browser.last().say("open");
  browser.last().say("batch", { n: 1 }, "abc-7");
  browser.last().fail();
  await browser.pass(2_000);
  equal(browser.last().url, "/s?lastEventId=abc-7");
  browser.last().say("open");
  browser.last().say("batch", { n: 2 }, "abc-8");
  deepEqual(browser.heard, [{ n: 1 }, { n: 2 }]);
  deepEqual(browser.states, ["live", "down", "live"]);
  ok(browser.sources[0]!.isClosed);
  browser.sources[0]!.say("batch", "of the dead");
  equal(browser.heard.length, 2);
});

Deno.test("LiveStream reads anew when the server says so, or when it came late to begin with", async () => {
  const browser = openBrowser();
  browser.last().say("open");
  browser.last().say("reset");
  deepEqual(browser.heard, ["reset"]);
  const late = openBrowser();
  late.last().fail();
  await late.pass(6_000);
  late.last().say("open");
  deepEqual(late.heard, ["reset"]);
});

Deno.test("LiveStream waits longer each time, up to a bound, and a while after a good connection less", async () => {
  const browser = openBrowser({ random: 0.75 });
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    const before = browser.sources.length;
    browser.last().fail();
    let waited = 0;
    while (browser.sources.length === before) {
      await browser.pass(100);
      waited += 100;
    }
    waits.push(waited);
  }
  deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  browser.last().say("open");
  await browser.pass(1_000);
  browser.last().fail(); // accepted and dropped at once is no good connection
  const before = browser.sources.length;
  await browser.pass(20_000);
  equal(browser.sources.length, before);
  await browser.pass(10_000);
  browser.last().say("open");
  await browser.pass(12_000);
  browser.last().fail();
  await browser.pass(2_000);
  equal(browser.sources.length, before + 2);
});

Deno.test("a thousand browsers come back over seconds after a restart, not at once", async () => {
  const back = new Map<number, number>();
  for (let n = 0; n < 1_000; n++) {
    const browser = openBrowser({ random: Math.random() });
    browser.last().say("open");
    await browser.pass(12_000);
    browser.last().fail();
    for (let slot = 0; browser.sources.length === 1; slot++) {
      await browser.pass(250);
      if (browser.sources.length > 1) back.set(slot, (back.get(slot) ?? 0) + 1);
    }
    browser.stream.close();
  }
  ok(back.size >= 7 && Math.max(...back.values()) < 250, JSON.stringify([...back]));
});

Deno.test("LiveStream renews the session when it is refused, not when the line is cut", async () => {
  const browser = openBrowser();
  browser.last().fail();
  await browser.pass(3_000);
  equal(browser.renewals(), 0);
  browser.last().fail(true);
  await browser.pass(10_000);
  equal(browser.renewals(), 1);
});

Deno.test("LiveStream leaves a line that is silent, and a sleep behind", async () => {
  const browser = openBrowser();
  browser.last().say("open");
  for (let n = 0; n < 8; n++) {
    await browser.pass(15_000);
    browser.last().say("beat");
  }
  equal(browser.sources.length, 1, "beats are enough");
  await browser.pass(55_000);
  equal(browser.sources.length, 2, "silence is not");
  browser.last().say("open");
  await browser.pass(3_600_000, { asleep: true });
  await browser.pass(2_000);
  equal(browser.sources.length, 3, "after a sleep");
  browser.last().say("open");
  browser.comeBack();
  await browser.pass(1_000);
  equal(browser.sources.length, 3, "back at the front: it is alive");
});

Deno.test("LiveStream that waits long connects soon when the browser is back on the net", async () => {
  const browser = openBrowser();
  for (let n = 0; n < 6; n++) {
    browser.last().fail();
    await browser.pass(40_000);
  }
  browser.last().fail();
  const before = browser.sources.length;
  browser.comeBack();
  await browser.pass(1_000);
  equal(browser.sources.length, before + 1);
});

Deno.test("LiveStream that is closed does nothing more", async () => {
  const browser = openBrowser();
  browser.last().fail(true);
  browser.stream.close();
  await browser.pass(600_000);
  equal(browser.sources.length, 1);
  equal(browser.timers(), 0);
});
