import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { FLEET_LOOKS } from "@/components/fleet_columns.tsx";
import {
  columnsOf,
  DEFAULT_COLUMNS,
  FLEET_SORTS,
  fleetAddress,
  type FleetSort,
  type FleetState,
} from "@/core/contract/fleet_views.ts";
import FleetTable, { type Column } from "@/islands/FleetTable.tsx";
import FleetViews from "@/islands/fleet/FleetViews.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";
import { ColumnChooser } from "./(_components)/ColumnChooser.tsx";

const CHIPS = [
  ["All", ""],
  ["Online", "status:online"],
  ["Offline", "status:offline"],
  ["Unknown", "status:unknown"],
  ["Poor health", "health:<60"],
  ["RouterOS 6", "version:6"],
  ["Retired", "status:retired"],
] as const;
const PAGE_SIZE = 50;

const isSort = (text: string | null): text is FleetSort =>
  (FLEET_SORTS as readonly (string | null)[]).includes(text);

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const wanted = url.searchParams;
    const sort = wanted.get("sort");
    const state: FleetState = {
      q: wanted.get("q") ?? "",
      sort: isSort(sort) ? sort : "status",
      order: wanted.get("order") === "desc" ? "desc" : "asc",
      columns: wanted.has("usual") ? [] : columnsOf(wanted.getAll("columns")),
    };
    const cursor = wanted.get("cursor") ?? undefined;
    const { q, order } = state;
    const query = {
      ...{ q, sort: state.sort, order, limit: String(PAGE_SIZE) },
      ...(cursor && { cursor }),
    };
    const [list, views] = await Promise.all([
      data(api.devices.$get({ query })),
      data(api.views.$get()),
    ]);
    return page({
      ...{ state, cursor, list, views: views.items, viewId: wanted.get("view") ?? undefined },
      reload: `/api/devices?${new URLSearchParams(query)}`,
      mayEdit: may(me, "devices:write"),
      mayGroup: may(me, "groups:write"),
      mayMakeJobs: may(me, "commands:run") || may(me, "configs:push"),
      renderedAt: Date.now(),
    });
  },
});

export const title = "Devices";

export default define.page<typeof handler>(({ data }) => {
  const { state, cursor, list, views, viewId, reload, mayEdit, mayGroup, mayMakeJobs, renderedAt } =
    data;
  const { q, sort, order } = state;
  const link = (changes: Partial<FleetState>, more: Record<string, string> = {}) =>
    fleetAddress({ ...state, ...changes }, { ...(viewId && { view: viewId }), ...more });
  const isChosen = state.columns.length > 0;
  const columns = (isChosen ? state.columns : DEFAULT_COLUMNS).map((key): Column => {
    const { label, fallsFirst } = FLEET_LOOKS[key];
    if (!isSort(key)) return { key, label, href: null, sorted: "none" };
    const isSorted = key === sort;
    const first = fallsFirst ? "desc" : "asc";
    const next = isSorted ? (order === "asc" ? "desc" : "asc") : first;
    return {
      ...{ key, label, href: link({ sort: key, order: next }) },
      sorted: isSorted ? (order === "asc" ? "ascending" : "descending") : "none",
    };
  });
  const isEmptyFleet = list.total === 0 && q === "";
  return (
    <>
      <PageHeader
        title="Devices"
        actions={
          <>
            {list.total > 0 && (
              <a
                class="btn"
                href={`/api/devices/export?${new URLSearchParams({ q, sort, order })}`}
              >
                Export CSV
              </a>
            )}
            {mayEdit && <a class="btn" href="/devices/import">Import</a>}
            {mayEdit && (
              <a class="btn btn-primary" href="/devices/new">
                <Icon name="plus" />
                Add router
              </a>
            )}
          </>
        }
      >
        {list.total === 1 ? "1 router" : `${list.total.toLocaleString("en-US")} routers`}
        {q && " match"}
      </PageHeader>
      {isEmptyFleet
        ? (
          <EmptyState
            title="No router yet"
            action={{ href: "/devices/new", label: "Add the first router" }}
          >
            Give an address and an API login; the first readings are here seconds later.
          </EmptyState>
        )
        : (
          <>
            <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action="/devices">
              <input
                type="search"
                name="q"
                value={q}
                class="field max-w-md flex-1"
                placeholder='Search, or filter: status:offline site:"North" version:<7.16'
                aria-label="Search and filter routers"
              />
              <input type="hidden" name="sort" value={sort} />
              <input type="hidden" name="order" value={order} />
              {isChosen && <input type="hidden" name="columns" value={state.columns.join()} />}
              <button type="submit" class="btn">Search</button>
              <span class="flex flex-wrap gap-1.5">
                {CHIPS.map(([label, filter]) => (
                  <a
                    key={label}
                    class="chip"
                    href={fleetAddress({ ...state, q: filter })}
                    aria-current={q === filter ? "true" : undefined}
                  >
                    {label}
                  </a>
                ))}
              </span>
            </form>
            <div class="flex items-start justify-between gap-2">
              <FleetViews {...{ views, state, viewId }} mayShare={mayGroup} />
              <ColumnChooser state={state} viewId={viewId} />
            </div>
            {list.problems.map((problem) => (
              <p key={problem} class="mb-3 text-sm text-warn" role="status">{problem}</p>
            ))}
            {list.items.length === 0
              ? (
                <EmptyState
                  title="No router matches"
                  action={{ href: "/devices", label: "Show all routers" }}
                >
                  Nothing fits “{q}”.
                </EmptyState>
              )
              : (
                <FleetTable
                  key={reload}
                  columns={columns}
                  isChosen={isChosen}
                  initial={list.items}
                  renderedAt={renderedAt}
                  reload={reload}
                  choosing={mayEdit ? { q, total: list.total, mayGroup, mayMakeJobs } : undefined}
                />
              )}
            <nav class="mt-3 flex gap-2" aria-label="Pages">
              {cursor && <a class="btn" href={link({})}>First page</a>}
              {list.nextCursor && (
                <a class="btn" href={link({}, { cursor: list.nextCursor })}>Next page</a>
              )}
            </nav>
          </>
        )}
    </>
  );
});
