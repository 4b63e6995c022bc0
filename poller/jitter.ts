/** A number in [0, 1) that is always the same for one id: where in the interval its device stands. */
export function phaseOf(id: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  // FNV's low bits mix poorly for ids that differ at their end only.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) / 2 ** 32;
}

/**
 * When a device is due next: its own place in the interval, the same after a restart, so that a fleet
 * is never polled in one burst.
 */
export function nextDue(id: string, intervalMs: number, after: number): number {
  const offset = phaseOf(id) * intervalMs;
  return (Math.floor((after - offset) / intervalMs) + 1) * intervalMs + offset;
}
