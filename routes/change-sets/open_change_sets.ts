import type { ChangeSet, ChangeSetHead } from "@/core/contract/change_sets.ts";
import { attempt, data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";

export interface OpenChangeSets {
  open: ChangeSetHead[];
  /** Which one the next change goes to. */
  current: ChangeSet | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Change sets of whoever asks that can still be edited: those for this router, or the one they want. */
export async function openChangeSets(
  api: ApiClient,
  deviceId: string,
  wanted: string | null,
): Promise<OpenChangeSets> {
  const query = { filter: "open" as const, device: deviceId, own: "true" as const };
  const { items } = await data(api["change-sets"].$get({ query }));
  const id = wanted && UUID.test(wanted) ? wanted : items[0]?.id;
  if (id === undefined) return { open: items, current: undefined };
  const found = await attempt(api["change-sets"][":id"].$get({ param: { id } }));
  if ("problem" in found) return { open: items, current: undefined };
  const { body: current } = found;
  const isOpen = current.status === "draft" || current.status === "reviewed";
  if (!isOpen) return { open: items, current: undefined };
  const isListed = items.some((one) => one.id === current.id);
  return { open: isListed ? items : [current, ...items], current };
}
