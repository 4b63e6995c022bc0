import type { PushNews } from "@/core/contract/push_views.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";

const encoder = new TextEncoder();

/** Tells the pages that show it. Call after the commit. */
export function broadcastPush(
  { bus }: { bus: Bus },
  tenantId: TenantId,
  { id, deviceId, state }: PushNews,
): void {
  const news: PushNews = { id, deviceId, state };
  bus.broadcast(subjects.pushChanged(tenantId), encoder.encode(JSON.stringify(news)));
}
