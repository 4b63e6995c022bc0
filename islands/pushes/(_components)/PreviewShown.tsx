import { ConfigChanges } from "@/components/ConfigDiff.tsx";
import { Risks } from "@/components/Risks.tsx";
import { type PushPreview, TIER_WORDS } from "@/core/contract/push_views.ts";

/** What a push would do, before it does. */
export function PreviewShown({ preview }: { preview: PushPreview }) {
  const { changes, problems, risks, tier, tierReason, script } = preview;
  const isBare = tier === "unprotected";
  return (
    <>
      {problems.length > 0 && (
        <section
          class="rounded-panel border border-bad bg-bad-soft px-4 py-3"
          aria-label="Problems"
        >
          <h3 class="font-medium text-bad">The router cannot carry this out</h3>
          <ul class="mt-1 list-disc space-y-0.5 pl-5">
            {problems.map(({ command, message }, at) => (
              <li key={at} class="break">
                Command {command + 1}: <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Risks risks={risks} />
      <section
        class={`rounded-panel border px-4 py-3 ${
          isBare ? "border-bad bg-bad-soft" : "border-line bg-surface"
        }`}
        aria-label="Protection"
      >
        <p>
          <strong class={isBare ? "text-bad" : "text-ok"}>{TIER_WORDS[tier]}.</strong>{" "}
          <bdi class="break">{tierReason}</bdi>
        </p>
      </section>
      <section aria-label="Changes">
        {changes.length > 0 || problems.length > 0
          ? changes.length > 0 && <ConfigChanges changes={changes} />
          : <p class="panel p-4 text-text-2">The router holds all of this already.</p>}
        <details class="panel mt-3">
          <summary class="px-4 py-2">As a script</summary>
          <pre
            class="mono max-h-72 overflow-auto border-t border-line p-4 text-sm whitespace-pre-wrap"
            tabIndex={0}
            role="region"
            aria-label="Script"
          >
            {script}
          </pre>
        </details>
      </section>
    </>
  );
}
