import type { RunMessage, RunOutcome, RunRow } from "@/core/contract/device_runs.ts";

/** Rows are gathered this long into one message. */
const FLUSH_MS = 200;
/** A table whose rows have stopped coming for this long is whole. */
const SETTLED_MS = 120;
const MAX_SECTION_ROWS = 300;
/** Characters of one message, and of all that are kept for those who come late. */
const MAX_MESSAGE = 48 * 1_024;
const MAX_KEPT = 128 * 1_024;
const MAX_FIELDS = 40;
const MAX_NAME = 64;
const MAX_VALUE = 1_000;

type Body = RunMessage extends infer Message
  ? Message extends RunMessage ? Omit<Message, "seq" | "at"> : never
  : never;

export interface OutputOptions {
  kind: { output: "rows" | "sections"; maxRowsPerSecond: number };
  now: () => number;
  send(message: RunMessage): void;
}

/** What a run says: bounded in rows a second, in bytes a message, and in what is kept. */
export class RunOutput {
  readonly #options: OutputOptions;
  #seq = 0;
  #kept: { message: RunMessage; size: number }[] = [];
  #keptSize = 0;
  #rows: RunRow[] = [];
  #size = 0;
  /** No row fits the message any more: the rest is counted, not read. */
  #isFull = false;
  #dropped = 0;
  /** The table that is coming in, and the last whole one not told yet. */
  #section: string | undefined;
  #whole: { rows: RunRow[]; dropped: number } | undefined;
  #lastRowAt = -Infinity;
  /** Rows that may still pass in this second. */
  #budget: number;
  #budgetAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#budget = options.kind.maxRowsPerSecond;
    this.#budgetAt = options.now();
  }

  /** When the router said something last. */
  get lastRowAt(): number {
    return this.#lastRowAt;
  }

  get backlog(): RunMessage[] {
    return this.#kept.map(({ message }) => message);
  }

  running(): void {
    this.#tell({ type: "running" });
  }

  /** @param section the table it is part of, as the router numbers them */
  push(row: RunRow, section?: string): void {
    if (this.#isOver) return;
    if (this.#options.kind.output === "sections") this.#pushToSection(row, section);
    else this.#pushRow(row);
    this.#lastRowAt = this.#options.now();
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** The last message; nothing comes after it. */
  end(outcome: RunOutcome, detail: string | null): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tellWaiting(true);
    this.#isOver = true;
    this.#tell({ type: "end", outcome, detail: detail && detail.slice(0, 2_000) });
  }

  #pushRow(row: RunRow): void {
    const now = this.#options.now();
    const { maxRowsPerSecond } = this.#options.kind;
    if (now - this.#budgetAt >= 1_000 || now < this.#budgetAt) {
      this.#budget = maxRowsPerSecond;
      this.#budgetAt = now;
    }
    if (this.#budget > 0 && this.#add(row)) this.#budget -= 1;
    else this.#dropped += 1;
  }

  #pushToSection(row: RunRow, section: string | undefined): void {
    const isNew = section === undefined
      ? this.#options.now() - this.#lastRowAt > SETTLED_MS
      : section !== this.#section;
    if (isNew) {
      // A whole table that was not told yet is superseded: only the newest counts.
      if (this.#rows.length > 0) this.#whole = this.#takeRows();
      this.#clear();
      this.#section = section;
    }
    if (this.#rows.length >= MAX_SECTION_ROWS || !this.#add(row)) this.#dropped += 1;
  }

  #add(row: RunRow): boolean {
    if (this.#isFull) return false;
    const clean = cleanRow(row);
    const size = JSON.stringify(clean).length;
    this.#isFull = this.#size + size > MAX_MESSAGE;
    if (this.#isFull) return false;
    this.#rows.push(clean);
    this.#size += size;
    return true;
  }

  #takeRows() {
    const taken = { rows: this.#rows, dropped: this.#dropped };
    this.#clear();
    return taken;
  }

  #clear(): void {
    this.#rows = [];
    this.#size = 0;
    this.#isFull = false;
    this.#dropped = 0;
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#tellWaiting(false)) this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** @returns false: something still waits to become whole */
  #tellWaiting(isLast: boolean): boolean {
    if (this.#options.kind.output === "rows") {
      if (this.#rows.length + this.#dropped > 0) this.#tell({ type: "rows", ...this.#takeRows() });
      return true;
    }
    const isSettled = isLast || this.#options.now() - this.#lastRowAt >= SETTLED_MS;
    const hasRows = this.#rows.length > 0;
    if (isSettled && hasRows) this.#whole = this.#takeRows();
    if (this.#whole) this.#tell({ type: "section", ...this.#whole });
    this.#whole = undefined;
    return isSettled || !hasRows;
  }

  #tell(body: Body): void {
    const message = { ...body, seq: ++this.#seq, at: this.#options.now() } as RunMessage;
    // Of tables only the last is worth keeping.
    if (message.type === "section") {
      this.#kept = this.#kept.filter(({ message }) => message.type !== "section");
    }
    this.#kept.push({ message, size: JSON.stringify(message).length });
    this.#keptSize = this.#kept.reduce((sum, { size }) => sum + size, 0);
    while (this.#keptSize > MAX_KEPT && this.#kept.length > 1) {
      this.#keptSize -= this.#kept.shift()!.size;
    }
    this.#options.send(message);
  }
}

/** Within bounds, whatever the router sent. */
function cleanRow(row: RunRow): RunRow {
  const clean: RunRow = {};
  let fields = 0;
  for (const [name, value] of Object.entries(row)) {
    if (++fields > MAX_FIELDS) break;
    clean[name.slice(0, MAX_NAME)] = typeof value === "string"
      ? value.slice(0, MAX_VALUE).replaceAll("\0", "")
      : value;
  }
  return clean;
}
