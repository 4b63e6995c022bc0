import type { Row } from "./live.ts";
import type { SimRouter } from "./router.ts";

/** One folder of the command tree. Every menu answers print, getall, get, find and listen. */
export interface Menu {
  readonly path: string;
  /** One row without `.id` (identity, clock), or a list. */
  readonly isSingle?: boolean;
  /** Verbs besides the reading ones: set, add, remove, enable, disable, unset, comment. */
  readonly verbs?: readonly string[];
  /** What set and add take. */
  readonly settable?: readonly string[];
  /** Flags print takes here besides the general ones. */
  readonly printFlags?: readonly string[];
  /** Properties left out of a print without `stats`, `stats-detail` or a proplist naming them. */
  readonly statsOnly?: readonly string[];
  /** Rows come and go with time: an answer may be reused this long. */
  readonly renewMs?: number;
  /** Rows change with each command or login: never reuse an answer. */
  readonly isFresh?: boolean;
  /** Nothing to print: a folder that only holds actions. */
  readonly isFolder?: boolean;
  rows(router: SimRouter): Row[];
  /** Writes go to the row of the same `.id` there: this menu is a view of it. */
  readonly viewOf?: string;
  /** The full row of the menu under a view, for one that `add` makes here. */
  create?(router: SimRouter, attributes: Record<string, string>): Row;
  /** How many rows a table too large to list has. */
  count?(router: SimRouter, now: number): number;
  /** Commands that report on rows until told `once`: monitor, monitor-traffic. */
  readonly monitors?: Readonly<Record<string, Monitor>>;
  /** Commands that work for a while, or answer with a value: ping, torch, resolve. */
  readonly tools?: Readonly<Record<string, Tool>>;
  /** Commands that do something once. */
  readonly actions?: Readonly<Record<string, Action>>;
}

/** Reports on one row (`undefined` for a monitor of the whole menu) at `now`. */
export interface Monitor {
  /** The attribute that names the rows, for example `numbers`. */
  readonly names: string;
  report(router: SimRouter, row: Row, now: number): Row;
}

export interface Tool {
  readonly accepts: readonly string[];
  readonly needs: readonly string[];
  start(router: SimRouter, attributes: ReadonlyMap<string, string>): ToolRun;
}

/** Rows round by round, or the value of `!done =ret=` (`undefined`: nothing to say). */
export type ToolRun =
  | {
    readonly everyMs: number;
    readonly rounds: number;
    /** Each round tells the whole table again, numbered. */
    readonly hasSections: boolean;
    rows(round: number, now: number): Row[];
  }
  | { readonly ret: string | undefined };

export interface Action {
  readonly accepts: readonly string[];
  run(router: SimRouter, attributes: ReadonlyMap<string, string>, client: Client): Row[];
}

/** The connection an action came on. */
export interface Client {
  /** Ends the connection without `!done`, as a reboot does. */
  hangUp(): void;
}
