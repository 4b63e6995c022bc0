import { TextDiff } from "@/components/ConfigDiff.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { utc } from "@/core/contract/format.ts";
import type { TemplateComparison, TemplateVersion } from "@/core/contract/templates.ts";
import { local } from "@/core/contract/zone_time.ts";
import TemplateActions from "@/islands/templates/TemplateActions.tsx";
import TemplateEditor from "@/islands/templates/TemplateEditor.tsx";
import TemplatePreview from "@/islands/templates/TemplatePreview.tsx";
import TemplateValues from "@/islands/templates/TemplateValues.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

const TABS = [
  ["text", "Text"],
  ["values", "Values"],
  ["preview", "Preview"],
  ["history", "History"],
] as const;
type Tab = typeof TABS[number][0];

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const param = { id: params["id"]! };
    const wanted = url.searchParams.get("tab");
    const tab: Tab = TABS.find(([name]) => name === wanted)?.[0] ?? "text";
    const template = await data(api.templates[":id"].$get({ param }));
    const values = tab === "values"
      ? await data(api.templates[":id"].values.$get({ param }))
      : undefined;
    const number = (name: string) => /^\d{1,6}$/.exec(url.searchParams.get(name) ?? "")?.[0];
    const query = {
      ...(number("from") && { from: number("from")! }),
      ...(number("to") && { to: number("to")! }),
    };
    const history = tab === "history"
      ? await Promise.all([
        data(api.templates[":id"].versions.$get({ param })),
        data(api.templates[":id"].compare.$get({ param, query })),
      ])
      : undefined;
    return page({
      ...{ template, tab, values, history },
      mayWrite: may(me, "templates:write"),
      mayPush: may(me, "configs:push"),
    });
  },
});

export const title = "Template";

export default define.page<typeof handler>(({ data }) => {
  const { template, tab, values, history, mayWrite, mayPush } = data;
  const { id, name, version, uses } = template;
  return (
    <>
      <PageHeader
        title={name}
        actions={<TemplateActions {...{ id, name, mayWrite, mayPush }} />}
      >
        {template.description && <bdi class="break block">{template.description}</bdi>}
        Version {version},{" "}
        {uses === 0 ? "not used yet" : uses === 1 ? "used by one job" : `used by ${uses} jobs`}
      </PageHeader>
      <nav class="mb-4 flex flex-wrap gap-x-5 border-b border-line" aria-label="Template">
        {TABS.map(([one, label]) => (
          <a
            key={one}
            class="tab"
            href={one === "text" ? `/templates/${id}` : `/templates/${id}?tab=${one}`}
            aria-current={one === tab ? "page" : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      {tab === "text" && <TemplateEditor template={template} mayWrite={mayWrite} />}
      {values && <TemplateValues {...{ template, initial: values, mayWrite }} />}
      {tab === "preview" && <TemplatePreview {...{ template }} />}
      {history && <History {...{ id, versions: history[0].items, comparison: history[1] }} />}
    </>
  );
});

function History({ id, versions, comparison }: {
  id: string;
  versions: TemplateVersion[];
  comparison: TemplateComparison;
}) {
  const { from, to, script, variables } = comparison;
  const isSame = (lines: TemplateComparison["script"]) =>
    lines.every(({ kind }) => kind === "same" || kind === "skipped");
  return (
    <div class="grid items-start gap-6 lg:grid-cols-[minmax(16rem,22rem)_1fr]">
      <section aria-labelledby="versions">
        <h2 id="versions" class="mb-2 text-lg">Versions</h2>
        <ol class="panel divide-y divide-line">
          {versions.map((one) => (
            <li key={one.version} class="px-4 py-2.5">
              <a
                class="font-medium hover:underline"
                href={`/templates/${id}?tab=history&to=${one.version}`}
                aria-current={one.version === to ? "true" : undefined}
              >
                Version {one.version}
              </a>
              <div class="text-sm text-text-2">
                <time dateTime={one.at} title={utc(one.at)}>{local(one.at)}</time>
                {one.actorName && (
                  <>
                    {" by "}
                    <bdi>{one.actorName}</bdi>
                  </>
                )}
              </div>
              {one.note && <bdi class="break block text-sm">{one.note}</bdi>}
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="compared" class="min-w-0">
        <h2 id="compared" class="mb-2 text-lg">
          {from === to ? `Version ${to} is the first` : `From version ${from} to ${to}`}
        </h2>
        {from !== to && (
          <>
            <div class="panel overflow-x-auto" role="region" aria-label="Text" tabIndex={0}>
              {isSame(script)
                ? <p class="p-4 text-text-2">The text is the same.</p>
                : <TextDiff lines={script} />}
            </div>
            {!isSame(variables) && (
              <>
                <h3 class="mt-4 mb-2 font-medium">Variables</h3>
                <div
                  class="panel overflow-x-auto"
                  role="region"
                  aria-label="Variables"
                  tabIndex={0}
                >
                  <TextDiff lines={variables} />
                </div>
              </>
            )}
          </>
        )}
      </section>
    </div>
  );
}
