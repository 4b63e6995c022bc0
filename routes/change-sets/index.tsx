import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { CHANGE_SET_FILTERS, type ChangeSetHead } from "@/core/contract/change_sets.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { ChangeSetState } from "@/components/ChangeSetState.tsx";

const WORDS = {
  open: "Open",
  waiting: "Waiting for review",
  pushed: "Pushed",
  discarded: "Discarded",
  all: "All",
} as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const handler = define.handlers({
  async GET({ url, state: { api } }) {
    const param = (name: string) => url.searchParams.get(name) ?? "";
    const filter = CHANGE_SET_FILTERS.find((one) => one === param("filter")) ?? "open";
    const device = UUID.test(param("device")) ? param("device") : "";
    const own = param("own") === "true" ? "true" as const : "false" as const;
    const cursor = param("cursor");
    const list = await data(api["change-sets"].$get({
      query: { filter, own, ...(device && { device }), ...(cursor && { cursor }) },
    }));
    return page({ list, filter, device, own, cursor, now: Date.now() });
  },
});

export const title = "Change sets";

export default define.page<typeof handler>(({ data }) => {
  const { list, filter, device, own, cursor, now } = data;
  const state = {
    ...(filter !== "open" && { filter }),
    ...(device && { device }),
    ...(own === "true" && { own }),
  };
  const isNone = list.counts.all === 0;
  return (
    <>
      <PageHeader title="Change sets">
        Changes to routers, collected, reviewed and pushed as one.
        {device && (
          <>
            {" "}
            Only those for <a class="underline" href={`/devices/${device}`}>one router</a>.{" "}
            <a class="text-accent hover:underline" href="/change-sets">Show all</a>
          </>
        )}
      </PageHeader>
      <nav class="mb-4 flex flex-wrap gap-1.5" aria-label="Which change sets">
        {CHANGE_SET_FILTERS.map((one) => (
          <a
            key={one}
            class="chip"
            href={linkTo("/change-sets", { ...state, filter: one })}
            aria-current={one === filter ? "true" : undefined}
          >
            {WORDS[one]} {list.counts[one]}
          </a>
        ))}
        <a
          class="chip"
          href={linkTo("/change-sets", { ...state, own: own === "true" ? "" : "true" })}
          aria-current={own === "true" ? "true" : undefined}
        >
          Mine
        </a>
      </nav>
      {isNone
        ? (
          <EmptyState title="No change set yet" action={{ href: "/devices", label: "Routers" }}>
            Open a router, then its editor: what you change there is collected, and reaches the
            router only when you push it.
          </EmptyState>
        )
        : list.items.length === 0
        ? <p class="panel p-6 text-center text-text-2">None of these.</p>
        : <Sets {...{ items: list.items, now }} />}
      <p class="mt-3 flex gap-2">
        {cursor && <a class="btn" href={linkTo("/change-sets", state)}>First page</a>}
        {list.nextCursor && (
          <a class="btn" href={linkTo("/change-sets", { ...state, cursor: list.nextCursor })}>
            Older
          </a>
        )}
      </p>
    </>
  );
});

function Sets({ items, now }: { items: readonly ChangeSetHead[]; now: number }) {
  return (
    <ScrollArea label="Change sets">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Change set</th>
            <th scope="col">State</th>
            <th scope="col" class="num">Changes</th>
            <th scope="col" class="num hidden sm:table-cell">Routers</th>
            <th scope="col" class="hidden md:table-cell">Begun by</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {items.map((set) => (
            <tr key={set.id}>
              <th scope="row" class="max-w-96">
                <a class="font-medium hover:underline" href={`/change-sets/${set.id}`}>
                  <bdi class="break line-clamp-2">{set.name}</bdi>
                </a>
              </th>
              <td>
                <ChangeSetState set={set} />
              </td>
              <td class="num">{set.changes}</td>
              <td class="num hidden sm:table-cell">{set.devices}</td>
              <td class="hidden md:table-cell">
                <bdi>{set.createdByName ?? set.createdBy}</bdi>
              </td>
              <td>
                <time dateTime={set.updatedAt} title={utc(set.updatedAt)}>
                  {ago(set.updatedAt, now)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
