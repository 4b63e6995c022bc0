import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  Email,
  Enrolled,
  Enrolment,
  LinkInfo,
  SecondFactor,
  SignInStep,
  SrpChallenge,
  SrpFinish,
  SrpStart,
} from "@/core/contract/auth.ts";
import { describeLink, enrol } from "@/core/auth/enrol.ts";
import { signInByDemoLink } from "@/core/auth/first_run.ts";
import { finishSecondFactor } from "@/core/auth/second_factor.ts";
import { finishLogin, startLogin } from "@/core/auth/login.ts";
import { recoverByCode } from "@/core/auth/recover.ts";
import { endSessionOf, refreshSession } from "@/core/auth/sessions.ts";
import { Unauthenticated } from "@/core/errors.ts";
import {
  apiModule,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  LIMITED,
  NO_CONTENT,
  NOT_FOUND,
  publicRoute,
} from "../http/api_route.ts";
import { type Authentication, clientOf } from "../http/authenticate.ts";

const tags = ["auth"];
/** In a header: an address ends up in logs and histories. */
const LinkToken = z.object({ "x-link-token": z.string().min(20).max(100) });

const srpStart = publicRoute({
  method: "post",
  path: "/srp/start",
  tags,
  summary: "Begin to sign in",
  description:
    "First step of SRP-6a: A for B and the salts. Accounts that do not exist answer alike.",
  request: jsonBody(SrpStart),
  responses: { 200: json(SrpChallenge, "B and the salts"), ...COMMON_PROBLEMS, ...LIMITED },
});
const srpFinish = publicRoute({
  method: "post",
  path: "/srp/finish",
  tags,
  summary: "Finish signing in",
  description: "Second step of SRP-6a: M1 for M2. Sets the session's cookies, or asks for more.",
  request: jsonBody(SrpFinish),
  responses: { 200: json(SignInStep, "What comes next"), ...COMMON_PROBLEMS },
});
const secondFactor = publicRoute({
  method: "post",
  path: "/second-factor",
  tags,
  summary: "Prove the second factor",
  description: "By the ticket of the first step: a code, a recovery code or a passkey's signature.",
  request: jsonBody(SecondFactor),
  responses: { 200: json(SignInStep, "Signed in"), ...COMMON_PROBLEMS, ...LIMITED },
});
const refresh = publicRoute({
  method: "post",
  path: "/refresh",
  tags,
  summary: "Renew the session",
  description: "By the refresh cookie, which is worth nothing afterwards.",
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const logout = publicRoute({
  method: "post",
  path: "/logout",
  tags,
  summary: "Sign out",
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const link = publicRoute({
  method: "get",
  path: "/link",
  tags,
  summary: "Read a one-time link",
  request: { headers: LinkToken },
  responses: { 200: json(LinkInfo, "What it is for"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const enrolRoute = publicRoute({
  method: "post",
  path: "/enrol",
  tags,
  summary: "Enrol by a one-time link",
  request: { headers: LinkToken, ...jsonBody(Enrolment) },
  responses: {
    200: json(Enrolled, "The account and its recovery codes"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const recover = publicRoute({
  method: "post",
  path: "/recover",
  tags,
  summary: "Use a recovery code",
  description: "Answers the token of a one-time link for a new enrolment.",
  request: jsonBody(z.object({ email: Email, code: z.string().min(8).max(100) })),
  responses: {
    200: json(z.object({ token: z.string() }), "The link's token"),
    ...COMMON_PROBLEMS,
    ...LIMITED,
  },
});
const demo = publicRoute({
  method: "post",
  path: "/demo",
  tags,
  summary: "Sign in by the link that `tod demo` prints",
  request: { headers: LinkToken },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});

/** `/api/auth`, the part that needs no credential. */
export function authApi({ auth, cookies, ...place }: Authentication) {
  const client = (c: Context) => clientOf(c, place);
  return apiModule()
    .openapi(
      srpStart,
      async (c) => c.json(await startLogin(auth, c.req.valid("json"), client(c)), 200),
    )
    .openapi(srpFinish, async (c) => {
      const result = await finishLogin(auth, c.req.valid("json"), client(c));
      if (result.next === "second-factor") {
        const factors = result.factors as SignInStep["factors"];
        return c.json({ ...result, factors }, 200);
      }
      cookies.set(c, result.tokens);
      return c.json({ M2: result.M2, next: result.next }, 200);
    })
    .openapi(secondFactor, async (c) => {
      cookies.set(c, await finishSecondFactor(auth, c.req.valid("json"), client(c)));
      return c.json({ next: "done" as const }, 200);
    })
    .openapi(refresh, async (c) => {
      const token = cookies.refresh(c);
      if (!token) throw new Unauthenticated("Cannot go on with this session: sign in again");
      try {
        cookies.set(c, await refreshSession(auth, token, client(c)));
      } catch (error) {
        if (error instanceof Unauthenticated) cookies.clear(c);
        throw error;
      }
      return c.body(null, 204);
    })
    .openapi(logout, async (c) => {
      const token = cookies.refresh(c);
      cookies.clear(c);
      if (token) await endSessionOf(auth, token, client(c));
      return c.body(null, 204);
    })
    .openapi(link, async (c) => {
      return c.json(await describeLink(auth, c.req.valid("header")["x-link-token"]), 200);
    })
    .openapi(enrolRoute, async (c) => {
      const token = c.req.valid("header")["x-link-token"];
      const result = await enrol(auth, token, c.req.valid("json"), client(c));
      if (result.tokens) cookies.set(c, result.tokens);
      const { accountId, recoveryCodes } = result;
      return c.json({ accountId, recoveryCodes }, 200);
    })
    .openapi(recover, async (c) => {
      return c.json(await recoverByCode(auth, c.req.valid("json"), client(c)), 200);
    })
    .openapi(demo, async (c) => {
      const token = c.req.valid("header")["x-link-token"];
      cookies.set(c, await signInByDemoLink(auth, token, client(c)));
      return c.body(null, 204);
    });
}
