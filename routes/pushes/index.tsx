import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { PUSH_FILTERS, type PushFilter } from "@/core/contract/push_views.ts";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { PushTable } from "./(_components)/PushTable.tsx";

const SHOWN: readonly [PushFilter, string][] = [
  ["all", "All"],
  ["waiting", "Wait for a decision"],
  ["open", "Not ended"],
  ["confirmed", "Confirmed"],
  ["reverted", "Reverted"],
  ["failed", "Not applied"],
  ["unknown", "Unknown"],
];

export const handler = define.handlers({
  async GET({ url, state: { api } }) {
    const param = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const [q, cursor, device] = [param("q"), param("cursor"), param("device")];
    const state = PUSH_FILTERS.find((one) => one === param("state")) ?? "all";
    const { items, nextCursor } = await data(api.pushes.$get({
      query: { state, ...(q && { q }), ...(cursor && { cursor }), ...(device && { device }) },
    }));
    return page({ items, nextCursor, q, state, device, cursor, renderedAt: Date.now() });
  },
});

export const title = "Changes";

export default define.page<typeof handler>(({ data }) => {
  const { items, nextCursor, q, state, device, cursor, renderedAt } = data;
  const link = (values: Record<string, string>) =>
    linkTo("/pushes", { q, device, state: state === "all" ? "" : state, ...values });
  const isNarrowed = q !== "" || state !== "all" || device !== "" || cursor !== "";
  return (
    <>
      <PageHeader title="Changes">
        What was pushed to routers. Each is proven on a new connection, or taken back.
      </PageHeader>
      <form class="mb-3 flex flex-wrap items-center gap-2" role="search">
        <input
          type="search"
          class="field max-w-sm flex-1"
          name="q"
          value={q}
          placeholder="Change or router"
          aria-label="Find a change by its title or router"
        />
        {state !== "all" && <input type="hidden" name="state" value={state} />}
        {device && <input type="hidden" name="device" value={device} />}
        <button type="submit" class="btn">Search</button>
        <span class="flex flex-wrap gap-1.5">
          {SHOWN.map(([one, words]) => (
            <a
              key={one}
              class="chip"
              href={link({ state: one === "all" ? "" : one })}
              aria-current={state === one ? "true" : undefined}
            >
              {words}
            </a>
          ))}
          {device && (
            <a class="chip" href={link({ device: "" })} aria-current="true">One router ×</a>
          )}
        </span>
      </form>
      {items.length === 0
        ? isNarrowed
          ? <p class="panel p-6 text-center text-text-2">No change is in this list.</p>
          : (
            <EmptyState
              title="Nothing was pushed yet"
              action={{ href: "/devices", label: "Choose a router" }}
            >
              Changes that are made with the editor, a template, a restore or a bulk job stand here,
              with what became of them.
            </EmptyState>
          )
        : <PushTable items={items} renderedAt={renderedAt} />}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={link({})}>First page</a>}
        {nextCursor && <a class="btn" href={link({ cursor: nextCursor })}>Next page</a>}
      </nav>
    </>
  );
});
