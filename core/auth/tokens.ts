import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";

/** A random value for a link, a key or a cookie: 256 bits, URL-safe. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a random token. No salt and no stretching: nobody guesses 256 bits. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
