/** A 32-bit hash of numbers and text: same input, same router, in every run. */
export function hash(...parts: (number | string)[]): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0x2c, 0x01000193);
  }
  // The last steps of murmur3: without them neighbouring seeds look alike.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A whole number in `[low, high]`, fixed by `parts`. */
export function between(low: number, high: number, ...parts: (number | string)[]): number {
  return low + (hash(...parts) % (high - low + 1));
}

export function pick<T>(list: readonly T[], ...parts: (number | string)[]): T {
  return list[hash(...parts) % list.length]!;
}

/** A MAC address with MikroTik's own prefix, fixed by `parts`. */
export function mac(...parts: (number | string)[]): string {
  const tail = hash(...parts).toString(16).padStart(8, "0").slice(0, 6);
  return ("48A98A" + tail).toUpperCase().match(/../g)!.join(":");
}
