import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import Exceptions from "@/islands/compliance/Exceptions.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const none = { items: [] };
    const mayWrite = may(me, "compliance:write");
    const [exceptions, rules, tags, sites] = await Promise.all([
      data(api.compliance.exceptions.$get()),
      mayWrite ? data(api.compliance.rules.$get()) : none,
      mayWrite && may(me, "devices:read") ? data(api.tags.$get()) : none,
      mayWrite && may(me, "sites:read") ? data(api.sites.$get()) : none,
    ]);
    return page({
      exceptions: exceptions.items,
      rules: rules.items.map(({ id, title }) => ({ id, name: title })),
      tags: tags.items.map(({ id, name }) => ({ id, name })),
      sites: sites.items.map(({ id, path }) => ({ id, name: path })),
      ...{ mayWrite, renderedAt: Date.now() },
    });
  },
});

export const title = "Compliance exceptions";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Exceptions">
      Where a rule need not hold, why, who said so and until when.
    </PageHeader>
    <ComplianceTabs at="Exceptions" />
    {data.exceptions.length === 0 && (
      <p class="panel mb-4 p-6 text-center text-text-2">
        No exception. For a single router it is made on the router's page, beside what fails.
      </p>
    )}
    <Exceptions {...data} />
  </>
));
