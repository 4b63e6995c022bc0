import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import Baselines from "@/islands/drift/Baselines.tsx";
import Ignores from "@/islands/drift/Ignores.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const [baselines, ignores, groups] = await Promise.all([
      data(api.drift.baselines.$get()),
      data(api.drift.ignores.$get()),
      may(me, "groups:read") ? data(api.groups.$get()) : { items: [] },
    ]);
    return page({
      baselines: baselines.items,
      ignores: ignores.items,
      groups: groups.items.map(({ id, name }) => ({ id, name })),
      mayWrite: may(me, "compliance:write"),
    });
  },
});

export const title = "Baselines";

export default define.page<typeof handler>(({ data }) => {
  const { baselines, ignores, groups, mayWrite } = data;
  return (
    <>
      <PageHeader title="Baselines">
        What every router of a group must hold. A single router is held against a version of its own
        configuration, chosen on its page.
      </PageHeader>
      <ComplianceTabs at="Baselines" />
      {baselines.length === 0 && (
        <p class="panel mb-4 p-6 text-center text-text-2">
          {groups.length === 0
            ? "No baseline: they are for groups of routers, and there is no group yet."
            : "No baseline yet: write down what a group shares, such as DNS servers and managers."}
        </p>
      )}
      <Baselines initial={baselines} groups={groups} mayWrite={mayWrite} />
      <section class="mt-8" aria-labelledby="ignores">
        <h2 id="ignores" class="text-lg">What may differ</h2>
        <p class="mb-3 text-text-2">Left out of the drift of every router, each for its reason.</p>
        <Ignores initial={ignores} mayWrite={mayWrite} />
      </section>
    </>
  );
});
