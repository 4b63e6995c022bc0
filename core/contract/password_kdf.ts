/** Figures that browser and server share; apart from the schemas, which would take zod along. */

/** Of every salt alike: a length must not tell an account from a decoy. */
export const SALT_BYTES = 32;
/** A browser derives with no fewer, whatever a server says: fewer would help a thief of verifiers. */
export const MIN_ITERATIONS = 600_000;
/** PBKDF2-SHA256 iterations for new passwords. */
export const ITERATIONS = 650_000;
export const MAX_ITERATIONS = 10_000_000;
export const SRP_GROUP = "2048";
/** Length of a number of that group. */
export const GROUP_BYTES = 256;
