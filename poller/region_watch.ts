/** Below this a dark half is nothing strange. */
const MIN_DEVICES = 4;

/**
 * Suspects the poller itself when more than half of its devices go dark at once: then the fault is
 * more likely here (our uplink, our DNS) than in every router.
 */
export class RegionWatch {
  #dark = new Map<string, number>();
  #answering = new Set<string>();
  #isDark = false;

  /** @param onChange told once when the region goes dark, and once when it is over */
  constructor(
    readonly now: () => number,
    readonly onChange: (isDark: boolean, dark: number) => void,
  ) {}

  get isDark(): boolean {
    return this.#isDark;
  }

  answered(id: string): void {
    this.#dark.delete(id);
    this.#answering.add(id);
    this.#judge();
  }

  /** A device that answered before does not any more. */
  missed(id: string): void {
    // Never heard of since we started: says nothing about us.
    if (!this.#answering.has(id) && !this.#dark.has(id)) return;
    this.#answering.delete(id);
    if (!this.#dark.has(id)) this.#dark.set(id, this.now());
    this.#judge();
  }

  forget(id: string): void {
    this.#dark.delete(id);
    this.#answering.delete(id);
    this.#judge();
  }

  #judge(): void {
    const total = this.#dark.size + this.#answering.size;
    const isDark = total >= MIN_DEVICES && this.#dark.size * 2 > total;
    if (isDark === this.#isDark) return;
    this.#isDark = isDark;
    this.onChange(isDark, this.#dark.size);
  }
}
