import { GroupTabs } from "@/components/GroupTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import TagList from "@/islands/tags/TagList.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.tags.$get());
    return page({ initial: items, mayWrite: may(me, "groups:write") });
  },
});

export const title = "Tags";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Tags">
      Words that routers are found by, whatever site they stand on. A router has up to 20.
    </PageHeader>
    <GroupTabs at="tags" />
    {data.initial.length === 0 && (
      <p class="panel mb-4 p-6 text-center text-text-2">
        {data.mayWrite
          ? "No tag yet. Name one here, or type it where a router is added or edited."
          : "No tag yet. Operators and administrators add them."}
      </p>
    )}
    <TagList {...data} />
  </>
));
