import { z } from "@hono/zod-openapi";
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import type { Context } from "hono";
import {
  addPasskey,
  addTotp,
  confirmTotp,
  listFactors,
  removeFactor,
  startPasskey,
} from "@/core/auth/own_factors.ts";
import { Factor, SrpFinish } from "@/core/contract/auth.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { type Authentication, clientOf } from "../http/authenticate.ts";
import { person } from "../http/person.ts";

const tags = ["account"];

const factors = apiRoute("account:self", {
  method: "get",
  path: "/factors",
  tags,
  summary: "List one's own second factors",
  responses: {
    200: json(z.object({ items: z.array(Factor) }), "The oldest first"),
    ...COMMON_PROBLEMS,
  },
});
const FactorName = z.object({ name: z.string().trim().min(1).max(100) });
const totpStart = apiRoute("account:self", {
  method: "post",
  path: "/factors/totp",
  tags,
  summary: "Begin with an authenticator app",
  description: "The secret is in this answer and nowhere else; it counts after a first code.",
  request: jsonBody(FactorName),
  responses: {
    201: json(z.object({ id: z.string(), secret: z.string(), uri: z.string() }), "The secret"),
    ...COMMON_PROBLEMS,
  },
});
const totpConfirm = apiRoute("account:self", {
  method: "post",
  path: "/factors/totp/confirm",
  tags,
  summary: "Confirm an authenticator app by a code",
  request: jsonBody(z.object({ id: z.uuid(), code: z.string().regex(/^\d{6}$/) })),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const passkeyStart = apiRoute("account:self", {
  method: "post",
  path: "/factors/passkey/options",
  tags,
  summary: "Begin with a passkey",
  responses: {
    200: json(z.looseObject({ challenge: z.string() }), "PublicKeyCredentialCreationOptionsJSON"),
    ...COMMON_PROBLEMS,
  },
});
const passkeyAdd = apiRoute("account:self", {
  method: "post",
  path: "/factors/passkey",
  tags,
  summary: "Add a passkey",
  request: jsonBody(FactorName.extend({ response: z.looseObject({ id: z.string() }) })),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});
const factorRemove = apiRoute("account:self", {
  method: "post",
  path: "/factors/remove",
  tags,
  summary: "Take a second factor away",
  description: "Needs a proof of the password. Ends all other sessions.",
  request: jsonBody(z.object({ id: z.uuid(), proof: SrpFinish })),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/auth/factors`: one's own second factors. */
export function factorsApi({ auth, ...place }: Authentication) {
  const client = (c: Context) => clientOf(c, place);
  return apiModule()
    .openapi(factors, async (c) => c.json({ items: await listFactors(auth, person(c)) }, 200))
    .openapi(totpStart, async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await addTotp(auth, person(c), c.req.valid("json").name), 201);
    })
    .openapi(totpConfirm, async (c) => {
      await confirmTotp(auth, person(c), c.req.valid("json"), client(c));
      return c.body(null, 204);
    })
    .openapi(
      passkeyStart,
      async (c) =>
        c.json((await startPasskey(auth, person(c), client(c))) as { challenge: string }, 200),
    )
    .openapi(passkeyAdd, async (c) => {
      const { name, response } = c.req.valid("json");
      const made = { name, response: response as unknown as RegistrationResponseJSON };
      await addPasskey(auth, person(c), made, client(c));
      return c.body(null, 204);
    })
    .openapi(factorRemove, async (c) => {
      await removeFactor(auth, person(c), c.req.valid("json"), client(c));
      return c.body(null, 204);
    });
}
