import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { SigningKey, SigningKeys } from "./signing_keys.ts";

export interface RefreshToken {
  readonly sessionId: string;
  /** Grows by one with each use. */
  readonly generation: number;
  readonly kid: string;
  readonly mac: Uint8Array;
}

const FORM = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.(\d{1,9})\.([\w-]{43})$/;

/**
 * Text of a session's refresh token: it holds only for whoever has both the session's seed and the
 * installation's key, so the database alone forges none. Old ones stay recognisable as ours, which is
 * how theft is told from a guess.
 */
export function makeRefreshToken(
  key: SigningKey,
  sessionId: string,
  generation: number,
  seed: Uint8Array,
): string {
  const mac = macOf(key, sessionId, generation, seed).toString("base64url");
  return `${sessionId}.${generation}.${key.kid}.${mac}`;
}

export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, sessionId, generation, kid, mac] = FORM.exec(text) ?? [];
  if (sessionId === undefined) return undefined;
  return {
    sessionId,
    generation: Number(generation),
    kid: kid!,
    mac: Buffer.from(mac!, "base64url"),
  };
}

/** Whether we made this token, in whatever generation it was. */
export async function isGenuine(
  keys: SigningKeys,
  { sessionId, generation, kid, mac }: RefreshToken,
  seed: Uint8Array,
): Promise<boolean> {
  const key = await keys.byKid(kid);
  if (!key) return false;
  return timingSafeEqual(macOf(key, sessionId, generation, seed), mac);
}

function macOf(key: SigningKey, sessionId: string, generation: number, seed: Uint8Array): Buffer {
  return createHmac("sha256", key.bytes).update(`refresh.${sessionId}.${generation}.`).update(seed)
    .digest();
}
