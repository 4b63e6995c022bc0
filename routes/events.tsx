import { timesAre } from "@/core/contract/zone_time.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import { page } from "@/web/define.ts";
import { define } from "./define.ts";
import { Events } from "./(_components)/Events.tsx";
import { linkTo } from "./(_components)/link_to.ts";
import { readEvents } from "./(_components)/read_events.ts";
import { sitePaths } from "./sites/site_paths.ts";

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const [events, sites] = await Promise.all([readEvents(api, url), sitePaths(api, me)]);
    return page({ events, sites });
  },
});

export const title = "Events";

export default define.page<typeof handler>(({ data: { events, sites } }) => (
  <>
    <PageHeader
      title="Events"
      actions={
        <a class="btn" href={linkTo("/api/events/export", events.query)} download>Export CSV</a>
      }
    >
      What happened to the fleet and on it, newest first. {timesAre()}
    </PageHeader>
    <Events path="/events" page={events} sites={sites} />
  </>
));
