import type { ComponentChildren } from "preact";
import type { AuditEntryView } from "@/core/contract/audit.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { Outcome } from "./Outcome.tsx";

const NO_DETAILS = {
  none: "This entry has none.",
  erased: "They were erased; the entry's hash still stands.",
  unreadable: "They cannot be read: the tenant's key is gone.",
};

/** All that is stored of one audit entry. Its texts may come from routers and strangers: they are data. */
export function AuditDetails({ entry }: { entry: AuditEntryView }) {
  const { at, actor, actorName, action, targetKind, targetId, outcome } = entry;
  const label = entry.targetLabel ?? entry.targetName;
  return (
    <>
      <dl class="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2">
        <Line name="When">
          <span title={utc(at)}>{local(at)}</span>
        </Line>
        <Line name="Who">
          {actorName && <bdi class="block">{plainText(actorName)}</bdi>}
          <bdi class="mono text-text-2">{actor}</bdi>
        </Line>
        <Line name="What">
          <span class="mono">{action}</span>
        </Line>
        <Line name="Outcome">
          <Outcome outcome={outcome} />
        </Line>
        {targetKind && (
          <Line name="Target">
            {label && <bdi class="block">{plainText(label)}</bdi>}
            <bdi class="mono text-text-2">{targetKind} {targetId}</bdi>
          </Line>
        )}
        {entry.ip && (
          <Line name="From">
            <span class="mono">{entry.ip}</span>
          </Line>
        )}
        {entry.requestId && (
          <Line name="Request">
            <bdi class="mono">{entry.requestId}</bdi>
          </Line>
        )}
      </dl>
      <h3 class="mt-5 mb-2">Details</h3>
      {entry.details
        ? (
          <pre class="mono overflow-x-auto rounded-control bg-raised p-3 break-words whitespace-pre-wrap">
            {plainText(JSON.stringify(entry.details, null, 2))}
          </pre>
        )
        : (
          <p class="text-text-2">
            {NO_DETAILS[entry.detailsState === "readable" ? "none" : entry.detailsState]}
          </p>
        )}
      <h3 class="mt-5 mb-2">Chain</h3>
      {entry.isWhole
        ? <p class="mb-2 text-text-2">Everything shown gives the hash that was recorded.</p>
        : (
          <p class="mb-2 font-medium text-bad" role="alert">
            This entry was changed after it was written: what is shown does not give its hash.
          </p>
        )}
      <dl class="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2">
        <Line name="Hash">
          <span class="mono">{entry.hash}</span>
        </Line>
        <Line name="Before it">
          <span class="mono">{entry.prevHash}</span>
        </Line>
      </dl>
    </>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt class="text-text-3">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
