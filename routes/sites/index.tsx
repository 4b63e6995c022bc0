import { PageHeader } from "@/components/PageHeader.tsx";
import Sites from "@/islands/sites/Sites.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.sites.$get());
    return page({ initial: items, mayWrite: may(me, "sites:write") });
  },
});

export const title = "Sites";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Sites">
      Customers, their places and what stands there. A router is put on a site where it is edited.
    </PageHeader>
    {data.initial.length === 0 && (
      <p class="panel mb-4 p-6 text-center text-text-2">
        {data.mayWrite
          ? "No site yet. Begin with a customer, then add its places below."
          : "No site yet. Operators and administrators add them."}
      </p>
    )}
    <Sites {...data} />
  </>
));
