import { messageOf, Unavailable } from "@/core/errors.ts";
import { DecryptFailed, type Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";

export interface OpenbaoOptions {
  address: string;
  token: string;
  mount: string;
  namespace: string | null;
  /** Longest wait for one answer. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const CHECK_TIMEOUT_MS = 2_000;

interface Answer {
  status: number;
  data: Record<string, unknown>;
  errors: string[];
}

/**
 * OpenBao's or Vault's Transit engine, one key a tenant, made when first needed. Ciphertext is
 * Transit's own text (`vault:v1:…`).
 *
 * @see OpenBao documentation, "Transit secrets engine (API)"
 */
export class OpenbaoKms implements Kms {
  constructor(readonly options: OpenbaoOptions) {}

  async encrypt(tenantId: TenantId, plaintext: Uint8Array, context: string): Promise<Uint8Array> {
    const body = {
      plaintext: plaintext.toBase64(),
      associated_data: new TextEncoder().encode(context).toBase64(),
    };
    const path = `encrypt/${keyName(tenantId)}`;
    let answer = await this.#call("POST", path, body);
    // On a missing key encryption counts as "create", which our policy does not give: 403.
    if (answer.status === 403 || answer.status === 404 || isMissingKey(answer)) {
      const made = await this.#call("POST", `keys/${keyName(tenantId)}`, { type: "aes256-gcm96" });
      this.#expect(made, "create the tenant's key");
      answer = await this.#call("POST", path, body);
    }
    this.#expect(answer, "encrypt");
    return new TextEncoder().encode(String(answer.data["ciphertext"]));
  }

  async decrypt(tenantId: TenantId, ciphertext: Uint8Array, context: string): Promise<Uint8Array> {
    const text = new TextDecoder().decode(ciphertext);
    if (!/^vault:v\d+:/.test(text)) {
      throw new DecryptFailed("Cannot decrypt as the bytes are no ciphertext of this KMS");
    }
    const answer = await this.#call("POST", `decrypt/${keyName(tenantId)}`, {
      ciphertext: text,
      associated_data: new TextEncoder().encode(context).toBase64(),
    });
    // Transit answers 400 when the key, the tenant or the context is not the one; some versions 500
    // for the context (hashicorp/vault#10842).
    const isForged = answer.errors.some((text) => /message authentication failed/.test(text));
    if (answer.status === 400 || answer.status === 404 || isForged) {
      throw new DecryptFailed(`Cannot decrypt: ${answer.errors.join("; ") || "unknown key"}`);
    }
    this.#expect(answer, "decrypt");
    return Uint8Array.fromBase64(String(answer.data["plaintext"]));
  }

  async rotate(tenantId: TenantId): Promise<void> {
    const path = `keys/${keyName(tenantId)}`;
    let answer = await this.#call("POST", `${path}/rotate`, {});
    if (answer.status === 404 || isMissingKey(answer)) {
      answer = await this.#call("POST", path, { type: "aes256-gcm96" });
    }
    this.#expect(answer, "rotate the tenant's key");
  }

  async destroy(tenantId: TenantId): Promise<void> {
    const path = `keys/${keyName(tenantId)}`;
    const allowed = await this.#call("POST", `${path}/config`, { deletion_allowed: true });
    if (allowed.status === 404 || isMissingKey(allowed)) return;
    this.#expect(allowed, "allow the deletion of the tenant's key");
    this.#expect(await this.#call("DELETE", path), "destroy the tenant's key");
  }

  async check(): Promise<string> {
    const [health, token] = await Promise.all([
      this.#request("GET", "sys/health", undefined, CHECK_TIMEOUT_MS),
      this.#request("GET", "auth/token/lookup-self", undefined, CHECK_TIMEOUT_MS),
    ]);
    // 429 and 473 are healthy standbys.
    if (health.status === 503) throw new Unavailable("OpenBao is sealed: unseal it");
    if (health.status === 501) throw new Unavailable("OpenBao is not initialised");
    if (token.status === 403) {
      throw new Unavailable("OpenBao refuses TOD_OPENBAO_TOKEN: it is wrong, expired or revoked");
    }
    return `OpenBao ${String(health.data["version"] ?? "?")}`;
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    const timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS;
    return await this.#request(method, `${this.options.mount}/${path}`, body, timeoutMs);
  }

  async #request(
    method: string,
    path: string,
    body: object | undefined,
    timeoutMs: number,
  ): Promise<Answer> {
    const { address, token, namespace } = this.options;
    let response: Response;
    let parsed: Record<string, unknown> = {};
    try {
      response = await fetch(`${address.replace(/\/$/, "")}/v1/${path}`, {
        method,
        headers: {
          "x-vault-token": token,
          "x-vault-request": "true",
          "content-type": "application/json",
          ...(namespace && { "x-vault-namespace": namespace }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: "error",
      });
      const text = await response.text();
      if (text) parsed = JSON.parse(text);
    } catch (error) {
      throw new Unavailable(`OpenBao at ${address} does not answer: ${messageOf(error)}`, {
        cause: error,
      });
    }
    return {
      status: response.status,
      data: (parsed["data"] ?? parsed) as Record<string, unknown>,
      errors: Array.isArray(parsed["errors"]) ? parsed["errors"].map(String) : [],
    };
  }

  #expect({ status, errors }: Answer, what: string): void {
    if (status >= 200 && status < 300) return;
    const why = status === 403
      ? "the token is not allowed to: see deploy/openbao/policy.hcl"
      : status === 503
      ? "it is sealed"
      : errors.join("; ") || `status ${status}`;
    throw new Unavailable(`OpenBao cannot ${what}: ${why}`);
  }
}

function keyName(tenantId: TenantId): string {
  return `tod-${tenantId}`;
}

function isMissingKey({ status, errors }: Answer): boolean {
  return status === 400 && errors.some((text) => /not found|no existing key/i.test(text));
}
