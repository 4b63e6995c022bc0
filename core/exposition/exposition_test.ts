import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import parsePrometheus from "parse-prometheus-text-format";
import { Forbidden, InvalidInput, TooManyRequests } from "@/core/errors.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { DAY_MS, ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { everything } from "@/tests/support/full_sample.ts";
import { makeSample, makeStatus } from "@/tests/support/samples.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { exposeFleet } from "./exposition.ts";
import { type Collection, COLLECTIONS } from "./families.ts";

const NOW = Date.UTC(2026, 0, 15, 12);
const clock = { now: () => NOW } as Parameters<typeof exposeFleet>[2]["clock"];

interface Parsed {
  name: string;
  type: string;
  metrics: { value: string; labels: Record<string, string> }[];
}

/** Read back by a parser that others wrote. */
const parse = (text: string) =>
  new Map((parsePrometheus(text) as Parsed[]).map((family) => [family.name, family]));

/** What the format demands and lenient parsers forgive: each family once, in one piece. */
function checkGroups(text: string): void {
  const seen: string[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, name] = /^(?:# (?:HELP|TYPE) )?([a-z_]+)/.exec(line) ?? [];
    ok(name, line);
    if (seen.at(-1) !== name) {
      ok(!seen.includes(name), `${name} comes again`);
      seen.push(name);
    }
  }
  ok(text.endsWith("\n"));
}

const HOSTILE = [
  'quote " backslash \\ line\nend',
  'x"} 1\ntod_device_up{id="forged"} 1',
  "\u001b[2J\u0007 \u2028 مرحبا 🛰️",
  "long".repeat(100),
];

Deno.test({
  name: "exposeFleet() writes what the fleet reads now, whatever routers call themselves",
  sanitizeResources: false, // one server serves the whole test process
  sanitizeOps: false,
  fn: async () => {
    await using test = await openTestDb();
    const { db, acme, globex } = test;
    await ensureMetricPartitions(db, NOW - DAY_MS, NOW + DAY_MS);
    const previous = new PreviousReadings();
    const report = (id: string, ago: number, identity: string) => {
      const at = NOW - ago;
      const system = { identity, uptimeSeconds: 1e6 - ago / 1_000, cpuPercent: 7 };
      const report = makeSample(id, at, { ...everything(60 - ago / 60_000), system } as never);
      return { tenantId: acme, report, atMs: at };
    };
    const write = (reports: Parameters<typeof writeReports>[2]) =>
      writeReports({ db, previous, nowMs: NOW }, acme, reports);
    const ids: string[] = [];
    for (const identity of HOSTILE) {
      const id = await insertDevice(test, acme, { name: null });
      ids.push(id);
      await write([report(id, 60_000, identity), report(id, 0, identity)]);
    }
    const gone = ids[3]!;
    const detail = makeStatus(gone, NOW, "offline", { reason: "connect_timeout" });
    await write([{ tenantId: acme, report: detail, atMs: NOW }]);
    await insertDevice(test, acme, { name: "Switched off", is_enabled: false });
    await insertDevice(test, globex, { name: "Theirs" });

    const scope = scopeOf(db, acme, ["metrics:read"]);
    const scrape = async (query = "", collections: readonly Collection[] = COLLECTIONS) =>
      (await Array.fromAsync(await exposeFleet(scope, { query, collections }, { clock }))).join("");
    const text = await scrape();
    checkGroups(text);
    const families = parse(text);
    const valuesOf = (name: string, id = ids[0]!) =>
      families.get(name)?.metrics.filter(({ labels }) => labels["id"] === id)
        .map(({ value }) => Number(value));

    const up = families.get("tod_device_up")!;
    deepEqual(up.metrics.map(({ labels }) => labels["id"]).sort(), ids.toSorted());
    deepEqual(valuesOf("tod_device_up"), [1]);
    deepEqual(valuesOf("tod_device_up", gone), [0]);
    const info = families.get("tod_device_info")!.metrics.find(({ labels }) =>
      labels["id"] === ids[2]
    )!;
    equal(info.labels["identity"], "\ufffd[2J\ufffd \ufffd مرحبا 🛰️");
    equal(info.labels["version"], "7.18.2");
    // Each hostile name came back as one label, escaped.
    ok(text.includes('device="quote \\" backslash \\\\ line\\nend"'));
    ok(text.includes('device="x\\"} 1\\ntod_device_up{id=\\"forged\\"} 1"'));

    deepEqual(valuesOf("tod_device_cpu_usage_ratio"), [0.07]);
    deepEqual(valuesOf("tod_device_last_sample_age_seconds"), [0]);
    deepEqual(valuesOf("tod_device_ppp_sessions"), [7]);
    equal(families.get("tod_interface_receive_bytes_total")!.type, "COUNTER");
    deepEqual(valuesOf("tod_interface_receive_bytes_total"), [
      450_000_000,
      450_000_000,
      5_940_000_000,
    ]);
    deepEqual(valuesOf("tod_interface_receive_bits_per_second"), [1e6, 1e6, 13_200_000]);
    deepEqual(valuesOf("tod_interface_speed_bits_per_second"), [1e9, 1e8]);
    deepEqual(valuesOf("tod_radio_signal_worst_dbm"), [-70]);
    deepEqual(valuesOf("tod_sensor_failed"), [0, 1]);
    deepEqual(valuesOf("tod_poe_current_amperes"), [0.21]);
    deepEqual(valuesOf("tod_optic_receive_power_dbm"), [-12.5]);
    // Of a router that does not answer nothing looks fresh.
    deepEqual(valuesOf("tod_device_cpu_usage_ratio", gone), []);
    deepEqual(valuesOf("tod_interface_receive_bytes_total", gone), []);
    deepEqual(families.get("tod_device_status")!.metrics.map(({ labels }) => labels["status"]), [
      ...families.get("tod_device_up")!.metrics.map(({ value }) =>
        value === "1" ? "online" : "offline"
      ),
    ]);

    const part = parse(await scrape("status:offline", ["devices"]));
    deepEqual(part.get("tod_device_up")!.metrics.map(({ labels }) => labels["id"]), [gone]);
    const wireless = parse(await scrape("", ["wireless"]));
    ok([...wireless.keys()].every((name) => name.startsWith("tod_radio_")));
    equal(await scrape("nothing-like-it"), "");

    await rejects(scrape("nonsense:1"), InvalidInput);
    const other = scopeOf(db, acme, ["devices:read"]);
    const query = { query: "", collections: COLLECTIONS };
    await rejects(exposeFleet(other, query, { clock }), Forbidden);
    // Answers that nobody reads on hold their places; given up, they free them.
    const held = await Promise.all([1, 2, 3, 4].map(() => exposeFleet(scope, query, { clock })));
    await rejects(exposeFleet(scope, query, { clock }), TooManyRequests);
    for (const stream of held) await stream.cancel();
    ok((await scrape()).length > 0);
  },
});
