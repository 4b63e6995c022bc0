import { Actor } from "@/components/Actor.tsx";
import type { BinaryRestore, RestoreState } from "@/core/contract/binary_backups.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";

const WORDS: Record<RestoreState, readonly [words: string, tone: string]> = {
  requested: ["Keeping what it holds now", "text-info"],
  saved: ["Sending the backup to the router", "text-info"],
  uploaded: ["Sent; about to load it", "text-info"],
  loading: ["Loading", "text-info"],
  waiting: ["Waiting until the router is back", "text-info"],
  unknown: ["Not known: looked at again when the router answers", "text-warn"],
  restored: ["Restored", "text-ok"],
  differs: ["Back, but not as the backup", "text-warn"],
  failed: ["Failed", "text-bad"],
};
const SHOWN = 5;

/** Loads of full backups on this router, those under way first. */
export function Restores({ restores, deviceId }: {
  restores: readonly BinaryRestore[];
  deviceId: string;
}) {
  const compare = ({ wantedVersion, afterVersion }: BinaryRestore) =>
    wantedVersion && afterVersion && wantedVersion !== afterVersion
      ? `/devices/${deviceId}/config?from=${wantedVersion}&to=${afterVersion}`
      : undefined;
  return (
    <section class="panel mb-4" aria-label="Restores">
      <h2 class="border-b border-line px-4 py-2 font-semibold">Restores</h2>
      <ul class="divide-y divide-line" aria-live="polite">
        {restores.slice(0, SHOWN).map((one) => {
          const [words, tone] = WORDS[one.state];
          const link = compare(one);
          return (
            <li key={one.id} class="px-4 py-2.5">
              <p>
                <span class={`font-medium ${tone}`}>{words}</span>{" "}
                <span class="text-text-2">
                  · begun{" "}
                  <time dateTime={one.startedAt} title={utc(one.startedAt)}>
                    {local(one.startedAt)}
                  </time>{" "}
                  by <Actor actor={one.actor} name={one.actorName} />
                </span>
              </p>
              {one.detail && <p class="break text-sm text-text-2">{one.detail}</p>}
              {link && one.state === "differs" && (
                <a class="text-sm text-accent underline" href={link}>What differs</a>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
