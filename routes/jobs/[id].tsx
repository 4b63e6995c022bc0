import { PageHeader } from "@/components/PageHeader.tsx";
import { ITEM_STATES } from "@/core/contract/bulk_jobs.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import JobView from "@/islands/jobs/JobView.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const param = { id: params["id"]! };
    const state = ITEM_STATES.find((one) => one === url.searchParams.get("state"));
    const after = /^\d{1,6}$/.exec(url.searchParams.get("after") ?? "")?.[0];
    const job = await data(api.jobs[":id"].$get({ param }));
    const [routers, outputs] = await Promise.all([
      data(api.jobs[":id"].routers.$get({
        ...{ param, query: { ...(state && { state }), ...(after && { after }) } },
      })),
      job.kind === "command" ? data(api.jobs[":id"].outputs.$get({ param })) : undefined,
    ]);
    return page({
      ...{ job, routers, outputs: outputs ?? null, state: state ?? null, after: after ?? null },
      mayAct: may(me, job.kind === "command" ? "commands:run" : "configs:push"),
    });
  },
});

export const title = "Job";

export default define.page<typeof handler>(({ data }) => {
  const { id, title, kind, actorName, createdAt, template, query } = data.job;
  return (
    <>
      <PageHeader
        title={title}
        actions={
          <>
            <a class="btn" href="/jobs">Jobs</a>
            <a class="btn" href={`/api/jobs/${id}/export`} download>CSV</a>
          </>
        }
      >
        {kind === "command"
          ? "A command"
          : kind === "change_set"
          ? "A change set"
          : "The template "}
        {template && (
          template.id
            ? (
              <a class="underline" href={`/templates/${template.id}`}>
                <bdi>{template.name}</bdi>
              </a>
            )
            : <bdi>{template.name}</bdi>
        )}
        {template && `, version ${template.version}`}
        {query !== null && (
          <>
            {", for all that matched "}
            {query ? <bdi class="mono break">{query}</bdi> : "nothing in particular"}
          </>
        )}
        {", made "}
        <time dateTime={createdAt} title={utc(createdAt)}>{local(createdAt)}</time>
        {actorName && (
          <>
            {" by "}
            <bdi>{actorName}</bdi>
          </>
        )}
      </PageHeader>
      <JobView {...data} />
    </>
  );
});
