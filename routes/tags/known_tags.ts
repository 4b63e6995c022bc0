import type { Me } from "@/core/contract/auth.ts";
import type { TagChip } from "@/core/contract/tags.ts";
import { data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";
import { may } from "../permit.ts";

export interface KnownTags {
  tags: TagChip[];
  /** Whether a form may name new ones. */
  mayMake: boolean;
}

/** What a form offers to tick; nothing to who may not see it. */
export async function knownTags(api: ApiClient, me: Me | undefined): Promise<KnownTags> {
  const mayMake = may(me, "groups:write");
  if (!may(me, "groups:read")) return { tags: [], mayMake };
  const { items } = await data(api.tags.$get());
  return { tags: items.map(({ id, name, color }) => ({ id, name, color })), mayMake };
}
