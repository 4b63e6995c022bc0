import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import {
  BACKUP_FILTERS,
  type BackupOverview,
  type BackupState,
  type ConfigSearch,
} from "@/core/contract/configs.ts";
import { ago, bytes, utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import BackUpEverything from "@/islands/configs/BackUpEverything.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { may } from "../permit.ts";

const WORDS = { all: "All", failing: "Failing", missing: "Missing", current: "Current" } as const;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const param = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const [q, find, day, cursor] = [param("q"), param("find"), param("at"), param("cursor")];
    const filter = BACKUP_FILTERS.find((one) => one === param("filter")) ?? "all";
    const isDay = /^\d{4}-\d\d-\d\d$/.test(day);
    const overview = await data(api.configs.$get({
      query: { filter, ...(q && { q }), ...(cursor && { cursor }) },
    }));
    const found = find
      ? await data(api.configs.search.$get({
        query: {
          q: find,
          ...(isDay && { at: `${day}T00:00:00Z`, until: `${day}T23:59:59Z` }),
        },
      }))
      : undefined;
    return page({
      ...{ q, find, day, filter, cursor, overview, found, renderedAt: Date.now() },
      mayBackUp: may(me, "configs:write"),
    });
  },
});

export const title = "Configurations";

export default define.page<typeof handler>(({ data }) => {
  const { q, find, day, filter, cursor, overview, found, renderedAt, mayBackUp } = data;
  return (
    <>
      <PageHeader
        title="Configurations"
        actions={mayBackUp && overview.counts.all > 0 && <BackUpEverything />}
      >
        {bytes(overview.textBytes)} of configuration, kept in{" "}
        {bytes(overview.storedBytes)}. Read nightly and after changes ·{" "}
        <a class="text-accent underline" href="/configs/rules">Rules</a>
      </PageHeader>
      <form class="mb-4 flex flex-wrap items-end gap-2" role="search">
        <label class="min-w-60 flex-1">
          <span class="block text-sm text-text-2">Find in every configuration</span>
          <input
            type="search"
            class="field"
            name="find"
            value={find}
            placeholder="firewall filter dst-port=8291"
          />
        </label>
        <label>
          <span class="block text-sm text-text-2">As it was on (UTC)</span>
          <input type="date" class="field" name="at" value={day} />
        </label>
        <button type="submit" class="btn">Find</button>
        {find && <a class="btn" href="/configs">Clear</a>}
      </form>
      {found && <Matches found={found} isPast={day !== ""} />}
      {overview.counts.all === 0 && !q
        ? (
          <EmptyState
            title="No router yet"
            action={{ href: "/devices/new", label: "Add the first router" }}
          >
            Its configuration is backed up within minutes.
          </EmptyState>
        )
        : (
          <Backups
            {...{ overview, filter, q, renderedAt, isFirst: cursor === "" }}
          />
        )}
    </>
  );
});

function Matches({ found, isPast }: { found: ConfigSearch; isPast: boolean }) {
  const { items, searched, isCut } = found;
  return (
    <section class="mb-6" aria-label="Found">
      <h2 class="mb-2 text-lg">
        {items.length === 0
          ? "Nothing found"
          : items.length === 1
          ? "1 line"
          : `${items.length} lines`} in {searched}{" "}
        {searched === 1 ? "configuration" : "configurations"}
        {isCut && <span class="text-base font-normal text-text-2">, the first ones</span>}
      </h2>
      {items.length > 0 && (
        <ScrollArea label="Lines found">
          <table class="table">
            <tbody>
              {items.map((match, at) => (
                <tr key={at}>
                  <th scope="row" class="max-w-48">
                    <a
                      class="line-clamp-2 hover:underline"
                      href={`/devices/${match.deviceId}/config?version=${match.versionId}`}
                    >
                      <bdi>{match.deviceName}</bdi>
                    </a>
                    {isPast && (
                      <div class="text-xs font-normal text-text-3">
                        read{" "}
                        <time dateTime={match.takenAt} title={utc(match.takenAt)}>
                          {local(match.takenAt)}
                        </time>
                        {match.seenAt !== match.takenAt && (
                          <>
                            {" "}to{" "}
                            <time dateTime={match.seenAt} title={utc(match.seenAt)}>
                              {local(match.seenAt)}
                            </time>
                          </>
                        )}
                      </div>
                    )}
                  </th>
                  <td class="max-w-none">
                    <code class="text-text-2">{match.menu}</code>{" "}
                    <code class="break">{match.command}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  );
}

function Backups({ overview, filter, q, renderedAt, isFirst }: {
  overview: BackupOverview;
  filter: keyof typeof WORDS;
  q: string;
  renderedAt: number;
  isFirst: boolean;
}) {
  return (
    <>
      <form class="mb-3 flex flex-wrap items-center gap-2">
        <input
          type="search"
          class="field max-w-sm flex-1"
          name="q"
          value={q}
          placeholder="Router"
          aria-label="Find a router by name or address"
        />
        {filter !== "all" && <input type="hidden" name="filter" value={filter} />}
        <button type="submit" class="btn">Search</button>
        <span class="flex flex-wrap gap-1.5">
          {BACKUP_FILTERS.map((one) => (
            <a
              key={one}
              class="chip"
              href={linkTo("/configs", { filter: one === "all" ? "" : one, q })}
              aria-current={filter === one ? "true" : undefined}
            >
              {WORDS[one]} {overview.counts[one]}
            </a>
          ))}
        </span>
      </form>
      {overview.items.length === 0
        ? <p class="panel p-6 text-center text-text-2">No router is in this list.</p>
        : (
          <ScrollArea label="Backups by router">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Router</th>
                  <th scope="col">Last backup</th>
                  <th scope="col" class="hidden sm:table-cell">Last change</th>
                  <th scope="col" class="num hidden sm:table-cell">Versions</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {overview.items.map((item) => (
                  <BackupRow key={item.deviceId} item={item} now={renderedAt} />
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {!isFirst && <a class="btn" href={linkTo("/configs", { filter, q })}>First page</a>}
        {overview.nextCursor && (
          <a class="btn" href={linkTo("/configs", { filter, q, cursor: overview.nextCursor })}>
            Next page
          </a>
        )}
      </nav>
    </>
  );
}

function BackupRow({ item, now }: { item: BackupState; now: number }) {
  const { deviceId, deviceName, succeededAt, changedAt, versions, failures, detail } = item;
  const when = (at: string | null) =>
    at === null
      ? <span class="text-text-3">never</span>
      : <time dateTime={at} title={utc(at)}>{ago(at, now)}</time>;
  return (
    <tr>
      <th scope="row">
        <a class="line-clamp-2 font-medium hover:underline" href={`/devices/${deviceId}/config`}>
          <bdi>{deviceName}</bdi>
        </a>
      </th>
      <td>{when(succeededAt)}</td>
      <td class="hidden sm:table-cell">{when(changedAt)}</td>
      <td class="num hidden sm:table-cell">{versions}</td>
      <td>
        {failures > 0
          ? (
            <>
              <span class="text-bad">Failing</span>
              <div class="break line-clamp-3 text-sm text-text-2">{detail}</div>
            </>
          )
          : succeededAt
          ? <span class="text-ok">Backed up</span>
          : <span class="text-text-2">Waiting</span>}
      </td>
    </tr>
  );
}
