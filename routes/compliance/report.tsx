import { ScoreValue } from "@/components/compliance/ScoreValue.tsx";
import { SEVERITY_WORDS } from "@/components/compliance/SeverityWord.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { count } from "@/core/contract/format.ts";
import { local, timesAre } from "@/core/contract/zone_time.ts";
import Print from "@/islands/compliance/Print.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

/** Routers that a printed report lists; all of them are in the CSV. */
const ROUTERS = 200;

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const [overview, rules, exceptions, routers] = await Promise.all([
      data(api.compliance.$get()),
      data(api.compliance.rules.$get()),
      data(api.compliance.exceptions.$get()),
      data(api.compliance.routers.$get({ query: { filter: "failing", limit: `${ROUTERS}` } })),
    ]);
    return page({
      ...{ overview, rules: rules.items, routers, tenant: me?.tenantName ?? "" },
      exceptions: exceptions.items.filter(({ isExpired }) => !isExpired),
      madeAt: new Date().toISOString(),
    });
  },
});

export const title = "Compliance report";

export default define.page<typeof handler>(({ data }) => {
  const { overview, rules, exceptions, routers, tenant, madeAt } = data;
  const asked = rules.filter(({ policies }) => policies > 0);
  return (
    <article class="max-w-5xl">
      <PageHeader
        title="Compliance report"
        actions={
          <span class="flex gap-2 print:hidden">
            <Print />
            <a class="btn" href="/api/compliance/report.csv">Everything as CSV</a>
          </span>
        }
      >
        <bdi>{tenant}</bdi>, {local(madeAt)}. {timesAre()}
      </PageHeader>
      <p class="mb-1">
        Score of the fleet: <ScoreValue score={overview.score} />, from {count(overview.rated)} of
        {" "}
        {count(overview.devices)} routers. {count(overview.failing)} fail a rule,{" "}
        {count(overview.failingHard)} a critical or high one; {count(overview.drifted)}{" "}
        drifted from their baselines.
      </p>
      <p class="mb-6 text-sm text-text-2">
        The score is the weight of the rules that pass in all that pass or fail: critical 10, high
        5, medium 2, low 1. Exceptions, rules that do not apply and what is unknown count neither
        way.
      </p>
      <h2 class="mb-2 text-lg">Rules</h2>
      <div class="mb-6 overflow-x-auto" tabIndex={0} role="region" aria-label="Rules">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Severity</th>
              <th scope="col" class="num">Fails</th>
              <th scope="col" class="num">Passes</th>
              <th scope="col" class="num">Unknown</th>
              <th scope="col" class="num">Exceptions</th>
            </tr>
          </thead>
          <tbody>
            {asked.map(({ id, title, severity, counts }) => (
              <tr key={id}>
                <th scope="row" class="whitespace-normal!">
                  <bdi class="break">{title}</bdi>
                </th>
                <td class="whitespace-nowrap">{SEVERITY_WORDS[severity]}</td>
                <td class="num">{count(counts.fail)}</td>
                <td class="num">{count(counts.pass)}</td>
                <td class="num">{count(counts.unknown)}</td>
                <td class="num">{count(counts.exception)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 class="mb-2 text-lg">
        {routers.nextCursor ? `The ${ROUTERS} worst routers` : "Routers that fail a rule"}
      </h2>
      {routers.items.length === 0
        ? <p class="mb-6 text-text-2">None.</p>
        : (
          <ul class="mb-6 columns-1 gap-8 sm:columns-2">
            {routers.items.map(({ deviceId, deviceName, score, failed }) => (
              <li key={deviceId} class="flex break-inside-avoid gap-2 border-b border-line py-1">
                <bdi class="break flex-1">{deviceName}</bdi>
                <span class="text-text-2">{failed} fail</span>
                <ScoreValue score={score} />
              </li>
            ))}
          </ul>
        )}
      <h2 class="mb-2 text-lg">Exceptions in force</h2>
      {exceptions.length === 0 ? <p class="text-text-2">None.</p> : (
        <ul>
          {exceptions.map(({ id, ruleTitle, target, reason, expiresAt, createdByName }) => (
            <li key={id} class="break break-inside-avoid border-b border-line py-1">
              <bdi>{ruleTitle}</bdi>, for <bdi>{target}</bdi>: <bdi>{reason}</bdi>
              {createdByName && <bdi>{` (${createdByName})`}</bdi>},{" "}
              {expiresAt ? `until ${expiresAt.slice(0, 10)}` : "until it is removed"}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
});
