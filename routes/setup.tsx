import { PageHeader } from "@/components/PageHeader.tsx";
import Adopt from "@/islands/adopt/Adopt.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";
import { chosenGroups } from "./groups/chosen_groups.ts";
import { profileChoices } from "./settings/profile_choices.ts";
import { sitePaths } from "./sites/site_paths.ts";
import { knownTags } from "./tags/known_tags.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { total } = await data(api.fleet.summary.$get({ query: {} }));
    return page({
      ...{ organisation: me!.tenantName, devices: total, sites: await sitePaths(api, me) },
      profiles: await profileChoices(api, me),
      known: await knownTags(api, me),
      groups: await chosenGroups(api, me),
    });
  },
});

export const title = "Set up";

/** After the first enrolment: the organisation has its name, now its first router. */
export default define.page<typeof handler>((
  { data: { organisation, devices, sites, profiles, known, groups } },
) => (
  <div class="max-w-3xl">
    <PageHeader title="Set up" actions={<a class="btn" href="/">Skip for now</a>}>
      <bdi>{organisation}</bdi> is ready. {devices === 0
        ? "Now its first router: the assistant looks at it, tries a login and shows the first reading."
        : `It has ${
          devices === 1 ? "1 router" : `${devices} routers`
        } already: add another, or go on.`}
    </PageHeader>
    <Adopt next="/" sites={sites} profiles={profiles} known={known} groups={groups} />
  </div>
));
