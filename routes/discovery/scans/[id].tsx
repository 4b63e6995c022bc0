import { PageHeader } from "@/components/PageHeader.tsx";
import ScanView from "@/islands/discovery/ScanView.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { chosenGroups } from "../../groups/chosen_groups.ts";
import { profileChoices } from "../../settings/profile_choices.ts";
import { knownTags } from "../../tags/known_tags.ts";
import { sitePaths } from "../../sites/site_paths.ts";
import { DiscoveryTabs } from "../(_components)/DiscoveryTabs.tsx";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [initial, profiles, sites, known, groups] = await Promise.all([
      data(api.discovery.scans[":id"].$get({ param })),
      profileChoices(api, me),
      sitePaths(api, me),
      knownTags(api, me),
      chosenGroups(api, me),
    ]);
    return page({ initial, profiles, sites, known, groups, mayAdopt: may(me, "devices:write") });
  },
});

export const title = "Scan";

export default define.page<typeof handler>(({ data }) => {
  const { targets, region } = data.initial.scan;
  return (
    <>
      <PageHeader
        title="Scan"
        actions={<a class="btn" href="/discovery/scans">All scans</a>}
      >
        <span class="break mono">
          {targets.length > 200 ? `${targets.slice(0, 200)}…` : targets}
        </span>
        {region !== "default" && ` in the region ${region}`}
      </PageHeader>
      <DiscoveryTabs tab="Scans" />
      <ScanView {...data} />
    </>
  );
});
