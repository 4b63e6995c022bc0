/** What the QR code of an Emergency Kit carries. */
export interface SignInLink {
  email: string;
  secretKey: string;
}

/**
 * The sign-in page's address with e-mail and Secret Key behind `#`: browsers never send that part, so
 * neither the server nor a proxy sees the key.
 */
export function makeSignInLink(signInUrl: string, { email, secretKey }: SignInLink): string {
  const url = new URL(signInUrl);
  url.hash = new URLSearchParams({ email, key: secretKey }).toString();
  return url.href;
}

/** From `location.hash`; `undefined` if it carries no key. */
export function readSignInLink(hash: string): SignInLink | undefined {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const secretKey = fields.get("key");
  return secretKey ? { email: fields.get("email") ?? "", secretKey } : undefined;
}

/** A path of this site to go on to, or `/`: a link must not lead elsewhere after signing in. */
export function ownPath(path: string | undefined): string {
  return path && /^\/(?![/\\])[^\\\s]*$/.test(path) ? path : "/";
}
