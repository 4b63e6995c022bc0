import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Me, PasswordChange, Session, SrpChallenge, SrpFinish } from "@/core/contract/auth.ts";
import { startProof } from "@/core/auth/login.ts";
import { exportOwnData } from "@/core/users/export_own.ts";
import { deleteOwnAccount } from "@/core/users/users.ts";
import { changePassword, demandProof, renewOwnRecoveryCodes } from "@/core/auth/password.ts";
import { chooseTenant, listSessions, revokeOwnSessions } from "@/core/auth/sessions.ts";
import type { TenantId } from "@/core/scope.ts";
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
import { type Authentication, clientOf } from "../http/authenticate.ts";
import { person } from "../http/person.ts";

const tags = ["account"];

const me = apiRoute("account:self", {
  method: "get",
  path: "/me",
  tags,
  summary: "Who is signed in",
  responses: { 200: json(Me, "The person, their rights and tenant"), ...COMMON_PROBLEMS },
});
const sessions = apiRoute("account:self", {
  method: "get",
  path: "/sessions",
  tags,
  summary: "List one's own sessions",
  responses: {
    200: json(z.object({ items: z.array(Session) }), "The newest use first"),
    ...COMMON_PROBLEMS,
  },
});
const endSession = apiRoute("account:self", {
  method: "delete",
  path: "/sessions/{id}",
  tags,
  summary: "End one of one's own sessions",
  request: { params: z.object({ id: z.uuid() }) },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const endOthers = apiRoute("account:self", {
  method: "delete",
  path: "/sessions",
  tags,
  summary: "End all of one's own sessions but this one",
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const proofStart = apiRoute("account:self", {
  method: "post",
  path: "/proof",
  tags,
  summary: "Begin to prove the password again",
  request: jsonBody(z.object({ A: z.string().regex(/^([0-9a-f]{2})+$/).max(512) })),
  responses: { 200: json(SrpChallenge, "B and the salts"), ...COMMON_PROBLEMS, ...LIMITED },
});
const password = apiRoute("account:self", {
  method: "post",
  path: "/password",
  tags,
  summary: "Change the password",
  description: "Needs a proof of the old one. Ends all other sessions.",
  request: jsonBody(PasswordChange),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const recoveryCodes = apiRoute("account:self", {
  method: "post",
  path: "/recovery-codes",
  tags,
  summary: "Make new recovery codes",
  description: "Needs a proof of the password. The old codes are void.",
  request: jsonBody(SrpFinish),
  responses: {
    200: json(z.object({ recoveryCodes: z.array(z.string()) }), "Shown once"),
    ...COMMON_PROBLEMS,
  },
});
const tenant = apiRoute("tenants:read", {
  method: "post",
  path: "/tenant",
  tags,
  summary: "Work in another tenant",
  request: jsonBody(z.object({ tenantId: z.uuid() })),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const exportData = apiRoute("account:self", {
  method: "get",
  path: "/export",
  tags,
  summary: "Export one's own data",
  description: "Everything that is kept about the person who asks, without secrets.",
  responses: { 200: json(z.record(z.string(), z.unknown()), "The data"), ...COMMON_PROBLEMS },
});
const deleteAccount = apiRoute("account:self", {
  method: "post",
  path: "/delete",
  tags,
  summary: "Delete one's own account",
  description: "Needs a proof of the password. Erases who they were, in the audit log too.",
  request: jsonBody(SrpFinish),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...CONFLICT },
});

/** `/api/auth`, the part of whoever is signed in. */
export function accountApi({ auth, cookies, ...place }: Authentication) {
  const client = (c: Context) => clientOf(c, place);
  return apiModule()
    .openapi(me, (c) => {
      const { permissions, ...principal } = person(c);
      return c.json({ ...principal, permissions: [...permissions] }, 200);
    })
    .openapi(sessions, async (c) => c.json({ items: await listSessions(auth, person(c)) }, 200))
    .openapi(endSession, async (c) => {
      await revokeOwnSessions(auth, person(c), client(c), { id: c.req.valid("param").id });
      return c.body(null, 204);
    })
    .openapi(endOthers, async (c) => {
      await revokeOwnSessions(auth, person(c), client(c), "others");
      return c.body(null, 204);
    })
    .openapi(proofStart, async (c) => {
      const { userId: id, homeTenantId: tenantId } = person(c);
      const { A } = c.req.valid("json");
      return c.json(await startProof(auth, { id, tenantId }, A, client(c)), 200);
    })
    .openapi(password, async (c) => {
      await changePassword(auth, person(c), c.req.valid("json"), client(c));
      return c.body(null, 204);
    })
    .openapi(recoveryCodes, async (c) => {
      const proof = c.req.valid("json");
      const codes = await renewOwnRecoveryCodes(auth, person(c), proof, client(c));
      return c.json({ recoveryCodes: codes }, 200);
    })
    .openapi(exportData, async (c) => {
      const { userId, homeTenantId } = person(c);
      const scope = { ...c.var.scope, tenantId: homeTenantId };
      c.header("content-disposition", 'attachment; filename="tod-account.json"');
      c.header("cache-control", "no-store");
      return c.json((await exportOwnData(scope, auth, userId)) as Record<string, never>, 200);
    })
    .openapi(deleteAccount, async (c) => {
      const { userId, homeTenantId } = person(c);
      await demandProof(auth, person(c), c.req.valid("json"), client(c));
      await deleteOwnAccount({ ...c.var.scope, tenantId: homeTenantId }, auth, userId);
      cookies.clear(c);
      return c.body(null, 204);
    })
    .openapi(tenant, async (c) => {
      const { tenantId } = c.req.valid("json");
      await chooseTenant(auth, c.var.scope, person(c), tenantId as TenantId);
      return c.body(null, 204);
    });
}
