import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parser } from "@prometheus-io/lezer-promql";
import parsePrometheus from "parse-prometheus-text-format";
import { createApiKey } from "@/core/api_keys/api_keys.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { DAY_MS, ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import type { Permission } from "@/core/scope.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openAuditTest } from "./support/audit.ts";
import { insertDevice } from "./support/devices.ts";
import { everything } from "./support/full_sample.ts";
import { makeUser } from "./support/identity.ts";
import { makeSample } from "./support/samples.ts";
import { scopeOf } from "./support/scope.ts";

interface Dashboard {
  templating: { list: { definition?: string }[] };
  panels: { title: string; targets?: { expr: string }[] }[];
}

/** Names of metrics in an expression, by the language's own grammar; throws where it is none. */
function metricsOf(expression: string): string[] {
  const text = expression.replaceAll("$__rate_interval", "5m");
  const names: string[] = [];
  parser.parse(text).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) throw new Error(`no PromQL: ${text}`);
      if (name === "Identifier" && node.parent?.name === "VectorSelector") {
        names.push(text.slice(from, to));
      }
    },
  });
  return names;
}

Deno.test({
  name: "a program scrapes the fleet with its key, and the Grafana dashboard finds all it asks for",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openAuditTest();
    await using http = createHttpApp(test.platform);
    const { db, acme } = test;
    const now = Date.now();
    await ensureMetricPartitions(db, now - DAY_MS, now + DAY_MS);
    const id = await insertDevice(test, acme, { name: "Tower" });
    const reports = [2, 1].map((ago) => {
      const at = now - ago * 60_000;
      const system = { uptimeSeconds: 1e6 - ago * 60 };
      const report = makeSample(id, at, { ...everything(10 - ago), system } as never);
      return { tenantId: acme, report, atMs: at };
    });
    await writeReports({ db, previous: new PreviousReadings(), nowMs: now }, acme, reports);

    const maker = await makeUser(openAuth(test.platform), acme, "super_admin");
    const scope = { ...scopeOf(db, acme), actor: `user:${maker.id}` };
    const scrape = async (permission: Permission, query = "") => {
      const { secret } = await createApiKey(scope, test.platform, {
        ...{ name: permission, permissions: [permission] },
      });
      return await http.app.request(`http://localhost:8080/api/prometheus${query}`, {
        headers: { authorization: `Bearer ${secret}` },
      });
    };
    const answer = await scrape("metrics:read");
    equal(answer.status, 200);
    match(answer.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
    const names = new Set(
      (parsePrometheus(await answer.text()) as { name: string }[]).map(({ name }) => name),
    );
    ok(names.size > 40, `${names.size} families`);

    const path = new URL("../deploy/grafana/tod-routers.json", import.meta.url);
    const { panels, templating }: Dashboard = JSON.parse(await Deno.readTextFile(path));
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const asked = new Set(expressions.flatMap(metricsOf));
    for (const { definition } of templating.list) {
      const [, metric] = /label_values\((\w+),/.exec(definition ?? "") ?? [];
      if (metric) asked.add(metric);
    }
    ok(asked.size > 30, `${asked.size} metrics`);
    deepEqual([...asked].filter((name) => !names.has(name)), []);

    const some =
      await (await scrape("metrics:read", "?collect=devices&collect=wireless&query=tower"))
        .text();
    ok(some.includes("tod_device_up{") && some.includes("tod_radio_clients{"));
    ok(!some.includes("tod_interface_"));
    for (
      const [permission, query, status] of [
        ["devices:read", "", 403],
        ["metrics:read", "?query=nonsense:1", 422],
        ["metrics:read", "?collect=nonsense", 422],
      ] as const
    ) {
      const refused = await scrape(permission, query);
      equal(refused.status, status, query);
      await refused.body?.cancel();
    }
  },
});
