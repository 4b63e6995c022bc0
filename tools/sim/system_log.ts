import type { Row } from "./live.ts";
import type { SimRouter } from "./router.ts";
import { dateTime } from "./text.ts";

interface LogLine {
  readonly id: string;
  readonly at: number;
  readonly topics: string;
  readonly message: string;
}

const LOG_LINES = 100;
const DAY_MS = 86_400_000;

/** What a router remembers of what happened, and tells to those who listen. */
export class SystemLog {
  readonly #router: SimRouter;
  readonly #lines: LogLine[] = [];

  constructor(router: SimRouter) {
    this.#router = router;
  }

  add(topics: string, message: string): void {
    const router = this.#router;
    const line = { id: router.newId(), at: router.clock(), topics, message };
    this.#lines.push(line);
    if (this.#lines.length > LOG_LINES) this.#lines.shift();
    for (const listener of router.listeners) {
      listener({ path: "/log", kind: "changed", row: this.#row(line) });
    }
  }

  rows(): Row[] {
    return this.#lines.map((line) => this.#row(line));
  }

  clear(): void {
    this.#lines.length = 0;
  }

  #row({ id, at, topics, message }: LogLine): Row {
    const { version } = this.#router;
    const { date, time } = dateTime(at, version.hasIsoDates);
    const isToday = Math.floor(at / DAY_MS) === Math.floor(this.#router.clock() / DAY_MS);
    const short = isToday ? time : `${date.slice(0, 6)} ${time}`;
    const stamp = version.hasIsoDates ? `${date} ${time}` : short;
    return { ".id": id, time: stamp, buffer: "memory", topics, message };
  }
}
