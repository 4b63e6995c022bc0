import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import {
  JOB_KINDS,
  JOB_STATES,
  JOB_WORDS,
  type JobKind,
  type JobSummary,
} from "@/core/contract/bulk_jobs.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { page } from "@/web/define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

const KIND_WORDS: Record<JobKind, string> = {
  command: "Command",
  template: "Template",
  change_set: "Change set",
};

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const param = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const [q, cursor] = [param("q").slice(0, 200), param("cursor")];
    const state = JOB_STATES.find((one) => one === param("state"));
    const kind = JOB_KINDS.find((one) => one === param("kind"));
    const jobs = await data(api.jobs.$get({
      query: {
        ...(q && { q }),
        ...(cursor && { cursor }),
        ...(state && { state }),
        ...(kind && { kind }),
      },
    }));
    const mayMake = may(me, "commands:run") || may(me, "configs:push");
    return page({ ...jobs, q, cursor, state, kind, mayMake, renderedAt: Date.now() });
  },
});

export const title = "Jobs";

export default define.page<typeof handler>(({ data }) => {
  const { items, nextCursor, q, cursor, state, kind, mayMake, renderedAt } = data;
  const isAll = !q && !cursor && !state && !kind;
  const link = (more: Record<string, string>) =>
    linkTo("/jobs", { q, state: state ?? "", kind: kind ?? "", ...more });
  return (
    <>
      <PageHeader
        title="Jobs"
        actions={mayMake && <a class="btn btn-primary" href="/jobs/new">New job</a>}
      >
        A command, a template or a change set for many routers, in waves.
      </PageHeader>
      {isAll && items.length === 0
        ? (
          <EmptyState
            title="No job yet"
            {...(mayMake && { action: { href: "/jobs/new", label: "Make the first job" } })}
          >
            A job asks one router first, then ever more of them, and halts when too many fail.
          </EmptyState>
        )
        : (
          <>
            <form class="mb-3 flex flex-wrap items-center gap-2" role="search">
              <input
                type="search"
                class="field max-w-sm flex-1"
                name="q"
                value={q}
                maxlength={200}
                placeholder="Title"
                aria-label="Find a job by its title"
              />
              {state && <input type="hidden" name="state" value={state} />}
              {kind && <input type="hidden" name="kind" value={kind} />}
              <button type="submit" class="btn">Search</button>
              <span class="flex flex-wrap gap-1.5">
                {JOB_STATES.map((one) => (
                  <a
                    key={one}
                    class="chip"
                    href={link({ state: one === state ? "" : one })}
                    aria-current={one === state ? "true" : undefined}
                  >
                    {JOB_WORDS[one]}
                  </a>
                ))}
              </span>
            </form>
            {items.length === 0
              ? <p class="panel p-6 text-center text-text-2">No job fits.</p>
              : (
                <ScrollArea label="Jobs">
                  <table class="table">
                    <thead>
                      <tr>
                        <th scope="col">Job</th>
                        <th scope="col">State</th>
                        <th scope="col">Routers</th>
                        <th scope="col" class="hidden md:table-cell">By</th>
                        <th scope="col" class="hidden sm:table-cell">Made</th>
                      </tr>
                    </thead>
                    <tbody>
                      {items.map((job) => <JobRow key={job.id} job={job} now={renderedAt} />)}
                    </tbody>
                  </table>
                </ScrollArea>
              )}
            <nav class="mt-3 flex gap-2" aria-label="Pages">
              {cursor && <a class="btn" href={link({})}>First page</a>}
              {nextCursor && <a class="btn" href={link({ cursor: nextCursor })}>Next page</a>}
            </nav>
          </>
        )}
    </>
  );
});

function JobRow({ job, now }: { job: JobSummary; now: number }) {
  const { id, title, kind, state, counts, routers, actorName, createdAt } = job;
  const bad = counts.failed + counts.unknown;
  return (
    <tr>
      <th scope="row" class="max-w-md whitespace-normal!">
        <a class="line-clamp-2 font-medium hover:underline" href={`/jobs/${id}`}>
          <bdi>{title}</bdi>
        </a>
        <div class="text-sm font-normal text-text-3">{KIND_WORDS[kind]}</div>
      </th>
      <td class={state === "paused" ? "text-warn" : ""}>{JOB_WORDS[state]}</td>
      <td>
        <span class="whitespace-nowrap">{counts.done} of {routers} done</span>
        {bad > 0 && <div class="whitespace-nowrap text-bad">{bad} failed or unknown</div>}
      </td>
      <td class="hidden md:table-cell">
        <bdi>{actorName ?? "–"}</bdi>
      </td>
      <td class="hidden whitespace-nowrap sm:table-cell">
        <time dateTime={createdAt} title={utc(createdAt)}>{ago(createdAt, now)}</time>
      </td>
    </tr>
  );
}
