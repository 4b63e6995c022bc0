import { Actor } from "@/components/Actor.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import PushView from "@/islands/pushes/PushView.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const push = await data(api.pushes[":id"].$get({ param: { id: params["id"]! } }));
    return page({ push, mayPush: may(me, "configs:push"), renderedAt: Date.now() });
  },
});

export const title = ({ push }: { push: { title: string } }) => push.title;

export default define.page<typeof handler>(({ data }) => {
  const { push, mayPush, renderedAt } = data;
  return (
    <>
      <PageHeader
        title={push.title}
        actions={<a class="btn" href="/pushes">All changes</a>}
      >
        <a
          class="block max-w-full truncate text-accent hover:underline"
          href={`/devices/${push.deviceId}/changes`}
        >
          <bdi>{push.deviceName}</bdi>
        </a>
        <span>
          {push.commands === 1 ? "1 command" : `${push.commands} commands`} ·{" "}
          <Actor actor={push.startedBy} name={push.startedByName} /> ·{" "}
          <time dateTime={push.createdAt} title={utc(push.createdAt)}>{local(push.createdAt)}</time>
        </span>
      </PageHeader>
      <PushView initial={push} mayPush={mayPush} renderedAt={renderedAt} />
    </>
  );
});
