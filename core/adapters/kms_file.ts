import { DecryptFailed, type Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { KeyStore } from "./key_store.ts";

const MAGIC = 1; // first byte of every ciphertext: the format
const NONCE_BYTES = 12;
const HEADER_BYTES = 1 + 4 + NONCE_BYTES;
const CACHED_TENANTS = 1_024;
/** Another process may destroy or rotate a key: so long at most this one goes on with it. */
const CACHED_MS = 300_000;

type Keys = { newest: number; byVersion: Map<number, CryptoKey>; until: number };

/**
 * AES-256-GCM envelope: a data key per tenant and version, wrapped by one master key from a file.
 * Ciphertext: format byte, key version (4 bytes, big endian), nonce, sealed bytes. Bound in as AAD:
 * tenant, context and version.
 */
export class FileKms implements Kms {
  #cache = new Map<TenantId, Keys>();

  private constructor(
    readonly master: CryptoKey,
    readonly store: KeyStore,
    readonly now: () => number,
  ) {}

  /** `now`: milliseconds that never jump. */
  static async open(
    masterKey: Uint8Array<ArrayBuffer>,
    store: KeyStore,
    now: () => number = () => performance.now(),
  ): Promise<FileKms> {
    const algorithm = { name: "AES-GCM" };
    const key = await crypto.subtle.importKey("raw", masterKey, algorithm, false, [
      "encrypt",
      "decrypt",
    ]);
    return new FileKms(key, store, now);
  }

  async encrypt(tenantId: TenantId, plaintext: Uint8Array, context: string): Promise<Uint8Array> {
    let keys = await this.#keys(tenantId);
    if (keys.newest === 0) {
      await this.#addVersion(tenantId, 1);
      keys = await this.#keys(tenantId);
    }
    const { newest } = keys;
    const key = keys.byVersion.get(newest)!;
    return await seal(key, newest, plaintext, aad(tenantId, context, newest));
  }

  async decrypt(tenantId: TenantId, ciphertext: Uint8Array, context: string): Promise<Uint8Array> {
    const version = versionOf(ciphertext);
    let key = (await this.#keys(tenantId)).byVersion.get(version);
    if (!key) {
      this.#cache.delete(tenantId); // another process may have rotated
      key = (await this.#keys(tenantId)).byVersion.get(version);
    }
    if (!key) {
      throw new DecryptFailed(`Cannot decrypt as the tenant's key version ${version} is gone`);
    }
    return await unseal(key, ciphertext, aad(tenantId, context, version));
  }

  async rotate(tenantId: TenantId): Promise<void> {
    this.#cache.delete(tenantId);
    const { newest } = await this.#keys(tenantId);
    await this.#addVersion(tenantId, newest + 1);
  }

  async destroy(tenantId: TenantId): Promise<void> {
    await this.store.remove(tenantId);
    this.#cache.delete(tenantId);
  }

  check(): Promise<string> {
    return Promise.resolve("master key file");
  }

  async #keys(tenantId: TenantId): Promise<Keys> {
    const cached = this.#cache.get(tenantId);
    if (cached && cached.until > this.now()) return cached;
    const keys: Keys = { newest: 0, byVersion: new Map(), until: this.now() + CACHED_MS };
    for (const { version, wrappedKey } of await this.store.read(tenantId)) {
      const raw = await unseal(this.master, wrappedKey, aad(tenantId, "data-key", version));
      const key = await crypto.subtle.importKey("raw", raw, { name: "AES-GCM" }, false, [
        "encrypt",
        "decrypt",
      ]);
      raw.fill(0);
      keys.byVersion.set(version, key);
      keys.newest = Math.max(keys.newest, version);
    }
    this.#cache.delete(tenantId);
    if (keys.newest > 0) {
      if (this.#cache.size >= CACHED_TENANTS) {
        this.#cache.delete(this.#cache.keys().next().value!);
      }
      this.#cache.set(tenantId, keys);
    }
    return keys;
  }

  async #addVersion(tenantId: TenantId, version: number): Promise<void> {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const sealed = await seal(this.master, version, raw, aad(tenantId, "data-key", version));
    raw.fill(0);
    // Lost race: the other one's key stands, and it is read next.
    await this.store.add(tenantId, { version, wrappedKey: sealed });
    this.#cache.delete(tenantId);
  }
}

function aad(tenantId: TenantId, context: string, version: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([tenantId, context, version]));
}

async function seal(
  key: CryptoKey,
  version: number,
  plaintext: Uint8Array,
  additionalData: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const params = { name: "AES-GCM", iv: nonce, additionalData };
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(params, key, new Uint8Array(plaintext)),
  );
  const out = new Uint8Array(HEADER_BYTES + sealed.length);
  out[0] = MAGIC;
  new DataView(out.buffer).setUint32(1, version);
  out.set(nonce, 5);
  out.set(sealed, HEADER_BYTES);
  return out;
}

function versionOf(ciphertext: Uint8Array): number {
  if (ciphertext.length < HEADER_BYTES + 16 || ciphertext[0] !== MAGIC) {
    throw new DecryptFailed("Cannot decrypt as the bytes are no ciphertext of this KMS");
  }
  return new DataView(ciphertext.buffer, ciphertext.byteOffset).getUint32(1);
}

async function unseal(
  key: CryptoKey,
  ciphertext: Uint8Array,
  additionalData: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  versionOf(ciphertext);
  const bytes = new Uint8Array(ciphertext);
  const params = { name: "AES-GCM", iv: bytes.subarray(5, HEADER_BYTES), additionalData };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params, key, bytes.subarray(HEADER_BYTES)));
  } catch (cause) {
    throw new DecryptFailed(
      "Cannot decrypt: wrong tenant, context or master key, or damaged bytes",
      { cause },
    );
  }
}
