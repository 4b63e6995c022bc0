import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import Neighbors from "@/islands/discovery/Neighbors.tsx";
import { page } from "@/web/define.ts";
import { DiscoveryTabs } from "./(_components)/DiscoveryTabs.tsx";
import { linkTo } from "../(_components)/link_to.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";
import { chosenGroups } from "../groups/chosen_groups.ts";
import { profileChoices } from "../settings/profile_choices.ts";
import { knownTags } from "../tags/known_tags.ts";
import { sitePaths } from "../sites/site_paths.ts";

const PAGE_SIZE = 50;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const q = url.searchParams.get("q")?.trim().slice(0, 200) ?? "";
    const ignored = url.searchParams.has("ignored");
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const [list, profiles, sites, known, groups] = await Promise.all([
      data(api.discovery.neighbors.$get({
        query: {
          ...{ ignored: ignored ? "true" as const : "false" as const, limit: String(PAGE_SIZE) },
          ...(q && { q }),
          ...(cursor && { cursor }),
        },
      })),
      profileChoices(api, me),
      sitePaths(api, me),
      knownTags(api, me),
      chosenGroups(api, me),
    ]);
    const mayAdopt = may(me, "devices:write");
    return page({
      ...{ q, ignored, cursor, list, profiles, sites, known, groups, mayAdopt },
      renderedAt: Date.now(),
    });
  },
});

export const title = "Discovery";

export default define.page<typeof handler>(({ data }) => {
  const { q, ignored, cursor, list, ...rest } = data;
  const flag = ignored ? "1" : undefined;
  const link = (next?: string) =>
    linkTo("/discovery", { q: q || undefined, ignored: flag, cursor: next });
  const found = list.total === 1 ? "1 router" : `${list.total.toLocaleString("en-US")} routers`;
  return (
    <>
      <PageHeader title="Discovery">
        {ignored ? `${found} that somebody chose to ignore` : `${found} that yours see as ` +
          `${list.total === 1 ? "a neighbour" : "neighbours"} and nobody manages`}
      </PageHeader>
      <DiscoveryTabs tab="Neighbours" />
      <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action="/discovery">
        <input
          type="search"
          name="q"
          value={q}
          class="field max-w-md flex-1"
          placeholder="Name, board, address or MAC"
          aria-label="Search the neighbours"
        />
        {ignored && <input type="hidden" name="ignored" value="1" />}
        <button type="submit" class="btn">Search</button>
        <span class="flex flex-wrap gap-1.5">
          <a class="chip" href="/discovery" aria-current={ignored ? undefined : "true"}>
            Not managed
          </a>
          <a class="chip" href="/discovery?ignored=1" aria-current={ignored ? "true" : undefined}>
            Ignored: {list.ignored.toLocaleString("en-US")}
          </a>
        </span>
      </form>
      {list.items.length === 0
        ? <Nothing q={q} ignored={ignored} />
        : <Neighbors initial={list.items} ignored={ignored} {...rest} />}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={link()}>First page</a>}
        {list.nextCursor && <a class="btn" href={link(list.nextCursor)}>Next page</a>}
      </nav>
    </>
  );
});

function Nothing({ q, ignored }: { q: string; ignored: boolean }) {
  if (q) {
    return (
      <EmptyState title="Nothing matches" action={{ href: "/discovery", label: "Show all" }}>
        No neighbour fits “{q}”.
      </EmptyState>
    );
  }
  if (ignored) {
    return (
      <EmptyState title="Nothing is ignored" action={{ href: "/discovery", label: "Go back" }}>
        What you ignore on the list of neighbours is kept here, and can be shown again.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No unknown neighbour" action={{ href: "/devices/new", label: "Add router" }}>
      Your routers name their MikroTik neighbours (MNDP, CDP, LLDP) every few minutes. Those that
      nobody manages yet are listed here.
    </EmptyState>
  );
}
