import { deepEqual, equal, notDeepEqual, rejects } from "node:assert/strict";
import vault from "node-vault";
import { Unavailable } from "@/core/errors.ts";
import type { Db } from "@/core/ports/db.ts";
import { DecryptFailed, type Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { type FakeOpenbao, startFakeOpenbao } from "@/tests/support/openbao.ts";
import { PostgresDb } from "./db_postgres.ts";
import { DbKeyStore } from "./key_store.ts";
import { FileKms } from "./kms_file.ts";
import { OpenbaoKms } from "./kms_openbao.ts";

const bytes = (word: string) => new TextEncoder().encode(word);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const CONTEXT = "device:1";

interface OpenKms extends AsyncDisposable {
  /** The same keys as two processes see them. */
  kms: Kms;
  other: Kms;
  acme: TenantId;
  globex: TenantId;
  /** Lets every cached key lapse. */
  lapse(): void;
}

async function file(): Promise<OpenKms & { poller: Kms }> {
  const test = await openTestDb();
  const master = crypto.getRandomValues(new Uint8Array(32));
  let now = 0;
  const poller = await PostgresDb.open({ poller: test.endpoint("poller_user") });
  const open = (db: Db) => FileKms.open(master, new DbKeyStore(db, db === poller), () => now);
  return {
    kms: await open(test.db),
    other: await open(test.db),
    poller: await open(poller),
    acme: test.acme,
    globex: test.globex,
    lapse: () => now += 300_000,
    async [Symbol.asyncDispose]() {
      await poller[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

const at = (fake: FakeOpenbao, given: { token?: string; timeoutMs?: number } = {}) =>
  new OpenbaoKms({
    address: fake.url,
    token: fake.token,
    mount: "transit",
    namespace: null,
    ...given,
  });

function openbao(): Promise<OpenKms & { fake: FakeOpenbao }> {
  const fake = startFakeOpenbao();
  return Promise.resolve({
    fake,
    kms: at(fake),
    other: at(fake),
    acme: "11111111-1111-4111-8111-111111111111" as TenantId,
    globex: "22222222-2222-4222-8222-222222222222" as TenantId,
    lapse() {},
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  });
}

for (const open of [file, openbao]) {
  const suite = (criterion: string, test: (opened: OpenKms) => Promise<void>) =>
    Deno.test(`kms (${open.name}) ${criterion}`, async () => {
      await using opened = await open();
      await test(opened);
    });

  suite("reads what it wrote, whatever the bytes", async ({ kms, other, acme }) => {
    for (const plain of [bytes(""), bytes("tajné heslo"), new Uint8Array(5_000).fill(255)]) {
      const sealed = await kms.encrypt(acme, plain, CONTEXT);
      deepEqual(new Uint8Array(await other.decrypt(acme, sealed, CONTEXT)), new Uint8Array(plain));
    }
  });

  suite("never writes the same twice, nor the plain text", async ({ kms, acme }) => {
    const [one, two] = [
      await kms.encrypt(acme, bytes("plain-text"), CONTEXT),
      await kms.encrypt(acme, bytes("plain-text"), CONTEXT),
    ];
    notDeepEqual(one, two);
    equal(text(one).includes("plain-text"), false);
  });

  suite("refuses another tenant, another context, changed and foreign bytes", async (opened) => {
    const { kms, acme, globex } = opened;
    const sealed = await kms.encrypt(acme, bytes("x"), CONTEXT);
    await kms.encrypt(globex, bytes("x"), CONTEXT); // its key exists
    await rejects(kms.decrypt(globex, sealed, CONTEXT), DecryptFailed);
    await rejects(kms.decrypt(acme, sealed, "device:2"), DecryptFailed);
    const changed = new Uint8Array(sealed);
    changed[changed.length - 3]! ^= 1;
    await rejects(kms.decrypt(acme, changed, CONTEXT), DecryptFailed);
    for (const foreign of [bytes(""), bytes("not ours"), new Uint8Array(64)]) {
      await rejects(kms.decrypt(acme, foreign, CONTEXT), DecryptFailed);
    }
  });

  suite("refuses a tenant that has no key", async ({ kms, acme, globex }) => {
    const sealed = await kms.encrypt(acme, bytes("x"), CONTEXT);
    await rejects(kms.decrypt(globex, sealed, CONTEXT), DecryptFailed);
  });

  suite("makes one first key for all who ask at once", async ({ kms, other, acme }) => {
    const sealed = await Promise.all(
      Array.from(
        { length: 12 },
        (_, i) => (i % 2 ? kms : other).encrypt(acme, bytes("x"), CONTEXT),
      ),
    );
    for (const [i, one] of sealed.entries()) {
      equal(text(await (i % 2 ? other : kms).decrypt(acme, one, CONTEXT)), "x");
    }
  });

  suite("rotates: what was written stays readable, everywhere", async ({ kms, other, acme }) => {
    const old = await kms.encrypt(acme, bytes("old"), CONTEXT);
    equal(text(await other.decrypt(acme, old, CONTEXT)), "old");
    await kms.rotate(acme);
    const fresh = await kms.encrypt(acme, bytes("fresh"), CONTEXT);
    notDeepEqual(fresh.subarray(0, 9), old.subarray(0, 9)); // names another key version
    equal(text(await other.decrypt(acme, fresh, CONTEXT)), "fresh");
    equal(text(await other.decrypt(acme, old, CONTEXT)), "old");
  });

  suite("rotates a tenant that has no key yet", async ({ kms, acme }) => {
    await kms.rotate(acme);
    equal(
      text(await kms.decrypt(acme, await kms.encrypt(acme, bytes("x"), CONTEXT), CONTEXT)),
      "x",
    );
  });

  suite("destroys: never readable again, not even from another's cache", async (opened) => {
    const { kms, other, acme, globex, lapse } = opened;
    const sealed = await kms.encrypt(acme, bytes("x"), CONTEXT);
    const kept = await kms.encrypt(globex, bytes("kept"), CONTEXT);
    await other.decrypt(acme, sealed, CONTEXT);
    await kms.destroy(acme);
    await rejects(kms.decrypt(acme, sealed, CONTEXT), DecryptFailed);
    lapse();
    await rejects(other.decrypt(acme, sealed, CONTEXT), DecryptFailed);
    await kms.destroy(acme); // twice without harm
    const fresh = await kms.encrypt(acme, bytes("new customer"), CONTEXT);
    equal(text(await kms.decrypt(acme, fresh, CONTEXT)), "new customer");
    await rejects(kms.decrypt(acme, sealed, CONTEXT), DecryptFailed);
    equal(text(await kms.decrypt(globex, kept, CONTEXT)), "kept");
  });

  suite("says what stands behind it", async ({ kms }) => {
    equal(/^(master key file|OpenBao 2\.3\.1)$/.test(await kms.check()), true);
  });
}

Deno.test("kms (file) lets a poller-only process read, and not write, keys", async () => {
  await using opened = await file();
  const { kms, poller, acme, globex } = opened;
  const sealed = await kms.encrypt(acme, bytes("x"), CONTEXT);
  equal(text(await poller.decrypt(acme, sealed, CONTEXT)), "x");
  await rejects(poller.rotate(globex));
});

Deno.test("kms (file) says that the master key is another one", async () => {
  await using test = await openTestDb();
  const open = () =>
    FileKms.open(crypto.getRandomValues(new Uint8Array(32)), new DbKeyStore(test.db, false));
  const sealed = await (await open()).encrypt(test.acme, bytes("x"), CONTEXT);
  await rejects((await open()).decrypt(test.acme, sealed, CONTEXT), /master key/);
});

Deno.test("kms (openbao) works with a policy that makes keys by encrypting", async () => {
  await using opened = await openbao();
  opened.fake.mayCreateByEncrypting = true;
  const sealed = await opened.kms.encrypt(opened.acme, bytes("x"), CONTEXT);
  equal(text(sealed).startsWith("vault:v1:"), true);
  deepEqual(opened.fake.requests.length, 1);
});

Deno.test("kms (openbao) takes the 500 of some versions for what it is", async () => {
  await using opened = await openbao();
  const { kms, acme, fake } = opened;
  const sealed = await kms.encrypt(acme, bytes("x"), CONTEXT);
  fake.forgeryStatus = 500;
  await rejects(kms.decrypt(acme, sealed, "device:2"), DecryptFailed);
});

Deno.test("kms (openbao) says why it cannot, and never the token", async () => {
  const fake = startFakeOpenbao();
  const acme = "11111111-1111-4111-8111-111111111111" as TenantId;
  const why = async (kms: Kms, act: (kms: Kms) => Promise<unknown>): Promise<string> => {
    const error = await act(kms).then(() => undefined, (error) => error);
    equal(error instanceof Unavailable, true);
    equal(
      JSON.stringify({ ...error, m: error.message, s: error.stack }).includes(fake.token),
      false,
    );
    return error.message;
  };
  const encrypt = (kms: Kms) => kms.encrypt(acme, bytes("x"), CONTEXT);
  const sealed = await encrypt(at(fake));
  {
    await using running = fake;
    const denied = at(running, { token: "s.wrong" });
    equal(/not allowed.*policy\.hcl/.test(await why(denied, encrypt)), true);
    equal(/not allowed/.test(await why(denied, (kms) => kms.decrypt(acme, sealed, CONTEXT))), true);
    equal(/TOD_OPENBAO_TOKEN/.test(await why(denied, (kms) => kms.check())), true);
    running.isSealed = true;
    equal(/sealed/.test(await why(at(running), encrypt)), true);
    equal(/unseal/.test(await why(at(running), (kms) => kms.check())), true);
    running.isSealed = false;
    running.isHung = true;
    equal(/does not answer/.test(await why(at(running, { timeoutMs: 50 }), encrypt)), true);
  }
  equal(/does not answer/.test(await why(at(fake), encrypt)), true); // gone
});

Deno.test("the fake OpenBao speaks to node-vault, and both clients read each other", async () => {
  await using opened = await openbao();
  const { kms, acme, fake } = opened;
  const client = vault({ endpoint: fake.url, token: fake.token });
  equal((await client.health()).sealed, false);
  const name = `tod-${acme}`;
  const context = btoa(CONTEXT);

  await client.write(`transit/keys/${name}`, { type: "aes256-gcm96" });
  const written = await client.encryptData({
    name,
    plaintext: btoa("from node-vault"),
    associated_data: context,
  });
  const ours = await kms.decrypt(acme, bytes(written.data.ciphertext), CONTEXT);
  equal(text(ours), "from node-vault");

  const ciphertext = text(await kms.encrypt(acme, bytes("from us"), CONTEXT));
  const read = await client.decryptData({ name, ciphertext, associated_data: context });
  equal(atob(read.data.plaintext), "from us");

  await rejects(client.decryptData({ name: "tod-none", ciphertext }), (error: unknown) => {
    return (error as { response: { statusCode: number } }).response.statusCode === 400;
  });
  const stranger = vault({ endpoint: fake.url, token: "s.wrong" });
  await rejects(stranger.read(`transit/keys/${name}`), (error: unknown) => {
    return (error as { response: { statusCode: number } }).response.statusCode === 403;
  });
});
