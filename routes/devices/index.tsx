import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import FleetTable, { type Column } from "@/islands/FleetTable.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

const COLUMNS = [
  ["status", "Status", ""],
  ["name", "Router", ""],
  ["site", "Site", "hidden lg:table-cell"],
  ["model", "Model", "hidden md:table-cell"],
  ["version", "Version", "hidden sm:table-cell"],
  ["cpu", "CPU", ""],
  ["memory", "Memory", "hidden md:table-cell"],
  ["temperature", "Temp.", "num hidden xl:table-cell"],
  ["rx", "Rx", "num hidden sm:table-cell"],
  ["tx", "Tx", "num hidden sm:table-cell"],
  ["clients", "Clients", "num hidden lg:table-cell"],
  ["uptime", "Uptime", "num hidden xl:table-cell"],
  ["health", "Health", "num"],
] as const;
type SortKey = typeof COLUMNS[number][0];

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

/** Largest first is what one wants of a number, A first of a name. */
const FALLS_FIRST = new Set<string>([
  "cpu",
  "memory",
  "temperature",
  "rx",
  "tx",
  "clients",
  "uptime",
]);

export const handler = define.handlers({
  async GET({ url, state }) {
    const q = url.searchParams.get("q") ?? "";
    const wanted = url.searchParams.get("sort");
    const sort: SortKey = COLUMNS.find(([key]) => key === wanted)?.[0] ?? "status";
    const order = url.searchParams.get("order") === "desc" ? "desc" as const : "asc" as const;
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = { q, sort, order, limit: String(PAGE_SIZE), ...(cursor && { cursor }) };
    const list = await data(state.api.devices.$get({ query }));
    const reload = `/api/devices?${new URLSearchParams(query)}`;
    const mayAdd = may(state.me, "devices:write");
    return page({ q, sort, order, cursor, list, reload, mayAdd, renderedAt: Date.now() });
  },
});

export const title = "Devices";

export default define.page<typeof handler>(({ data }) => {
  const { q, sort, order, cursor, list, reload, mayAdd, renderedAt } = data;
  const link = (changes: Record<string, string | undefined>) => {
    const all = { q: q || undefined, sort, order, ...changes };
    const set = Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]);
    return `/devices?${new URLSearchParams(set)}`;
  };
  const columns: Column[] = COLUMNS.map(([key, label, name]) => {
    const isSorted = key === sort;
    const first = FALLS_FIRST.has(key) ? "desc" : "asc";
    const next = isSorted ? (order === "asc" ? "desc" : "asc") : first;
    return {
      key,
      label,
      class: name,
      href: link({ sort: key, order: next }),
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
            {mayAdd && <a class="btn" href="/devices/import">Import</a>}
            {mayAdd && (
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
              <button type="submit" class="btn">Search</button>
              <span class="flex flex-wrap gap-1.5">
                {CHIPS.map(([label, filter]) => (
                  <a
                    key={label}
                    class="chip"
                    href={link({ q: filter || undefined, cursor: undefined })}
                    aria-current={q === filter ? "true" : undefined}
                  >
                    {label}
                  </a>
                ))}
              </span>
            </form>
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
                  columns={columns}
                  initial={list.items}
                  renderedAt={renderedAt}
                  reload={reload}
                />
              )}
            <nav class="mt-3 flex gap-2" aria-label="Pages">
              {cursor && <a class="btn" href={link({ cursor: undefined })}>First page</a>}
              {list.nextCursor && (
                <a class="btn" href={link({ cursor: list.nextCursor })}>Next page</a>
              )}
            </nav>
          </>
        )}
    </>
  );
});
