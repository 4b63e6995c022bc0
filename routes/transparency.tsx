import type { ComponentChildren } from "preact";
import { Actor } from "@/components/Actor.tsx";
import { DayBars } from "@/components/DayBars.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { count, utc } from "@/core/contract/format.ts";
import type { SecretReadRow, SecretReadSummary } from "@/core/contract/transparency.ts";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { dayFilter } from "./day_filter.ts";
import { define } from "./define.ts";

const PAGE_SIZE = 50;
const DAY_MS = 86_400_000;
const RANGES = [7, 30, 90, 365] as const;

/** What each purpose that the product has means, in words. */
const PURPOSES: Record<string, string> = {
  poll: "Logging in to a router to poll it",
  command: "Carrying out a command on a router",
  "audit.view": "Showing details of an audit entry",
  "audit.export": "Exporting the audit log",
};
const FILTERS = ["actor", "purpose", "device"] as const;

export const handler = define.handlers({
  async GET({ url: { searchParams }, state: { api } }) {
    const given = FILTERS.flatMap((name) => {
      const value = searchParams.get(name)?.trim();
      return value ? [[name, value] as const] : [];
    });
    const filter: Partial<Record<typeof FILTERS[number], string>> = Object.fromEntries(given);
    const days = dayFilter(searchParams);
    const last = RANGES.find((range) => String(range) === searchParams.get("days")) ?? 30;
    // Whole days: today is the last of them.
    const end = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
    const to = days.range.to ?? new Date(end).toISOString();
    const from = days.range.from ?? new Date(Date.parse(to) - last * DAY_MS).toISOString();
    const cursor = searchParams.get("cursor") ?? undefined;
    const query = { ...filter, from, to };
    const [sums, reads] = await Promise.all([
      data(api.transparency.summary.$get({ query })),
      data(api.transparency.$get({
        query: { ...query, limit: String(PAGE_SIZE), ...(cursor && { cursor }) },
      })),
    ]);
    const isOwnRange = days.range.from !== undefined || days.range.to !== undefined;
    const shown = isOwnRange ? days.shown : last === 30 ? {} : { days: String(last) };
    return page({ filter, shown, last: isOwnRange ? undefined : last, query, cursor, sums, reads });
  },
});

export const title = "Transparency";

type Query = Record<string, string | undefined>;

function link(values: Query, path = "/transparency"): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`;
}

export default define.page<typeof handler>(({ data }) => {
  const { filter, shown, last, query, cursor, sums, reads } = data;
  const own: Query = { ...filter, ...shown };
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <PageHeader
        title="Transparency"
        actions={
          <a class="btn" href={link(query, "/api/transparency/export")} download>Export CSV</a>
        }
      >
        Every time a secret was decrypted: by whom, what for, of which router. Days and hours are
        UTC; polling is counted by the day, all else by the hour.
      </PageHeader>
      <form class="mb-4 flex flex-wrap items-center gap-2" action="/transparency">
        <span class="flex flex-wrap gap-1.5">
          {RANGES.map((days) => (
            <a
              key={days}
              class="chip"
              href={link({ ...filter, days: days === 30 ? undefined : String(days) })}
              aria-current={days === last ? "true" : undefined}
            >
              {days === 365 ? "1 year" : `${days} days`}
            </a>
          ))}
        </span>
        {FILTERS.map((name) =>
          filter[name] && <input key={name} type="hidden" name={name} value={filter[name]} />
        )}
        <Day name="from" label="From" value={own["from"]} />
        <Day name="to" label="to" value={own["to"]} />
        <button type="submit" class="btn">Show</button>
        {FILTERS.map((name) =>
          filter[name] && (
            <a
              key={name}
              class="chip"
              aria-current="true"
              href={link({ ...own, [name]: undefined })}
              aria-label={`Remove the filter ${name}`}
            >
              {name}: <bdi class="max-w-48 truncate">{nameOf(name, filter[name], sums)}</bdi> ×
            </a>
          )
        )}
      </form>
      {sums.total === 0
        ? (
          <EmptyState
            title={isFiltered ? "Nothing was read so" : "No secret was read"}
            {...(isFiltered && { action: { href: link(shown), label: "Show all reads" } })}
          >
            Between {sums.from.slice(0, 10)} and {lastDay(sums)}{" "}
            no secret was decrypted. The first poll of a router will be counted here.
          </EmptyState>
        )
        : (
          <>
            <Figures sums={sums} />
            <section class="panel mb-4 p-4" aria-label="Over time">
              <DayBars days={sums.overTime} />
            </section>
            <div class="mb-4 grid gap-4 lg:grid-cols-3">
              <Shares
                title="What for"
                items={sums.byPurpose}
                total={sums.total}
                href={(key) => link({ ...own, purpose: key ?? undefined })}
                label={({ key }) => PURPOSES[key ?? ""] ?? key}
              />
              <Shares
                title="By whom"
                items={sums.byActor}
                total={sums.total}
                href={(key) => link({ ...own, actor: key ?? undefined })}
                label={({ key, label }) => <Actor actor={key ?? ""} name={label} />}
              />
              <Shares
                title="Routers read most"
                items={sums.byDevice}
                total={sums.total}
                href={(key) => link({ ...own, device: key ?? undefined })}
                label={({ key, label }) => label ?? `Removed router ${key?.slice(0, 8)}`}
              />
            </div>
            <Reads items={reads.items} own={own} />
          </>
        )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={link(own)}>Newest</a>}
        {reads.nextCursor && (
          <a class="btn" href={link({ ...own, cursor: reads.nextCursor })}>Older</a>
        )}
      </nav>
    </>
  );
});

/** The range ends before this day begins. */
function lastDay({ to }: SecretReadSummary): string {
  return new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
}

function nameOf(name: string, value: string, sums: SecretReadSummary): string {
  const shares = name === "actor" ? sums.byActor : name === "device" ? sums.byDevice : [];
  return shares.find(({ key }) => key === value)?.label ?? value;
}

function Day({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  return (
    <label class="flex items-center gap-1.5 text-sm text-text-2">
      {label}
      <input type="date" name={name} value={value ?? ""} class="field max-w-40" />
    </label>
  );
}

function Figures({ sums }: { sums: SecretReadSummary }) {
  const figures = [
    ["Reads", sums.total],
    ["Not by polling", sums.other],
    ["Routers", sums.devices],
    ["Who", sums.byActor.length],
  ] as const;
  return (
    <dl class="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
      {figures.map(([name, value]) => (
        <div key={name} class="panel px-4 py-3">
          <dt class="text-sm text-text-3">{name}</dt>
          <dd class="text-xl font-semibold">{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

type Share = SecretReadSummary["byActor"][number];

function Shares({ title, items, total, href, label }: {
  title: string;
  items: Share[];
  total: number;
  href: (key: string | null) => string;
  label: (share: Share) => ComponentChildren;
}) {
  return (
    <section class="panel p-4">
      <h2 class="mb-2">{title}</h2>
      {items.length === 0 && <p class="text-text-2">None</p>}
      <ul class="space-y-2">
        {items.slice(0, 10).map((share) => (
          <li key={share.key ?? ""}>
            <a class="flex gap-3 hover:underline" href={href(share.key)}>
              <bdi class="break min-w-0 flex-1">{label(share)}</bdi>
              <span>{count(share.count)}</span>
            </a>
            <svg width="100%" height="4" class="mt-1 text-accent" aria-hidden="true">
              <rect width="100%" height="4" rx="2" class="fill-raised" />
              <rect
                width={`${Math.max(1, (share.count / total) * 100)}%`}
                height="4"
                rx="2"
                fill="currentColor"
              />
            </svg>
          </li>
        ))}
      </ul>
      {items.length > 10 && (
        <p class="mt-2 text-sm text-text-3">and {count(items.length - 10)} more, see the CSV</p>
      )}
    </section>
  );
}

function Reads({ items, own }: { items: SecretReadRow[]; own: Query }) {
  return (
    <div class="panel overflow-x-auto">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col" class="hidden sm:table-cell">What for</th>
            <th scope="col" class="hidden md:table-cell">Secret</th>
            <th scope="col">Router</th>
            <th scope="col" class="num">Reads</th>
            <th scope="col" class="num hidden lg:table-cell">Last</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr key={row.id}>
              <td class="whitespace-nowrap">
                <time dateTime={row.bucket}>
                  {row.span === "day"
                    ? row.bucket.slice(0, 10)
                    : `${row.bucket.slice(0, 10)} ${row.bucket.slice(11, 13)} h`}
                </time>
              </td>
              <td>
                <a class="hover:underline" href={link({ ...own, actor: row.actor })}>
                  <Actor actor={row.actor} name={row.actorName} />
                </a>
                <div class="text-xs text-text-3 sm:hidden">{row.purpose}</div>
              </td>
              <td class="hidden sm:table-cell">{PURPOSES[row.purpose] ?? row.purpose}</td>
              <td class="mono hidden md:table-cell">{row.secret}</td>
              <td>
                {row.deviceName
                  ? (
                    <a class="hover:underline" href={`/devices/${row.deviceId}`}>
                      <bdi>{row.deviceName}</bdi>
                    </a>
                  )
                  : row.deviceId && (
                    <span class="text-text-3" title={row.deviceId}>
                      Removed {row.deviceId.slice(0, 8)}
                    </span>
                  )}
              </td>
              <td class="num">{count(row.count)}</td>
              <td class="num hidden lg:table-cell">
                <time dateTime={row.lastAt} title={row.lastRequestId ?? undefined}>
                  {utc(row.lastAt).slice(0, 19)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
