/** What x is made of: something known, something held, and what the server keeps for both. */
export interface TwoSecrets {
  password: string;
  /** 16 bytes that never leave the browser. */
  secretKey: Uint8Array<ArrayBuffer>;
  /** The account's id. */
  identity: string;
  pbkdf2Salt: Uint8Array<ArrayBuffer>;
  hkdfSalt: Uint8Array<ArrayBuffer>;
  iterations: number;
}

/** The same for every way a keyboard composes a letter, and for a space caught when copying. */
export function normalisePassword(password: string): string {
  return password.normalize("NFKD").trim();
}

/**
 * x of SRP, 32 bytes: PBKDF2-SHA256 of the password XOR HKDF-SHA256 of the Secret Key. Who has the
 * server's data alone must guess 128 random bits beside the password.
 *
 * @throws {RangeError} on an empty password or a Secret Key of another length
 */
export async function deriveX(
  { password, secretKey, identity, pbkdf2Salt, hkdfSalt, iterations }: TwoSecrets,
): Promise<Uint8Array<ArrayBuffer>> {
  const normal = normalisePassword(password);
  if (normal === "") throw new RangeError("Cannot derive as the password must not be empty");
  if (secretKey.length !== 16) {
    throw new RangeError(
      `Cannot derive as a Secret Key must be 16 bytes: current value is ${secretKey.length}`,
    );
  }
  const [slow, fast] = await Promise.all([
    deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: pbkdf2Salt, iterations }, encode(normal)),
    deriveBits(
      { name: "HKDF", hash: "SHA-256", salt: hkdfSalt, info: encode(identity) },
      secretKey,
    ),
  ]);
  return slow.map((byte, i) => byte ^ fast[i]!);
}

const encode = (text: string) => new TextEncoder().encode(text);

async function deriveBits(
  algorithm: Pbkdf2Params | HkdfParams,
  secret: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name } = algorithm;
  const key = await crypto.subtle.importKey("raw", secret, name, false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}
