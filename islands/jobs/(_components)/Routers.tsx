import {
  ITEM_STATES,
  type ItemState,
  type Job,
  type JobItem,
  STATE_WORDS,
} from "@/core/contract/bulk_jobs.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";

const TONES: Record<ItemState, string> = {
  ...{ pending: "text-text-2", running: "text-info", done: "text-ok", failed: "text-bad" },
  ...{ unknown: "text-warn", expired: "text-text-2", skipped: "text-text-2" },
};

/** What came of each router, a page of them. */
export function Routers({ job, page, state, after }: {
  job: Job;
  page: { items: JobItem[]; nextAfter: number | null };
  state: ItemState | null;
  after: string | null;
}) {
  const link = (more: Record<string, string>) => {
    const query = new URLSearchParams({ ...(state && { state }), ...more });
    return `/jobs/${job.id}${query.size > 0 ? `?${query}` : ""}#routers`;
  };
  return (
    <section aria-labelledby="routers">
      <h2 id="routers" class="mb-2 text-lg">Routers</h2>
      <nav class="mb-3 flex flex-wrap gap-1.5" aria-label="States">
        <a
          class="chip"
          href={`/jobs/${job.id}#routers`}
          aria-current={state === null ? "true" : undefined}
        >
          All {job.routers}
        </a>
        {ITEM_STATES.filter((one) => job.counts[one] > 0 || one === state).map((one) => (
          <a
            key={one}
            class="chip"
            href={`/jobs/${job.id}?state=${one}#routers`}
            aria-current={one === state ? "true" : undefined}
          >
            {STATE_WORDS[one]} {job.counts[one]}
          </a>
        ))}
      </nav>
      {page.items.length === 0
        ? <p class="panel p-6 text-center text-text-2">No router here.</p>
        : (
          <div class="panel overflow-x-auto" role="region" aria-label="Routers" tabIndex={0}>
            <table class="table" data-testid="job-routers">
              <thead>
                <tr>
                  <th scope="col">Router</th>
                  <th scope="col" class="num hidden sm:table-cell">Wave</th>
                  <th scope="col">State</th>
                  <th scope="col">Why</th>
                  <th scope="col" class="hidden md:table-cell">Ended</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((item) => (
                  <tr key={item.position}>
                    <th scope="row">
                      <a class="line-clamp-2 hover:underline" href={`/devices/${item.deviceId}`}>
                        <bdi>{item.deviceName}</bdi>
                      </a>
                    </th>
                    <td class="num hidden sm:table-cell">{item.wave}</td>
                    <td class={`whitespace-nowrap ${TONES[item.state]}`}>
                      {item.isOffline ? "Waiting: offline" : STATE_WORDS[item.state]}
                    </td>
                    <td class="max-w-xl">
                      {item.reason && <bdi class="break line-clamp-4">{item.reason}</bdi>}
                      {item.pushId && (
                        <a class="underline" href={`/pushes/${item.pushId}`}>The push</a>
                      )}
                    </td>
                    <td class="hidden whitespace-nowrap md:table-cell">
                      {item.endedAt && (
                        <time dateTime={item.endedAt} title={utc(item.endedAt)}>
                          {local(item.endedAt)}
                        </time>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      <div class="mt-3 flex gap-2">
        {after && <a class="btn" href={link({})}>First page</a>}
        {page.nextAfter !== null && (
          <a class="btn" href={link({ after: String(page.nextAfter) })}>Next page</a>
        )}
      </div>
    </section>
  );
}
