import { GroupTabs } from "@/components/GroupTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import Groups from "@/islands/groups/Groups.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.groups.$get());
    return page({ initial: items, mayWrite: may(me, "groups:write") });
  },
});

export const title = "Groups";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Groups">
      Routers that belong together: those you chose, or all that a rule fits at any moment.
    </PageHeader>
    <GroupTabs at="groups" />
    {data.initial.length === 0 && (
      <p class="panel mb-4 p-6 text-center text-text-2">
        {data.mayWrite
          ? "No group yet. A rule such as tag:backhaul version:<7.16 keeps itself up to date."
          : "No group yet. Operators and administrators add them."}
      </p>
    )}
    <Groups {...data} />
  </>
));
