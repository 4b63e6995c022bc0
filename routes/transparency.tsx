import { Actor } from "@/components/Actor.tsx";
import { DayBars } from "@/components/DayBars.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { SecretReadSummary } from "@/core/contract/transparency.ts";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { dayFilter } from "./day_filter.ts";
import { define } from "./define.ts";
import { linkTo, type Query } from "./(_components)/link_to.ts";
import { PURPOSES } from "./(_components)/purposes.ts";
import { ReadFigures } from "./(_components)/ReadFigures.tsx";
import { ReadShares } from "./(_components)/ReadShares.tsx";
import { ReadTable } from "./(_components)/ReadTable.tsx";

const PATH = "/transparency";
const PAGE_SIZE = 50;
const DAY_MS = 86_400_000;
const RANGES = [7, 30, 90, 365] as const;

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

export default define.page<typeof handler>(({ data }) => {
  const { filter, shown, last, query, cursor, sums, reads } = data;
  const own: Query = { ...filter, ...shown };
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <PageHeader
        title="Transparency"
        actions={
          <a class="btn" href={linkTo("/api/transparency/export", query)} download>Export CSV</a>
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
              href={linkTo(PATH, { ...filter, days: days === 30 ? undefined : String(days) })}
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
              href={linkTo(PATH, { ...own, [name]: undefined })}
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
            {...(isFiltered && { action: { href: linkTo(PATH, shown), label: "Show all reads" } })}
          >
            Between {sums.from.slice(0, 10)} and {lastDay(sums)}{" "}
            no secret was decrypted. The first poll of a router will be counted here.
          </EmptyState>
        )
        : (
          <>
            <ReadFigures sums={sums} />
            <section class="panel mb-4 p-4" aria-label="Over time">
              <DayBars days={sums.overTime} />
            </section>
            <div class="mb-4 grid gap-4 lg:grid-cols-3">
              <ReadShares
                title="What for"
                items={sums.byPurpose}
                total={sums.total}
                href={(key) => linkTo(PATH, { ...own, purpose: key ?? undefined })}
                label={({ key }) => PURPOSES[key ?? ""] ?? key}
              />
              <ReadShares
                title="By whom"
                items={sums.byActor}
                total={sums.total}
                href={(key) => linkTo(PATH, { ...own, actor: key ?? undefined })}
                label={({ key, label }) => <Actor actor={key ?? ""} name={label} />}
              />
              <ReadShares
                title="Routers read most"
                items={sums.byDevice}
                total={sums.total}
                href={(key) => linkTo(PATH, { ...own, device: key ?? undefined })}
                label={({ key, label }) => label ?? `Removed router ${key?.slice(0, 8)}`}
              />
            </div>
            <ReadTable items={reads.items} own={own} />
          </>
        )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={linkTo(PATH, own)}>Newest</a>}
        {reads.nextCursor && (
          <a class="btn" href={linkTo(PATH, { ...own, cursor: reads.nextCursor })}>Older</a>
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
