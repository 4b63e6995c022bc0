import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { ClientSort } from "@/core/contract/clients.ts";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { ClientTable } from "./(_components)/ClientTable.tsx";

const PAGE_SIZE = 50;
const SORTS: readonly ClientSort[] = ["new", "name", "ip", "mac"];
const CHIPS = [
  ["All", ""],
  ["Here now", "is:here"],
  ["Wireless", "is:wireless"],
  ["Wired", "is:wired"],
  ["Random MAC", "is:random"],
  ["Neighbours", "is:neighbour"],
  ["Routers", "is:router"],
] as const;

export const handler = define.handlers({
  async GET({ url, state: { api } }) {
    const q = url.searchParams.get("q") ?? "";
    const wanted = url.searchParams.get("sort");
    const sort = SORTS.find((name) => name === wanted) ?? "new";
    const first = sort === "new" ? "desc" as const : "asc" as const;
    const asked = url.searchParams.get("order");
    const order = asked === "asc" || asked === "desc" ? asked : first;
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = { q, sort, order, limit: String(PAGE_SIZE), ...(cursor && { cursor }) };
    const list = await data(api.clients.$get({ query }));
    return page({ q, sort, order, cursor, list, renderedAt: Date.now() });
  },
});

export const title = "Clients";

export default define.page<typeof handler>(({ data }) => {
  const { q, sort, order, cursor, list, renderedAt } = data;
  const link = (changes: Record<string, string | undefined>) => {
    const set = Object.entries({ q, sort, order, ...changes })
      .filter((entry): entry is [string, string] => !!entry[1]);
    return `/clients?${new URLSearchParams(set)}`;
  };
  const total = list.total.toLocaleString("en-US") + (list.hasMore ? "+" : "");
  return (
    <>
      <PageHeader
        title="Clients"
        actions={list.items.length > 0 && (
          <a
            class="btn"
            href={`/api/clients/export?${new URLSearchParams({ q, sort, order })}`}
            download
          >
            Export CSV
          </a>
        )}
      >
        {list.total === 1 ? "1 device" : `${total} devices`} behind your routers
        {q && ", that match"}
      </PageHeader>
      {list.total === 0 && q === ""
        ? (
          <EmptyState title="No client yet" action={{ href: "/devices", label: "See the routers" }}>
            Whoever the routers find in their ARP, DHCP, bridge, wireless and PPP tables is listed
            here, with the places where they were. The first ones come within five minutes of a
            router's first reading.
          </EmptyState>
        )
        : (
          <>
            <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action="/clients">
              <input
                type="search"
                name="q"
                value={q}
                class="field max-w-xl flex-1"
                placeholder='MAC, address, 10.20.0.0/16, name, vendor, SSID or router:"core 1"'
                aria-label="Search and filter clients"
              />
              <input type="hidden" name="sort" value={sort} />
              <input type="hidden" name="order" value={order} />
              <button type="submit" class="btn">Search</button>
              <span class="flex flex-wrap gap-1.5">
                {CHIPS.map(([label, filter]) => (
                  <a
                    key={label}
                    class="chip"
                    href={link({ q: filter || undefined })}
                    aria-current={q === filter ? "true" : undefined}
                  >
                    {label}
                  </a>
                ))}
              </span>
            </form>
            {list.problems.map((problem) => (
              <p key={problem} class="mb-3 text-sm text-warn" role="status">
                <bdi>{problem}</bdi>
              </p>
            ))}
            {list.items.length === 0
              ? (
                <EmptyState
                  title="No client matches"
                  action={{ href: "/clients", label: "Show all clients" }}
                >
                  Nothing fits “<bdi>{q}</bdi>”.
                </EmptyState>
              )
              : (
                <ClientTable
                  clients={list.items}
                  nowMs={renderedAt}
                  sorted={{ sort, order }}
                  link={link}
                />
              )}
            <nav class="mt-3 flex gap-2" aria-label="Pages">
              {cursor && <a class="btn" href={link({})}>First page</a>}
              {list.nextCursor && (
                <a class="btn" href={link({ cursor: list.nextCursor })}>Next page</a>
              )}
            </nav>
          </>
        )}
    </>
  );
});
