import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import Policies from "@/islands/compliance/Policies.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const none = { items: [] };
    const [policies, rules, groups, tags, sites] = await Promise.all([
      data(api.compliance.policies.$get()),
      data(api.compliance.rules.$get()),
      may(me, "groups:read") ? data(api.groups.$get()) : none,
      may(me, "devices:read") ? data(api.tags.$get()) : none,
      may(me, "sites:read") ? data(api.sites.$get()) : none,
    ]);
    const named = (items: readonly { id: string; name: string }[]) =>
      items.map(({ id, name }) => ({ id, name }));
    return page({
      policies: policies.items,
      rules: rules.items.map(({ id, title, severity }) => ({ id, title, severity })),
      groups: named(groups.items),
      tags: named(tags.items),
      sites: sites.items.map(({ id, path }) => ({ id, name: path })),
      mayWrite: may(me, "compliance:write"),
    });
  },
});

export const title = "Compliance policies";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Policies">Which routers must hold which rules.</PageHeader>
    <ComplianceTabs at="Policies" />
    {data.policies.length === 0 && (
      <p class="panel mb-4 p-6 text-center text-text-2">
        No policy: no router is asked anything.
      </p>
    )}
    <Policies {...data} />
  </>
));
