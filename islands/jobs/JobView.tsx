import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  type ItemState,
  type Job,
  JOB_WORDS,
  type JobItem,
  type OutputGroup,
  PAUSE_WORDS,
} from "@/core/contract/bulk_jobs.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { local } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { JobActs } from "./(_components)/JobActs.tsx";
import { OutputGroups } from "./(_components)/OutputGroups.tsx";
import { Routers } from "./(_components)/Routers.tsx";
import { Waves } from "./(_components)/Waves.tsx";
import { followJob } from "./follow_job.ts";

interface RouterPage {
  items: JobItem[];
  nextAfter: number | null;
}
interface Outputs {
  items: OutputGroup[];
  isCut: boolean;
}

/** A job as it goes on: its waves, what routers printed, and what came of each. */
export default function JobView(props: {
  job: Job;
  routers: RouterPage;
  outputs: Outputs | null;
  state: ItemState | null;
  after: string | null;
  mayAct: boolean;
}) {
  const { state, after, mayAct } = props;
  const job = useSignal(props.job);
  const routers = useSignal(props.routers);
  const outputs = useSignal(props.outputs);
  const { id } = props.job;

  async function reload() {
    const query = new URLSearchParams({ ...(state && { state }), ...(after && { after }) });
    const [now, page, groups] = await Promise.all([
      ask(`/api/jobs/${id}`),
      ask(`/api/jobs/${id}/routers?${query}`),
      outputs.value ? ask(`/api/jobs/${id}/outputs`) : undefined,
    ]).catch(() => []);
    if (now?.ok) job.value = await now.json();
    if (page?.ok) routers.value = await page.json();
    if (groups?.ok) outputs.value = await groups.json();
  }
  useEffect(() => followJob(id, () => void reload()), [id]);

  const now = job.value;
  return (
    <div class="grid grid-cols-1 gap-6">
      <section class="panel grid gap-3 p-4" aria-label="Progress">
        <div class="flex flex-wrap items-start gap-x-6 gap-y-2">
          <p class="min-w-60 flex-1" role="status">
            <strong class={now.state === "paused" ? "text-warn" : ""}>
              {JOB_WORDS[now.state]}
            </strong>
            {": "}
            {now.counts.done} of {now.routers} done
            {now.counts.running > 0 && `, ${now.counts.running} running`}
            {now.counts.failed > 0 && <span class="text-bad">, {now.counts.failed} failed</span>}
            {now.counts.unknown > 0 && <span class="text-bad">, {now.counts.unknown} unknown</span>}
            {now.counts.expired > 0 && `, ${now.counts.expired} expired`}
            {now.counts.skipped > 0 && `, ${now.counts.skipped} skipped`}.{" "}
            <span class="text-text-2">
              <Waiting job={now} />
            </span>
          </p>
          {mayAct && <JobActs job={now} onDone={() => void reload()} />}
        </div>
        <Waves job={now} />
      </section>
      {now.script !== null && (
        <details open={now.script.length < 400}>
          <summary class="cursor-pointer py-1 font-medium">The command</summary>
          <pre
            class="panel mono mt-1 overflow-x-auto p-3 text-sm"
            tabIndex={0}
          >{plainText(now.script.replaceAll("\t", "    "))}</pre>
        </details>
      )}
      {outputs.value && outputs.value.items.length > 0 && (
        <OutputGroups jobId={id} outputs={outputs.value} />
      )}
      <Routers job={now} page={routers.value} state={state} after={after} />
    </div>
  );
}

function Waiting({ job }: { job: Job }) {
  const { state, pausedWhy, offline, counts, expiresAt, startAt, nextWaveAt, wave } = job;
  if (state === "paused" && pausedWhy) return <>{PAUSE_WORDS[pausedWhy]}</>;
  if (state === "scheduled" && startAt) return <>It begins at {local(startAt)}.</>;
  if (state !== "running") return null;
  if (nextWaveAt) return <>Wave {wave + 1} begins at {local(nextWaveAt)}.</>;
  if (offline > 0 && counts.running === 0 && counts.pending === offline) {
    const routers = offline === 1 ? "1 router is" : `${offline} routers are`;
    return <>{routers} offline: done when back, until {local(expiresAt)}.</>;
  }
  return null;
}
