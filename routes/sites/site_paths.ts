import type { Me } from "@/core/contract/auth.ts";
import { data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";
import { may } from "../permit.ts";

/** More help nobody to choose. */
const MOST = 1_000;

/** Paths that a form offers; none to who may not see them. */
export async function sitePaths(api: ApiClient, me: Me | undefined): Promise<string[]> {
  if (!may(me, "sites:read")) return [];
  const { items } = await data(api.sites.$get());
  return items.slice(0, MOST).map(({ path }) => path);
}
