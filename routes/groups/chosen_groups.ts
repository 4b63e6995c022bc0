import type { Me } from "@/core/contract/auth.ts";
import { data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";
import { may } from "../permit.ts";

/** Groups whose members are chosen: what a form offers to tick to who may. */
export async function chosenGroups(
  api: ApiClient,
  me: Me | undefined,
): Promise<{ id: string; name: string }[]> {
  if (!may(me, "groups:write")) return [];
  const { items } = await data(api.groups.$get());
  return items.filter(({ rule }) => rule === null).map(({ id, name }) => ({ id, name }));
}
