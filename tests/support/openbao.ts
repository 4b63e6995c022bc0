import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/**
 * OpenBao's HTTP API as far as the product uses it: `sys/health`, the token's own look-up and the
 * Transit engine, with the status codes, error bodies and capability rules of the real one.
 *
 * @see OpenBao documentation, "Transit secrets engine (API)", "/sys/health"
 */
export interface FakeOpenbao extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Method and path of every request, oldest first. */
  readonly requests: string[];
  isSealed: boolean;
  /** The policy gives `create` on `encrypt/*`: then encryption makes a missing key by itself. */
  mayCreateByEncrypting: boolean;
  /** What a failed AES-GCM check answers: 400 in most versions, 500 in Vault 1.5 to 1.6. */
  forgeryStatus: 400 | 500;
  /** Requests are taken and never answered. */
  isHung: boolean;
}

interface Key {
  versions: Buffer[];
  isDeletable: boolean;
}

type Body = Record<string, unknown>;
interface Answer {
  status: number;
  body?: Body;
}

const ok = (data: Body = {}): Answer => ({
  status: 200,
  body: {
    ...{ request_id: crypto.randomUUID(), lease_id: "", renewable: false, lease_duration: 0 },
    ...{ data, wrap_info: null, warnings: null, auth: null },
  },
});
const failed = (status: number, ...errors: string[]): Answer => ({ status, body: { errors } });

export function startFakeOpenbao(): FakeOpenbao {
  const keys = new Map<string, Key>();
  const token = `s.${crypto.randomUUID().replaceAll("-", "")}`;
  const stop = new AbortController();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    fake.requests.push(`${request.method} ${pathname}`);
    const text = await request.text();
    if (fake.isHung) await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
    let body: Body = {};
    try {
      if (text) body = JSON.parse(text);
    } catch {
      return respond(failed(400, "failed to parse JSON input: invalid character"));
    }
    const path = pathname.replace(/^\/v1\//, "");
    if (path === "sys/health") return respond(health(fake.isSealed));
    if (fake.isSealed) return respond(failed(503, "Vault is sealed"));
    if (request.headers.get("x-vault-token") !== token) {
      return respond(failed(403, "permission denied"));
    }
    if (path === "auth/token/lookup-self") return respond(ok({ ttl: 0, renewable: false }));
    return respond(transit(keys, fake, request.method, path, body));
  });
  const fake: FakeOpenbao = {
    url: `http://127.0.0.1:${server.addr.port}`,
    token,
    requests: [],
    isSealed: false,
    mayCreateByEncrypting: false,
    forgeryStatus: 400,
    isHung: false,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.shutdown();
    },
  };
  return fake;
}

function health(isSealed: boolean): Answer {
  const body = { initialized: true, sealed: isSealed, standby: false, version: "2.3.1" };
  return { status: isSealed ? 503 : 200, body };
}

function respond({ status, body }: Answer): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}

function transit(
  keys: Map<string, Key>,
  policy: FakeOpenbao,
  method: string,
  path: string,
  body: Body,
): Answer {
  const [mount, verb, name = "", action] = path.split("/");
  const isWrite = method === "POST" || method === "PUT";
  const key = keys.get(name);
  const isKnown = ["keys", "encrypt", "decrypt"].includes(verb!) && name !== "";
  if (mount !== "transit" || !isKnown) {
    return failed(404, `no handler for route "${path}". route entry not found.`);
  }
  if (verb === "keys" && action === undefined) {
    if (isWrite) {
      if (!key) keys.set(name, newKey());
      return ok({ name, type: "aes256-gcm96", latest_version: keys.get(name)!.versions.length });
    }
    if (method === "GET") return key ? ok({ name, latest_version: 1 }) : failed(404);
    if (!key) return failed(400, `error deleting policy ${name}: could not delete key; not found`);
    if (!key.isDeletable) {
      return failed(400, `error deleting policy ${name}: deletion is not allowed for this key`);
    }
    keys.delete(name);
    return { status: 204 };
  }
  if (!isWrite) return failed(405, "unsupported operation");
  if (verb === "keys") {
    if (!key) return failed(400, `no existing key named ${name} could be found`);
    if (action === "config") key.isDeletable = body["deletion_allowed"] === true;
    else if (action === "rotate") key.versions.push(randomBytes(32));
    else return failed(404, `no handler for route "${path}". route entry not found.`);
    return ok({ name });
  }
  const aad = Buffer.from(String(body["associated_data"] ?? ""), "base64");
  if (verb === "encrypt") {
    // Encryption has an existence check: on a missing key it is a create, which a policy may not give.
    if (!key && !policy.mayCreateByEncrypting) {
      return failed(403, "1 error occurred:\n\t* permission denied\n\n");
    }
    const used = key ?? newKey();
    keys.set(name, used);
    if (typeof body["plaintext"] !== "string") return failed(400, "missing plaintext to encrypt");
    return encrypt(used, Buffer.from(body["plaintext"], "base64"), aad);
  }
  if (!key) return failed(400, "encryption key not found");
  return decrypt(key, String(body["ciphertext"] ?? ""), aad, policy.forgeryStatus);
}

const newKey = (): Key => ({ versions: [randomBytes(32)], isDeletable: false });

function encrypt(key: Key, plaintext: Buffer, aad: Buffer): Answer {
  const version = key.versions.length;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.versions[version - 1]!, nonce).setAAD(aad);
  const sealed = Buffer.concat([nonce, cipher.update(plaintext), cipher.final()]);
  const text = Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64");
  return ok({ ciphertext: `vault:v${version}:${text}`, key_version: version });
}

function decrypt(key: Key, text: string, aad: Buffer, forgeryStatus: number): Answer {
  const [, version, encoded] = /^vault:v(\d+):(.*)$/.exec(text) ?? [];
  if (version === undefined) return failed(400, "invalid ciphertext: no prefix");
  const secret = key.versions[Number(version) - 1];
  if (!secret) return failed(400, "invalid ciphertext: version is too new");
  const bytes = Buffer.from(encoded!, "base64");
  if (bytes.length < 28) return failed(400, "invalid ciphertext length");
  const open = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, 12)).setAAD(aad)
    .setAuthTag(bytes.subarray(-16));
  try {
    const plaintext = Buffer.concat([open.update(bytes.subarray(12, -16)), open.final()]);
    return ok({ plaintext: plaintext.toString("base64") });
  } catch {
    return failed(
      forgeryStatus,
      "1 error occurred:\n\t* cipher: message authentication failed\n\n",
    );
  }
}
