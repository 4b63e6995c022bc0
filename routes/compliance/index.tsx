import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { ScoreTrend } from "@/components/compliance/ScoreTrend.tsx";
import { ScoreValue } from "@/components/compliance/ScoreValue.tsx";
import { SeverityWord } from "@/components/compliance/SeverityWord.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import {
  type ComplianceOverview,
  ROUTER_FILTERS,
  type RouterScores,
} from "@/core/contract/compliance.ts";
import { ago, count, utc } from "@/core/contract/format.ts";
import CheckNow from "@/islands/compliance/CheckNow.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { may } from "../permit.ts";

const WORDS = {
  ...{ all: "All", failing: "Failing", drifted: "Drifted", unrated: "Without a score" },
} as const;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const param = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const [q, cursor] = [param("q"), param("cursor")];
    const filter = ROUTER_FILTERS.find((one) => one === param("filter")) ?? "all";
    const [overview, routers] = await Promise.all([
      data(api.compliance.$get()),
      data(api.compliance.routers.$get({
        query: { filter, limit: "25", ...(q && { q }), ...(cursor && { cursor }) },
      })),
    ]);
    return page({
      ...{ overview, routers, q, filter, cursor, renderedAt: Date.now() },
      mayWrite: may(me, "compliance:write"),
    });
  },
});

export const title = "Compliance";

export default define.page<typeof handler>(({ data }) => {
  const { overview, routers, q, filter, cursor, renderedAt, mayWrite } = data;
  const { devices, rated } = overview;
  return (
    <>
      <PageHeader
        title="Compliance"
        actions={devices > 0 && (
          <>
            <a class="btn" href="/compliance/report">Print</a>
            <a class="btn" href="/api/compliance/report.csv">CSV</a>
            {mayWrite && <CheckNow />}
          </>
        )}
      >
        What routers should hold, and whether they do.
      </PageHeader>
      <ComplianceTabs at="Overview" />
      {devices === 0
        ? (
          <EmptyState
            title="No router yet"
            action={{ href: "/devices/new", label: "Add the first router" }}
          >
            Once its configuration is backed up it is held against the rules.
          </EmptyState>
        )
        : (
          <>
            {rated === 0 && (
              <p class="mb-4 rounded-panel border border-line bg-raised px-4 py-3">
                No router has a score yet: rules are asked of backups of the configuration, which
                are taken within minutes after a router was added.{" "}
                <a class="text-accent underline" href="/configs">How backups go</a>
              </p>
            )}
            <Figures overview={overview} />
            <div class="mt-4 grid gap-4 lg:grid-cols-2">
              <WorstRules overview={overview} />
              <Sites overview={overview} />
            </div>
            <Routers {...{ routers, q, filter, renderedAt, isFirst: cursor === "" }} />
          </>
        )}
    </>
  );
});

function Figures({ overview }: { overview: ComplianceOverview }) {
  const { score, failures, failing, failingHard, drifted, rated, devices } = overview;
  const figures = [
    ["Routers that fail a rule", failing, "?filter=failing"],
    ["… a critical or high one", failingHard, "?filter=failing"],
    ["Routers that drifted", drifted, "?filter=drifted"],
    ["Exceptions in force", overview.exceptions, "/compliance/exceptions"],
  ] as const;
  return (
    <section class="panel grid gap-5 p-5 lg:grid-cols-[auto_1fr_1.4fr]" aria-label="Score">
      <div class="min-w-40">
        <h2 class="text-sm text-text-2">Score of the fleet</h2>
        <p class="text-4xl">
          <ScoreValue score={score} />
        </p>
        <p class="text-sm text-text-2">
          {rated === devices
            ? `of ${count(devices)} routers`
            : `of ${count(rated)} of ${count(devices)} routers`}
        </p>
      </div>
      <div>
        <dl class="grid grid-cols-[1fr_auto] gap-x-6">
          {figures.map(([words, value, href]) => (
            <div key={words} class="contents">
              <dt>
                <a class="inline-block py-1 hover:underline" href={href}>{words}</a>
              </dt>
              <dd class="num py-1 text-right">{count(value)}</dd>
            </div>
          ))}
        </dl>
        <p class="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-sm text-text-2">
          <span>Failures:</span>
          {(["critical", "high", "medium", "low"] as const).map((severity) => (
            <span key={severity} class="inline-flex items-center gap-1">
              <SeverityWord severity={severity} /> {count(failures[severity])}
            </span>
          ))}
        </p>
      </div>
      <div>
        <h2 class="mb-1 text-sm text-text-2">Over time</h2>
        <ScoreTrend days={overview.days} />
      </div>
      <details class="text-sm text-text-2 lg:col-span-3">
        <summary class="cursor-pointer">How the score is worked out</summary>
        <p class="mt-1 max-w-prose">
          The weight of the rules that pass, in percent of the weight of all that pass or fail: a
          critical rule weighs 10, a high one 5, a medium one 2 and a low one 1. Rules with an
          exception, rules that do not apply and rules of which nothing can be said count neither
          way. For sites and the fleet the weights of all routers are summed.
        </p>
      </details>
    </section>
  );
}

function WorstRules({ overview }: { overview: ComplianceOverview }) {
  return (
    <section class="panel" aria-labelledby="worst-rules">
      <h2 id="worst-rules" class="px-4 pt-3 pb-2 font-semibold">What fails</h2>
      {overview.worstRules.length === 0
        ? <p class="px-4 pb-4 text-text-2">No rule fails anywhere.</p>
        : (
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col" class="num">Routers</th>
              </tr>
            </thead>
            <tbody>
              {overview.worstRules.map(({ id, title, severity, failing, asked }) => (
                <tr key={id}>
                  <th scope="row" class="whitespace-normal!">
                    <span class="flex flex-wrap items-center gap-2">
                      <SeverityWord severity={severity} />
                      <a class="break hover:underline" href={`/compliance/rules/${id}`}>
                        <bdi>{title}</bdi>
                      </a>
                    </span>
                  </th>
                  <td class="num">{count(failing)} of {count(asked)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </section>
  );
}

const SITES = 10;

function Sites({ overview: { sites } }: { overview: ComplianceOverview }) {
  return (
    <section class="panel" aria-labelledby="sites">
      <h2 id="sites" class="px-4 pt-3 pb-2 font-semibold">Sites, the worst first</h2>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col" class="num">Score</th>
            <th scope="col" class="num">Failing</th>
          </tr>
        </thead>
        <tbody>
          {sites.slice(0, SITES).map(({ siteId, site, score, devices, failing }) => (
            <tr key={siteId}>
              <th scope="row" class="whitespace-normal!">
                {siteId
                  ? (
                    <a
                      class="break hover:underline"
                      href={`/compliance?${new URLSearchParams({ q: site! })}`}
                    >
                      <bdi>{site}</bdi>
                    </a>
                  )
                  : <span class="text-text-2">No site</span>}
              </th>
              <td class="num">
                <ScoreValue score={score} />
              </td>
              <td class="num">{count(failing)} of {count(devices)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Routers({ routers, q, filter, renderedAt, isFirst }: {
  routers: RouterScores;
  q: string;
  filter: keyof typeof WORDS;
  renderedAt: number;
  isFirst: boolean;
}) {
  const { items, counts, nextCursor } = routers;
  return (
    <section class="mt-6" aria-labelledby="routers">
      <h2 id="routers" class="mb-2 text-lg">Routers, the worst first</h2>
      <form class="mb-3 flex flex-wrap items-center gap-2">
        <input
          type="search"
          class="field max-w-sm flex-1"
          name="q"
          value={q}
          placeholder="Router or site"
          aria-label="Find a router by name, address or site"
        />
        {filter !== "all" && <input type="hidden" name="filter" value={filter} />}
        <button type="submit" class="btn">Search</button>
        <span class="flex flex-wrap gap-1.5">
          {ROUTER_FILTERS.map((one) => (
            <a
              key={one}
              class="chip"
              href={linkTo("/compliance", { filter: one === "all" ? "" : one, q })}
              aria-current={filter === one ? "true" : undefined}
            >
              {WORDS[one]} {counts[one]}
            </a>
          ))}
        </span>
      </form>
      {items.length === 0
        ? <p class="panel p-6 text-center text-text-2">No router is in this list.</p>
        : (
          <ScrollArea label="Routers by score">
            <table class="table" data-testid="router-scores">
              <thead>
                <tr>
                  <th scope="col">Router</th>
                  <th scope="col" class="num">Score</th>
                  <th scope="col" class="num">Failing</th>
                  <th scope="col" class="num hidden sm:table-cell">Unknown</th>
                  <th scope="col" class="num hidden sm:table-cell">Exceptions</th>
                  <th scope="col" class="num">Drift</th>
                  <th scope="col" class="hidden md:table-cell">Looked at</th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.deviceId}>
                    <th scope="row">
                      <a
                        class="line-clamp-2 font-medium hover:underline"
                        href={`/devices/${one.deviceId}/compliance`}
                      >
                        <bdi>{one.deviceName}</bdi>
                      </a>
                      {one.site && <bdi class="break text-xs text-text-3">{one.site}</bdi>}
                    </th>
                    <td class="num">
                      <ScoreValue score={one.score} />
                    </td>
                    <td class="num">{one.failed}</td>
                    <td class="num hidden sm:table-cell">{one.unknown}</td>
                    <td class="num hidden sm:table-cell">{one.excepted}</td>
                    <td class="num">
                      {one.drifted === 0 ? "–" : <span class="text-warn">{one.drifted}</span>}
                    </td>
                    <td class="hidden md:table-cell">
                      {!one.checkedAt
                        ? <span class="text-text-3">not yet</span>
                        : !one.hasBackup
                        ? <span class="text-warn">no backup</span>
                        : (
                          <time dateTime={one.checkedAt} title={utc(one.checkedAt)}>
                            {ago(one.checkedAt, renderedAt)}
                          </time>
                        )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {!isFirst && <a class="btn" href={linkTo("/compliance", { filter, q })}>First page</a>}
        {nextCursor && (
          <a class="btn" href={linkTo("/compliance", { filter, q, cursor: nextCursor })}>
            Next page
          </a>
        )}
      </nav>
    </section>
  );
}
