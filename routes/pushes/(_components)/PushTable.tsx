import { Actor } from "@/components/Actor.tsx";
import { PushState } from "@/components/PushState.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { ago, utc } from "@/core/contract/format.ts";
import { type PushSummary, TIER_WORDS } from "@/core/contract/push_views.ts";

/** Pushes, newest first; of one router without its name. */
export function PushTable({ items, renderedAt, isOfOne = false }: {
  items: readonly PushSummary[];
  renderedAt: number;
  isOfOne?: boolean;
}) {
  return (
    <ScrollArea label="Changes">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Change</th>
            {!isOfOne && <th scope="col">Router</th>}
            <th scope="col">State</th>
            <th scope="col" class="hidden md:table-cell">Protection</th>
            <th scope="col" class="hidden md:table-cell">By</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {items.map((push) => (
            <tr key={push.id}>
              <th scope="row" class="max-w-72">
                <a class="line-clamp-2 font-medium hover:underline" href={`/pushes/${push.id}`}>
                  <bdi>{push.title}</bdi>
                </a>
                <span class="text-xs text-text-3">
                  {push.commands === 1 ? "1 command" : `${push.commands} commands`}
                </span>
              </th>
              {!isOfOne && (
                <td>
                  <a
                    class="line-clamp-2 hover:underline"
                    href={`/devices/${push.deviceId}/changes`}
                  >
                    <bdi>{push.deviceName}</bdi>
                  </a>
                </td>
              )}
              <td>
                <PushState state={push.state} />
                {push.reason && (
                  <div class="break line-clamp-2 text-sm text-text-2">
                    <bdi>{push.reason}</bdi>
                  </div>
                )}
              </td>
              <td class="hidden md:table-cell">
                {push.tier ? TIER_WORDS[push.tier] : <span class="text-text-3">–</span>}
              </td>
              <td class="hidden md:table-cell">
                <Actor actor={push.startedBy} name={push.startedByName} />
              </td>
              <td>
                <time dateTime={push.createdAt} title={utc(push.createdAt)}>
                  {ago(push.createdAt, renderedAt)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
