import { PageHeader } from "@/components/PageHeader.tsx";
import ApiKeys from "@/islands/settings/ApiKeys.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

/** Never in a key: they reach beyond a tenant, or belong to a person. */
const RESERVED = /^(tenants:|account:)/;

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api["api-keys"].$get());
    return page({
      initial: items,
      grantable: me!.permissions.filter((name) => !RESERVED.test(name)),
      mayWrite: me!.permissions.includes("apikeys:write") && me!.tenantId === me!.homeTenantId,
      renderedAt: Date.now(),
    });
  },
});

export const title = "API keys";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="API keys">
      For programs. A key can do what it was made for and its maker may at that moment, no more.
    </PageHeader>
    <ApiKeys {...data} />
  </>
));
