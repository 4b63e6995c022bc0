import * as oidc from "openid-client";
import type { Clock } from "@/core/ports/clock.ts";
import { boundedFetch, type BoundedFetchOptions, isLoopbackHttp } from "./bounded_fetch.ts";
import { SsoFailed } from "./sso_failed.ts";

const KEEP_MS = 10 * 60_000;
const MAX_KEPT = 200;
const TIMEOUT_SECONDS = 10;

interface Kept {
  until: number;
  metadata: Promise<oidc.ServerMetadata>;
}

/** Who we are at a provider. */
export interface RelyingParty {
  issuer: string;
  clientId: string;
  clientSecret: string | null;
}

/** Discovery documents of issuers: read once in ten minutes, however many people sign in. */
export class Issuers {
  readonly #kept = new Map<string, Kept>();
  readonly #fetch: oidc.CustomFetch;
  readonly #allowsHttp: boolean;

  constructor(readonly clock: Clock, options: BoundedFetchOptions = {}) {
    this.#fetch = boundedFetch(options);
    this.#allowsHttp = options.allowLoopbackHttp === true;
  }

  /** Whether an address can be an issuer's at all. */
  accepts(issuer: string): boolean {
    const url = URL.parse(issuer);
    if (!url || url.search !== "" || url.hash !== "" || url.username !== "") return false;
    return url.protocol === "https:" || (this.#allowsHttp && isLoopbackHttp(url));
  }

  /**
   * A client of the library, ready to sign somebody in: ID tokens are verified by the issuer's keys.
   *
   * @throws {SsoFailed} `unavailable`
   */
  async client({ issuer, clientId, clientSecret }: RelyingParty): Promise<oidc.Configuration> {
    const metadata = await this.#find(issuer);
    const client = new oidc.Configuration(
      metadata,
      clientId,
      undefined,
      authentication(metadata, clientSecret),
    );
    client.timeout = TIMEOUT_SECONDS;
    client[oidc.customFetch] = this.#fetch;
    if (this.#allowsHttp) oidc.allowInsecureRequests(client);
    // Without it the library trusts TLS alone for tokens that it fetched itself.
    oidc.enableNonRepudiationChecks(client);
    return client;
  }

  /** Reads it anew. @throws {SsoFailed} `unavailable`: `cause` says why */
  async check(issuer: string): Promise<oidc.ServerMetadata> {
    this.#kept.delete(issuer);
    return await this.#find(issuer);
  }

  async #find(issuer: string): Promise<oidc.ServerMetadata> {
    const now = this.clock.now();
    let kept = this.#kept.get(issuer);
    if (!kept || kept.until <= now) {
      const mine: Kept = { until: now + KEEP_MS, metadata: this.#discover(issuer) };
      kept = mine;
      this.#kept.delete(issuer);
      this.#kept.set(issuer, mine);
      const oldest = this.#kept.keys().next().value;
      if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
      // A failure is not kept: the next one asks again.
      mine.metadata.catch(() => {
        if (this.#kept.get(issuer) === mine) this.#kept.delete(issuer);
      });
    }
    return await kept.metadata;
  }

  async #discover(issuer: string): Promise<oidc.ServerMetadata> {
    try {
      if (!this.accepts(issuer)) {
        throw new Error("Cannot ask an issuer whose address must be https:");
      }
      const found = await oidc.discovery(new URL(issuer), "discovery", undefined, undefined, {
        timeout: TIMEOUT_SECONDS,
        [oidc.customFetch]: this.#fetch,
        ...(this.#allowsHttp && { execute: [oidc.allowInsecureRequests] }),
      });
      const metadata = found.serverMetadata();
      // The library lets issuers pass that stand for many organisations: a subject would be anybody's.
      if (new URL(metadata.issuer).href !== new URL(issuer).href) {
        throw new Error("Cannot trust a discovery document that names another issuer");
      }
      if (!metadata.authorization_endpoint || !metadata.token_endpoint || !metadata.jwks_uri) {
        throw new Error(
          "Cannot sign in at an issuer without authorization, token and key endpoints",
        );
      }
      return metadata;
    } catch (cause) {
      throw new SsoFailed("unavailable", { cause });
    }
  }
}

function authentication(
  { token_endpoint_auth_methods_supported: methods }: oidc.ServerMetadata,
  secret: string | null,
): oidc.ClientAuth {
  if (secret === null) return oidc.None();
  // Basic is what OpenID Connect says where a provider says nothing.
  return methods?.includes("client_secret_post")
    ? oidc.ClientSecretPost(secret)
    : oidc.ClientSecretBasic(secret);
}
