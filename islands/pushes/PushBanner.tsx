import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PushState } from "@/components/PushState.tsx";
import type { PushPage, PushSummary } from "@/core/contract/push_views.ts";
import { follow } from "../live.ts";
import { clockOffset, Countdown } from "./(_components)/Countdown.tsx";

/** On a router's pages: a change of it that has not ended, and what it wants of whom looks. */
export default function PushBanner(
  { deviceId, renderedAt }: { deviceId: string; renderedAt: number },
) {
  const open = useSignal<PushSummary | undefined>(undefined);
  const offsetMs = useSignal(0);
  useEffect(() => {
    offsetMs.value = clockOffset(renderedAt);
    const read = async () => {
      const query = `device=${deviceId}&state=open&limit=1`;
      const answer = await fetch(`/api/pushes?${query}`).catch(() => undefined);
      // Whoever may not see pushes sees no banner.
      if (answer?.ok) open.value = (await answer.json() as PushPage).items[0];
    };
    void read();
    return follow({
      push: (news) => news.deviceId === deviceId && void read(),
      reset: () => void read(),
    }, deviceId);
  }, [deviceId]);

  const push = open.value;
  if (!push) return null;
  const waits = push.state === "applied" && push.confirm === "manual" && push.confirmBy !== null;
  const tone = push.state === "unknown"
    ? "border-bad bg-bad-soft"
    : waits
    ? "border-warn bg-warn-soft"
    : "border-line bg-surface";
  return (
    <section
      class={`mb-4 flex flex-wrap items-center gap-x-6 gap-y-2 rounded-panel border px-4 py-3 ${tone}`}
      aria-label="A change of this router"
    >
      <p class="min-w-52 flex-1">
        <PushState state={push.state} /> <bdi class="break">{push.title}</bdi>
      </p>
      {waits && <Countdown until={push.confirmBy!} windowSeconds={300} offsetMs={offsetMs.value} />}
      <a class={`btn ${waits ? "btn-primary" : ""}`} href={`/pushes/${push.id}`}>
        {waits ? "Confirm or revert" : "See the change"}
      </a>
    </section>
  );
}
