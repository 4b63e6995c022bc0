import type { ComponentChildren } from "preact";
import { count } from "@/core/contract/format.ts";
import type { SecretReadSummary } from "@/core/contract/transparency.ts";

type Share = SecretReadSummary["byActor"][number];

/** Who or what has how large a part of all reads, largest first. */
export function ReadShares({ title, items, total, href, label }: {
  title: string;
  items: Share[];
  total: number;
  href: (key: string | null) => string;
  label: (share: Share) => ComponentChildren;
}) {
  return (
    <section class="panel p-4">
      <h2 class="mb-2">{title}</h2>
      {items.length === 0 && <p class="text-text-2">None</p>}
      <ul class="space-y-2">
        {items.slice(0, 10).map((share) => (
          <li key={share.key ?? ""}>
            <a class="flex gap-3 hover:underline" href={href(share.key)}>
              <bdi class="break min-w-0 flex-1">{label(share)}</bdi>
              <span>{count(share.count)}</span>
            </a>
            <svg width="100%" height="4" class="mt-1 text-accent" aria-hidden="true">
              <rect width="100%" height="4" rx="2" class="fill-raised" />
              <rect
                width={`${Math.max(1, (share.count / total) * 100)}%`}
                height="4"
                rx="2"
                fill="currentColor"
              />
            </svg>
          </li>
        ))}
      </ul>
      {items.length > 10 && (
        <p class="mt-2 text-sm text-text-3">and {count(items.length - 10)} more, see the CSV</p>
      )}
    </section>
  );
}
