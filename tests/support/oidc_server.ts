import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from "jose";
import Provider from "oidc-provider";

/** What this provider tells of a person. */
export interface Claims {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

type IdClaims = Record<string, unknown>;

/** A certified OpenID provider on a free loopback port, and the lies that a test makes it tell. */
export interface OidcServer extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in there; whoever comes is sent back as this person without a question. */
  person: Claims;
  /** Changes the claims of ID tokens, which are signed again by the provider's own key. */
  lie: ((claims: IdClaims) => IdClaims) | undefined;
  /** Signs ID tokens by a key that is none of the provider's. */
  forges: boolean;
  /** Runs before the token endpoint answers. */
  meanwhile: (() => Promise<void>) | undefined;
}

interface KoaContext {
  path: string;
  body: unknown;
}

/** The part of the provider that is used here; the package has no types of its own. */
interface ProviderLike {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): void;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{
    prompt: { name: string };
    params: { client_id: string };
    session?: { accountId: string };
  }>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: Record<string, unknown>,
    options: { mergeWithLastSubmission: boolean },
  ): Promise<void>;
  Grant: new (about: { accountId: string | undefined; clientId: string }) => {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  };
}

const REFERENCE = { clientId: "tod", clientSecret: "a secret of tests: long enough for them" };

/** `redirectUri`: where people are sent back to. */
export async function startOidcServer(redirectUri: string): Promise<OidcServer> {
  const { clientId, clientSecret } = REFERENCE;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [own, other] = await Promise.all(
    [1, 2].map(() => generateKeyPair("RS256", { extractable: true })),
  );
  const self: OidcServer = {
    ...{ issuer, clientId, clientSecret, lie: undefined, forges: false, meanwhile: undefined },
    person: { sub: "nobody" },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const provider = new Provider(issuer, {
    clients: [{
      ...{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] },
      token_endpoint_auth_method: "client_secret_post",
    }],
    jwks: { keys: [{ ...await exportJWK(own!.privateKey), alg: "RS256", use: "sig", kid: "own" }] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => "/interaction" },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["a key of tests"] },
    ttl: Object.fromEntries(
      ["AccessToken", "AuthorizationCode", "Grant", "IdToken", "Interaction", "Session"]
        .map((name) => [name, 600]),
    ),
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...self.person, sub }),
    }),
  }) as unknown as ProviderLike;
  provider.use(async (ctx, next) => {
    await next();
    const body = ctx.body as { id_token?: string } | undefined;
    if (ctx.path !== "/token" || !body?.id_token) return;
    await self.meanwhile?.();
    if (!self.lie && !self.forges) return;
    const { alg, kid } = decodeProtectedHeader(body.id_token);
    const claims = decodeJwt(body.id_token);
    ctx.body = {
      ...body,
      id_token: await new SignJWT(self.lie?.(claims) ?? claims)
        .setProtectedHeader({ alg: alg!, ...(kid && { kid }) })
        .sign((self.forges ? other! : own!).privateKey),
    };
  });
  const answer = provider.callback();
  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const accountId = session?.accountId ?? self.person.sub;
    if (prompt.name === "login") {
      const login = { login: { accountId: self.person.sub } };
      return await provider.interactionFinished(request, response, login, {
        mergeWithLastSubmission: false,
      });
    }
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope("openid email profile");
    const consent = { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, consent, {
      mergeWithLastSubmission: true,
    });
  };
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction")) return answer(request, response);
    interact(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  return self;
}
