/** An account that this browser holds the Secret Key of. */
export interface KnownAccount {
  accountId: string;
  email: string;
  /** As {@linkcode formatSecretKey} writes it. */
  secretKey: string;
  /** When it signed in here last. */
  usedAt: Date;
}

const NAME = "tod-auth";
const STORE = "secret-keys";

/**
 * The Secret Keys of this browser, by account, in IndexedDB: other origins cannot read it and nothing
 * of it travels with requests, as cookies would.
 *
 * @throws {DOMException} where the browser offers no storage
 */
export class SecretKeyStore {
  constructor(readonly factory: IDBFactory = globalThis.indexedDB) {}

  /** Newest use first. */
  async list(): Promise<KnownAccount[]> {
    const found = await this.#run<KnownAccount[]>("readonly", (store) => store.getAll());
    return found.sort((a, b) => b.usedAt.getTime() - a.usedAt.getTime());
  }

  /** Replaces what was kept for this account, and what another account kept for this address. */
  async remember(account: KnownAccount): Promise<void> {
    const others = (await this.list()).filter(({ accountId, email }) =>
      accountId !== account.accountId && isSameAddress(email, account.email)
    );
    for (const { accountId } of others) await this.forget(accountId);
    await this.#run("readwrite", (store) => store.put(account));
  }

  async forget(accountId: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(accountId));
  }

  async #run<Result>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest,
  ): Promise<Result> {
    const opening = this.factory.open(NAME, 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore(STORE, { keyPath: "accountId" });
    const db = await settled<IDBDatabase>(opening);
    try {
      const transaction = db.transaction(STORE, mode);
      const committed = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      const result = await settled<Result>(act(transaction.objectStore(STORE)));
      await committed;
      return result;
    } finally {
      db.close();
    }
  }
}

/** Addresses are compared as the server compares them. */
export function isSameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function settled<Result>(request: IDBRequest): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
