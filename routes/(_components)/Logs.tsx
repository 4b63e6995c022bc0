import { EmptyState } from "@/components/EmptyState.tsx";
import { local } from "@/core/contract/zone_time.ts";
import LogTail from "@/islands/logs/LogTail.tsx";
import { LogFilters } from "./LogFilters.tsx";
import { linkTo } from "./link_to.ts";
import type { LogsPage } from "./read_logs.ts";

/** Filters, lines and paging: for the whole fleet, or for one router. */
export function Logs({ path, page, isFleet }: { path: string; page: LogsPage; isFleet: boolean }) {
  const { filter, logs, cursor, keep, live } = page;
  const older = logs.nextCursor && linkTo(path, { ...filter, cursor: logs.nextCursor });
  const hasLines = logs.items.length > 0;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <LogFilters action={path} filter={filter} />
      {(hasLines || live) && (
        <LogTail initial={logs.items} keep={keep} live={live} withDevice={isFleet} />
      )}
      {/* Gone as soon as a line arrives. */}
      {!hasLines && (
        <div class="[main:has([data-log])_&]:hidden">
          {older
            ? (
              <EmptyState
                title="No line matches so far"
                action={{ href: older, label: "Search older lines" }}
              >
                A long log is searched in parts
                {logs.searchedTo &&
                  `: this one was looked through back to ${local(logs.searchedTo)}`}.
              </EmptyState>
            )
            : isFiltered
            ? (
              <EmptyState title="No line matches" action={{ href: path, label: "Show all" }}>
                No stored line fits these filters.
              </EmptyState>
            )
            : <NothingStored />}
        </div>
      )}
      <nav class="mt-3 flex flex-wrap items-center gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={linkTo(path, filter)}>Newest</a>}
        {older && hasLines && (
          <a class="btn" href={older}>{logs.isPartial ? "Search older lines" : "Older"}</a>
        )}
        {hasLines && logs.searchedTo && (
          <span class="text-sm text-text-2">Looked through back to {local(logs.searchedTo)}.</span>
        )}
      </nav>
    </>
  );
}

function NothingStored() {
  return (
    <EmptyState title="No log line has arrived yet">
      Routers send their log by syslog. Open a port here with{" "}
      <code>TOD_SYSLOG_UDP_PORT</code>, then tell the routers:
      <code class="mono mt-3 block rounded bg-raised p-3 text-left text-sm whitespace-pre-wrap">
        {`/system logging action add name=tod target=remote remote=<this poller> remote-port=<port>\n/system logging add topics=info action=tod\n/system logging add topics=warning action=tod\n/system logging add topics=error action=tod\n/system logging add topics=critical action=tod`}
      </code>
    </EmptyState>
  );
}
