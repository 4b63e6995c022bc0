import { PageHeader } from "@/components/PageHeader.tsx";
import Tenants from "@/islands/settings/Tenants.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.tenants.$get());
    return page({ initial: items, tenantId: me!.tenantId, renderedAt: Date.now() });
  },
});

export const title = "Tenants";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Tenants">
      Your customers, each strictly apart from the others. Working in one is in its audit log.
    </PageHeader>
    <Tenants {...data} />
  </>
));
