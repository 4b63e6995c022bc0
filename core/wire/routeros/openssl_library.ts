/** OpenSSL 3 by FFI: the calls of a TLS client over memory BIOs, nothing else. */
const SSL_SYMBOLS = {
  TLS_client_method: { parameters: [], result: "pointer" },
  SSL_CTX_new: { parameters: ["pointer"], result: "pointer" },
  SSL_CTX_free: { parameters: ["pointer"], result: "void" },
  SSL_CTX_set_cipher_list: { parameters: ["pointer", "buffer"], result: "i32" },
  SSL_CTX_ctrl: { parameters: ["pointer", "i32", "i64", "pointer"], result: "i64" },
  SSL_CTX_set_options: { parameters: ["pointer", "u64"], result: "u64" },
  SSL_new: { parameters: ["pointer"], result: "pointer" },
  SSL_free: { parameters: ["pointer"], result: "void" },
  SSL_set_bio: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  SSL_set_connect_state: { parameters: ["pointer"], result: "void" },
  SSL_do_handshake: { parameters: ["pointer"], result: "i32" },
  SSL_read: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  SSL_write: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  SSL_get_error: { parameters: ["pointer", "i32"], result: "i32" },
  SSL_get1_peer_certificate: { parameters: ["pointer"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

const CRYPTO_SYMBOLS = {
  BIO_s_mem: { parameters: [], result: "pointer" },
  BIO_new: { parameters: ["pointer"], result: "pointer" },
  BIO_read: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  BIO_write: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  i2d_X509: { parameters: ["pointer", "pointer"], result: "i32" },
  X509_free: { parameters: ["pointer"], result: "void" },
  ERR_clear_error: { parameters: [], result: "void" },
  ERR_get_error: { parameters: [], result: "u64" },
  ERR_error_string_n: { parameters: ["u64", "buffer", "usize"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

const FILES = Deno.build.os === "darwin"
  ? { ssl: "libssl.3.dylib", crypto: "libcrypto.3.dylib" }
  : { ssl: "libssl.so.3", crypto: "libcrypto.so.3" };

/** Where distributions keep them: a permission for one file has to name its whole path. */
const FOLDERS = [
  "/usr/lib/x86_64-linux-gnu/",
  "/usr/lib/aarch64-linux-gnu/",
  "/usr/lib64/",
  "/usr/lib/",
  "/lib/",
  "/opt/homebrew/lib/",
];

/** Where to load the libraries from: "" leaves the search to the system; `undefined`: nowhere. */
function permittedFolder(): string | undefined {
  const isGranted = (path?: string) =>
    Deno.permissions.querySync(path ? { name: "ffi", path } : { name: "ffi" }).state === "granted";
  if (isGranted()) return "";
  return FOLDERS.find((folder) =>
    Object.values(FILES).every((file) => isGranted(`${folder}${file}`))
  );
}

/** From openssl/ssl.h and openssl/tls1.h. */
const SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
const TLS1_VERSION = 0x0301n;
const SSL_OP_LEGACY_SERVER_CONNECT = 1n << 2n;
/**
 * Everything that encrypts, anonymous key exchange included (OpenSSL puts it last); level 0 allows
 * SHA-1, short keys and TLS 1.0. Ciphers without encryption are not in ALL.
 */
export const LEGACY_CIPHERS = "ALL:@SECLEVEL=0";

/**
 * The libraries with one context that accepts old cryptography. Shared by all links of a process
 * and given back with the last of them.
 */
export class OpensslLibrary {
  readonly ssl: Deno.DynamicLibrary<typeof SSL_SYMBOLS>["symbols"];
  readonly crypto: Deno.DynamicLibrary<typeof CRYPTO_SYMBOLS>["symbols"];
  readonly context: Deno.PointerValue;
  /** For one call at a time: every use copies out before the next call. */
  readonly scratch = new Uint8Array(32 * 1024);
  readonly #close: () => void;
  static #shared: OpensslLibrary | undefined;
  static #users = 0;

  /** Whether this process may call libraries at all. */
  static isPermitted(): boolean {
    return permittedFolder() !== undefined;
  }

  /** Takes a share; pair it with {@linkcode release}. Throws when libssl 3 is not installed. */
  static acquire(): OpensslLibrary {
    OpensslLibrary.#shared ??= new OpensslLibrary();
    OpensslLibrary.#users++;
    return OpensslLibrary.#shared;
  }

  release(): void {
    if (--OpensslLibrary.#users > 0) return;
    OpensslLibrary.#shared = undefined;
    this.ssl.SSL_CTX_free(this.context);
    this.#close();
  }

  private constructor() {
    const folder = permittedFolder() ?? "";
    const ssl = Deno.dlopen(`${folder}${FILES.ssl}`, SSL_SYMBOLS);
    const crypto = Deno.dlopen(`${folder}${FILES.crypto}`, CRYPTO_SYMBOLS);
    this.ssl = ssl.symbols;
    this.crypto = crypto.symbols;
    this.#close = () => {
      ssl.close();
      crypto.close();
    };
    this.context = this.ssl.SSL_CTX_new(this.ssl.TLS_client_method());
    const ciphers = new TextEncoder().encode(`${LEGACY_CIPHERS}\0`);
    const { context } = this;
    this.ssl.SSL_CTX_set_cipher_list(context, ciphers);
    // The system's openssl.cnf may ask for more; this context exists for routers that have less.
    this.ssl.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_VERSION, null);
    this.ssl.SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  }

  /** The oldest error of OpenSSL's queue in words, the queue emptied. */
  takeError(): string {
    const code = this.crypto.ERR_get_error();
    this.crypto.ERR_clear_error();
    if (code === 0n) return "the peer ended the handshake";
    const text = new Uint8Array(256);
    this.crypto.ERR_error_string_n(code, text, BigInt(text.length));
    return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
  }

  /** DER of an X509, which is freed. */
  takeCertificate(x509: Deno.PointerValue): Uint8Array | undefined {
    if (x509 === null) return undefined;
    try {
      const der = new Uint8Array(this.crypto.i2d_X509(x509, null));
      // i2d_X509(x, &p) writes at p and moves p on: p lives in an array of one pointer.
      const cursor = new BigUint64Array([Deno.UnsafePointer.value(Deno.UnsafePointer.of(der))]);
      this.crypto.i2d_X509(x509, Deno.UnsafePointer.of(cursor));
      return der;
    } finally {
      this.crypto.X509_free(x509);
    }
  }
}
