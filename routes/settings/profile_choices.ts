import type { Me } from "@/core/contract/auth.ts";
import type { ProfileChoice } from "@/core/contract/credentials.ts";
import { data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";
import { may } from "../permit.ts";

/** Credential profiles that a form offers; none to who may not see them. */
export async function profileChoices(
  api: ApiClient,
  me: Me | undefined,
): Promise<ProfileChoice[]> {
  if (!may(me, "credentials:read")) return [];
  const { items } = await data(api["credential-profiles"].$get());
  return items.map(({ id, name, username }) => ({ id, name, username }));
}
