import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ConfigChanges } from "@/components/ConfigDiff.tsx";
import { PushState } from "@/components/PushState.tsx";
import { Risks } from "@/components/Risks.tsx";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { type Push, PUSH_WORDS, TIER_WORDS } from "@/core/contract/push_views.ts";
import { ask } from "../ask.ts";
import { follow } from "../live.ts";
import { clockOffset } from "./(_components)/Countdown.tsx";
import { Decide } from "./(_components)/Decide.tsx";
import PushDialog from "./PushDialog.tsx";
import { Steps } from "./(_components)/Steps.tsx";
import { explain, guardOf, UNKNOWN_ADVICE } from "./(_components)/words.ts";

/** What ended so may go better another time. */
const AGAIN: readonly Push["state"][] = ["reverted", "failed"];

/** A push as it goes: how far it is, what guards the router, and the choice to keep it or not. */
export default function PushView({ initial, mayPush, renderedAt }: {
  initial: Push;
  mayPush: boolean;
  renderedAt: number;
}) {
  const push = useSignal(initial);
  const offsetMs = useSignal(0);
  const reading = useRef(0);
  const { id } = initial;

  /** News come in bursts: only the last answer counts. */
  async function reload() {
    const mine = ++reading.current;
    const answer = await ask(`/api/pushes/${id}`).catch(() => undefined);
    if (answer?.ok && mine === reading.current) push.value = await answer.json();
  }
  useEffect(() => {
    offsetMs.value = clockOffset(renderedAt);
    const stop = follow({
      push: (news) => news.id === id && void reload(),
      reset: () => void reload(),
    });
    // Between the page and its stream something may have happened.
    if (initial.endedAt === null) void reload();
    return stop;
  }, [id]);

  const now = push.value;
  const guard = guardOf(now);
  return (
    <div class="grid gap-4">
      <section class="panel grid gap-4 p-4" aria-label="State">
        <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
          <p class="text-lg" role="status" data-testid="push-state">
            <PushState state={now.state} />
          </p>
          <Decide push={now} mayPush={mayPush} offsetMs={offsetMs.value} onDone={reload} />
          {mayPush && now.commandList && AGAIN.includes(now.state) && now.endedAt && (
            <PushDialog
              openLabel="Push again…"
              deviceId={now.deviceId}
              deviceName={now.deviceName}
              title={now.title}
              source={now.source}
              commands={now.commandList}
              defaults={{
                confirm: now.confirm,
                windowSeconds: now.windowSeconds,
                probes: now.probes,
              }}
            />
          )}
        </div>
        <Steps push={now} />
        <div class="max-w-3xl">
          <p>{explain(now)}</p>
          {now.reason && (
            <p class="break mt-1">
              <bdi>{now.reason}</bdi>
            </p>
          )}
          {now.state === "unknown" && (
            <ul class="mt-2 list-disc space-y-0.5 pl-5 text-text-2">
              {UNKNOWN_ADVICE.map((text) => <li key={text}>{text}</li>)}
            </ul>
          )}
        </div>
        <dl class="grid gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
          {guard && (
            <>
              <dt class="text-text-3">What guards the router</dt>
              <dd>{guard}</dd>
            </>
          )}
          {now.tier && (
            <>
              <dt class="text-text-3">Protection</dt>
              <dd>{TIER_WORDS[now.tier]}</dd>
            </>
          )}
          {now.decision && (
            <>
              <dt class="text-text-3">Decided</dt>
              <dd>
                {now.decision.action === "confirm" ? "Keep it" : "Take it back"}, by{" "}
                <bdi>{now.decision.byName ?? now.decision.by}</bdi>
              </dd>
            </>
          )}
        </dl>
      </section>
      <Risks risks={now.risks} title="Foretold before it was made" />
      {now.foreign.length > 0 && (
        <section class="panel p-4" aria-label="What others changed">
          <h2 class="text-lg">What others changed meanwhile</h2>
          <ul class="mt-1 list-disc pl-5">
            {now.foreign.map((text, at) => (
              <li key={at} class="break">
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Changes">
        <h2 class="mb-2 text-lg">Changes</h2>
        {now.changes.length > 0
          ? <ConfigChanges changes={now.changes} />
          : (
            <p class="panel p-4 text-text-2">
              {now.endedAt === null
                ? "Item by item they stand here once the router was read. The script below is what is sent."
                : "What the items were before is not kept. The script below is what was sent."}
            </p>
          )}
        <details class="panel mt-3">
          <summary class="px-4 py-2">As a script</summary>
          <pre
            class="mono max-h-96 overflow-auto border-t border-line p-4 text-sm whitespace-pre-wrap"
            tabIndex={0}
            role="region"
            aria-label="Script"
          >
            {now.script}
          </pre>
        </details>
      </section>
      <section aria-label="Timeline">
        <h2 class="mb-2 text-lg">Timeline</h2>
        <ol class="panel divide-y divide-line">
          {now.timeline.toReversed().map(({ at, state, text }, index) => (
            <li key={index} class="flex flex-wrap gap-x-4 px-4 py-2">
              <time class="mono text-sm text-text-3" dateTime={at} title={utc(at)}>
                {local(at)}
              </time>
              <span class="w-44 text-sm text-text-2">{PUSH_WORDS[state]}</span>
              <bdi class="break min-w-52 flex-1">{text}</bdi>
            </li>
          ))}
          {now.timeline.length === 0 && (
            <li class="px-4 py-3 text-text-2">
              Nothing happened yet.
            </li>
          )}
        </ol>
      </section>
    </div>
  );
}
