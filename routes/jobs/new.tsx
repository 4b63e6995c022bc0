import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import NewJob from "@/islands/jobs/NewJob.tsx";
import { HttpError, page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST = 500;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const mayRun = may(me, "commands:run");
    const mayPush = may(me, "configs:push") && may(me, "templates:read");
    if (!mayRun && !mayPush) {
      throw new HttpError(403, "Cannot make a job without commands:run or configs:push");
    }
    const ids = (url.searchParams.get("ids") ?? "").split(",").filter((id) => UUID.test(id))
      .slice(0, MOST);
    const wanted = url.searchParams.get("template") ?? "";
    const setId = url.searchParams.get("changeSet") ?? "";
    const [{ items: templates }, { total }, changeSet] = await Promise.all([
      mayPush ? data(api.templates.$get({ query: {} })) : { items: [] },
      data(api.devices.$get({ query: { limit: "1" } })),
      mayPush && UUID.test(setId)
        ? data(api["change-sets"][":id"].$get({ param: { id: setId } }))
        : null,
    ]);
    return page({
      templates: templates.map(({ id, name }) => ({ id, name })),
      ...{ ids, q: url.searchParams.get("q")?.slice(0, 500) ?? null, mayRun, mayPush, total },
      changeSet: changeSet && { id: changeSet.id, name: changeSet.name },
      templateId: templates.some(({ id }) => id === wanted) ? wanted : null,
    });
  },
});

export const title = "New job";

export default define.page<typeof handler>(({ data: { total, ...data } }) => (
  <>
    <PageHeader title="New job" actions={<a class="btn" href="/jobs">Jobs</a>}>
      One thing for many routers: a canary first, then ever more of them.
    </PageHeader>
    {total === 0
      ? (
        <EmptyState
          title="No router yet"
          action={{ href: "/devices/new", label: "Add the first router" }}
        >
          A job needs routers.
        </EmptyState>
      )
      : <NewJob {...data} />}
  </>
));
