import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { listOwnSso, unlinkOwn } from "@/core/auth/sso/identities.ts";
import { PENDING_SECONDS } from "@/core/auth/sso/pending.ts";
import {
  addProvider,
  checkDiscovery,
  listProviders,
  removeProvider,
  updateProvider,
} from "@/core/auth/sso/providers.ts";
import { startLink } from "@/core/auth/sso/start_sso.ts";
import {
  Issuer,
  NewSsoProvider,
  OwnSso,
  SSO_CALLBACK_PATH,
  SsoDiscovery,
  SsoLink,
  SsoProvider,
  SsoProviderPatch,
} from "@/core/contract/sso.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  LIMITED,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { clientOf } from "../http/authenticate.ts";
import { person } from "../http/person.ts";
import { SsoCookie } from "../http/sso_cookie.ts";
import type { SsoApiDeps } from "./sso_sign_in.ts";

const Id = z.object({ id: z.uuid() });
const tags = ["settings"];

const list = apiRoute("settings:read", {
  method: "get",
  path: "/sso-providers",
  tags,
  summary: "List the organisation's sign-in providers",
  responses: {
    200: json(
      z.object({
        items: z.array(SsoProvider),
        /** What a provider has to be told. */
        redirectUri: z.string(),
        /** What people type to sign in. */
        tenantSlug: z.string(),
      }),
      "By name",
    ),
    ...COMMON_PROBLEMS,
  },
});
const add = apiRoute("settings:write", {
  method: "post",
  path: "/sso-providers",
  tags,
  summary: "Add a sign-in provider",
  request: jsonBody(NewSsoProvider),
  responses: { 201: json(SsoProvider, "The provider"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const check = apiRoute("settings:write", {
  method: "post",
  path: "/sso-providers/check",
  tags,
  summary: "Check an issuer's discovery document",
  request: jsonBody(z.object({ issuer: Issuer })),
  responses: { 200: json(SsoDiscovery, "What it says"), ...COMMON_PROBLEMS, ...LIMITED },
});
const update = apiRoute("settings:write", {
  method: "patch",
  path: "/sso-providers/{id}",
  tags,
  summary: "Change, disable or enable a sign-in provider",
  request: { params: Id, ...jsonBody(SsoProviderPatch) },
  responses: {
    200: json(SsoProvider, "The provider"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const remove = apiRoute("settings:write", {
  method: "delete",
  path: "/sso-providers/{id}",
  tags,
  summary: "Remove a sign-in provider",
  description: "And the links of people to it.",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const own = apiRoute("account:self", {
  method: "get",
  path: "/auth/identities",
  tags: ["account"],
  summary: "List one's own identities at sign-in providers",
  responses: { 200: json(OwnSso, "Linked, and what could be"), ...COMMON_PROBLEMS },
});
const link = apiRoute("account:self", {
  method: "post",
  path: "/auth/identities",
  tags: ["account"],
  summary: "Begin to link an identity to one's account",
  description: "Needs a proof of the password. Answers the provider's address to go to.",
  request: jsonBody(SsoLink),
  responses: {
    200: json(z.object({ url: z.string() }), "Where to go"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const unlink = apiRoute("account:self", {
  method: "delete",
  path: "/auth/identities/{id}",
  tags: ["account"],
  summary: "Unlink one's own identity at a provider",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

/** `/api/sso-providers`, and one's own identities. */
export function ssoApi({ sso, cookies, ...place }: SsoApiDeps) {
  const client = (c: Context) => clientOf(c, place);
  const pending = new SsoCookie(cookies.isSecure);
  return apiModule()
    .openapi(list, async (c) => {
      const found = await listProviders(c.var.scope);
      return c.json({ ...found, redirectUri: client(c).origin + SSO_CALLBACK_PATH }, 200);
    })
    .openapi(
      add,
      async (c) => c.json(await addProvider(c.var.scope, sso, c.req.valid("json")), 201),
    )
    .openapi(check, async (c) => {
      const { issuer } = c.req.valid("json");
      return c.json(await checkDiscovery(c.var.scope, sso, issuer), 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateProvider(c.var.scope, sso, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeProvider(c.var.scope, sso, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(own, async (c) => c.json(await listOwnSso(sso, person(c)), 200))
    .openapi(link, async (c) => {
      const begun = await startLink(sso, person(c), c.req.valid("json"), client(c));
      pending.set(c, begun.browser, PENDING_SECONDS);
      return c.json({ url: begun.url }, 200);
    })
    .openapi(unlink, async (c) => {
      await unlinkOwn(sso, person(c), c.req.valid("param").id, client(c));
      return c.body(null, 204);
    });
}
