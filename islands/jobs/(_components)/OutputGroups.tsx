import { useSignal } from "@preact/signals";
import { type OutputGroup, STATE_WORDS } from "@/core/contract/bulk_jobs.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { ask } from "../../ask.ts";

/** What routers printed, each answer once. */
export function OutputGroups({ jobId, outputs: { items, isCut } }: {
  jobId: string;
  outputs: { items: OutputGroup[]; isCut: boolean };
}) {
  return (
    <section aria-labelledby="outputs">
      <h2 id="outputs" class="mb-2 text-lg">
        {items.length === 1 ? "All printed the same" : `${items.length} different answers`}
        {isCut && <span class="text-base font-normal text-text-2">, the most common ones</span>}
      </h2>
      <ul class="grid grid-cols-1 gap-3">
        {items.map((group) => (
          <li key={group.outputId} class="panel">
            <p class="border-b border-line px-4 py-2">
              <strong>
                {group.routers === 1 ? "1 router" : `${group.routers} routers`}
              </strong>
              {group.states.some((state) => state !== "done") && (
                <span class={group.states.includes("failed") ? "text-bad" : "text-text-2"}>
                  , {group.states.map((state) =>
                    STATE_WORDS[state].toLowerCase()
                  ).join(", ")}
                </span>
              )}
              <span class="text-text-2">
                {": "}
                {group.names.map(({ deviceId, deviceName }, at) => (
                  <span key={deviceId}>
                    {at > 0 && ", "}
                    <a class="break underline" href={`/devices/${deviceId}`}>
                      <bdi>{deviceName}</bdi>
                    </a>
                  </span>
                ))}
                {group.routers > group.names.length && " …"}
              </span>
            </p>
            <Output jobId={jobId} group={group} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Output({ jobId, group }: { jobId: string; group: OutputGroup }) {
  const whole = useSignal<string | undefined>(undefined);
  async function readAll() {
    const answer = await ask(`/api/jobs/${jobId}/outputs/${group.outputId}`);
    if (answer.ok) whole.value = (await answer.json()).output;
  }
  const text = plainText((whole.value ?? group.output).replaceAll("\t", "    "));
  if (text === "") return <p class="px-4 py-2 text-text-3">It printed nothing.</p>;
  return (
    <>
      <pre
        class="mono max-h-96 overflow-auto px-4 py-2 text-sm"
        tabIndex={0}
      ><bdi>{text}</bdi></pre>
      {group.isCut && whole.value === undefined && (
        <p class="px-4 pb-3">
          <button type="button" class="btn" onClick={() => void readAll()}>Show all of it</button>
        </p>
      )}
    </>
  );
}
