import type { SimRouter } from "./router.ts";
import { Trap } from "./trap.ts";

interface File {
  readonly name: string;
  /** A byte string. */
  data: string;
  at: number;
  /** When the flash has it: a power cut before that leaves it empty. */
  settledAt: number;
  readonly type: string;
}

/** Boards with many cores keep writes to their NAND back for so long. */
const NAND_DELAY_MS = 40_000;

const TYPES: readonly [ending: string, type: string][] = [
  [".backup", "backup"],
  [".rsc", "script"],
  [".txt", ".txt file"],
  [".npk", "package"],
];

/** The files of a router: in flash, or in memory where the board has a directory for flash. */
export class Files {
  readonly #router: SimRouter;
  readonly #files = new Map<string, File>();

  constructor(router: SimRouter) {
    this.#router = router;
  }

  /** Boards with little flash keep everything outside `flash/` in memory. */
  get hasFlashFolder(): boolean {
    return this.#router.board.hasFlashFolder;
  }

  get freeBytes(): number {
    const full = this.#router.fault("flash-full");
    if (full) return full.freeBytes ?? 0;
    const { diskBytes } = this.#router.board;
    let used = Math.floor(diskBytes * 0.4);
    for (const { data } of this.#files.values()) used += data.length;
    return Math.max(0, diskBytes - used);
  }

  list(): readonly File[] {
    return [...this.#files.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Its bytes, as a byte string. */
  read(name: string): string | undefined {
    return this.#files.get(plain(name))?.data;
  }

  /** @throws {Trap} when it does not fit */
  write(name: string, data: string): void {
    const key = plain(name);
    const before = this.#files.get(key)?.data.length ?? 0;
    // The flash holds what is in `flash/`; the rest is as large as memory, here without a limit.
    const isInFlash = !this.hasFlashFolder || key.startsWith("flash/");
    const isFull = this.#router.fault("flash-full") !== undefined;
    if ((isInFlash || isFull) && data.length - before > this.freeBytes) {
      throw new Trap("failure: not enough space on disk", 4);
    }
    const now = this.#router.time.now();
    this.#files.set(key, {
      name: key,
      data,
      at: this.#router.clock(),
      settledAt: now + (this.#router.board.hasSlowFlash ? NAND_DELAY_MS : 0),
      type: TYPES.find(([ending]) => key.endsWith(ending))?.[1] ?? "file",
    });
    this.#router.revision++;
  }

  remove(name: string): boolean {
    this.#router.revision++;
    return this.#files.delete(plain(name));
  }

  /** What a reboot leaves: flash, and of that only what had got there when the power went. */
  boot(cutAt: number | undefined): void {
    for (const file of [...this.#files.values()]) {
      const isInFlash = !this.hasFlashFolder || file.name.startsWith("flash/");
      if (!isInFlash) this.#files.delete(file.name);
      else if (cutAt !== undefined && cutAt < file.settledAt) file.data = "";
      file.settledAt = 0;
    }
  }

  /** Everything is gone, as on a new router. */
  clear(): void {
    this.#files.clear();
  }
}

/** `/flash/x` and `flash/x` are the same file. */
const plain = (name: string) => name.replace(/^\/+/, "");
