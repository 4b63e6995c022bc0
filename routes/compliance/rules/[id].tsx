import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { Evidence } from "@/components/compliance/Evidence.tsx";
import { RESULT_WORDS } from "@/components/compliance/ResultWord.tsx";
import { RuleInWords } from "@/components/compliance/RuleInWords.tsx";
import { SeverityWord } from "@/components/compliance/SeverityWord.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { RULE_RESULTS, type RuleRouters } from "@/core/contract/compliance.ts";
import { ago, utc } from "@/core/contract/format.ts";
import RuleEditor from "@/islands/compliance/RuleEditor.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { linkTo } from "../../(_components)/link_to.ts";
import { may } from "../../permit.ts";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const result = RULE_RESULTS.find((one) => one === url.searchParams.get("result")) ?? "fail";
    const cursor = url.searchParams.get("cursor") ?? "";
    const rules = api.compliance.rules[":id"];
    const [rule, routers] = await Promise.all([
      data(rules.$get({ param: { id } })),
      data(rules.routers.$get({
        param: { id },
        query: { result, limit: "25", ...(cursor && { cursor }) },
      })),
    ]);
    return page({
      ...{ rule, routers, result, cursor, renderedAt: Date.now() },
      mayWrite: may(me, "compliance:write"),
    });
  },
});

export const title = ({ rule }: { rule: { title: string } }) => rule.title;

export default define.page<typeof handler>(({ data }) => {
  const { rule, routers, result, cursor, renderedAt, mayWrite } = data;
  const path = `/compliance/rules/${rule.id}`;
  return (
    <>
      <PageHeader title={rule.title}>
        <span class="flex flex-wrap items-center gap-2">
          <SeverityWord severity={rule.severity} />
          {rule.libraryKey === null
            ? "A rule of your own"
            : rule.isEdited
            ? "From the starter library, edited"
            : "From the starter library"}
          {rule.policies === 0 && (
            <span class="text-warn">in no policy: it is asked of no router</span>
          )}
        </span>
      </PageHeader>
      <ComplianceTabs at="Rules" />
      <div class="mb-6 grid gap-4 lg:grid-cols-2">
        <section class="panel p-4" aria-labelledby="why">
          <h2 id="why" class="mb-1 font-semibold">Why, and how it is set right</h2>
          <p class="break whitespace-pre-line">
            {rule.help ? <bdi>{rule.help}</bdi> : "Nobody wrote it down yet."}
          </p>
        </section>
        <section class="panel p-4" aria-labelledby="what">
          <h2 id="what" class="mb-1 font-semibold">What it asks</h2>
          <RuleInWords body={rule.body} />
        </section>
      </div>
      <section class="mb-6" aria-labelledby="rule-routers">
        <h2 id="rule-routers" class="mb-2 text-lg">Routers</h2>
        <p class="mb-3 flex flex-wrap gap-1.5">
          {RULE_RESULTS.map((one) => (
            <a
              key={one}
              class="chip"
              href={linkTo(path, { result: one === "fail" ? "" : one })}
              aria-current={result === one ? "true" : undefined}
            >
              {RESULT_WORDS[one]} {rule.counts[one]}
            </a>
          ))}
        </p>
        <Routers routers={routers} renderedAt={renderedAt} />
        <nav class="mt-3 flex gap-2" aria-label="Pages">
          {cursor && <a class="btn" href={linkTo(path, { result })}>First page</a>}
          {routers.nextCursor && (
            <a class="btn" href={linkTo(path, { result, cursor: routers.nextCursor })}>Next page</a>
          )}
        </nav>
      </section>
      {mayWrite && <RuleEditor rule={rule} />}
    </>
  );
});

function Routers({ routers, renderedAt }: { routers: RuleRouters; renderedAt: number }) {
  if (routers.items.length === 0) {
    return <p class="panel p-6 text-center text-text-2">No router is in this list.</p>;
  }
  return (
    <ul class="panel divide-y divide-line">
      {routers.items.map(({ deviceId, deviceName, since, evidence }) => (
        <li key={deviceId} class="px-4 py-2.5">
          <p class="flex flex-wrap items-baseline gap-x-3">
            <a class="break font-medium hover:underline" href={`/devices/${deviceId}/compliance`}>
              <bdi>{deviceName}</bdi>
            </a>
            <span class="text-sm text-text-3">
              since <time dateTime={since} title={utc(since)}>{ago(since, renderedAt)}</time>
            </span>
          </p>
          <Evidence evidence={evidence} />
        </li>
      ))}
    </ul>
  );
}
