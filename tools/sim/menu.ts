import type { Holder } from "./history.ts";
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
  /** What it holds before anybody writes there. */
  rows(router: SimRouter): Row[];
  /** Rows that come by themselves, after the configured ones; nobody changes them. */
  dynamic?(router: SimRouter): Row[];
  /** Dynamic rows that may be removed, for example a session. */
  readonly hasDynamicWrites?: boolean;
  /** What a property is unless told otherwise: a new item has it, and no export says it. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** What `add` must be given. */
  readonly needs?: readonly string[];
  /** Properties (several by `+`) that no two items share; `name` where there is one. */
  readonly unique?: readonly string[];
  /** What is said to the second one. */
  readonly taken?: string;
  /** The order of its items counts: they can be moved. */
  readonly isOrdered?: boolean;
  /** A new item without a name is called so, and numbered. */
  readonly autoName?: string;
  /** Kept, but never shown. */
  readonly hidden?: readonly string[];
  /** The policy a user needs to change it, beside `write`. */
  readonly policy?: string;
  /** @throws {Trap} when this user may not write this */
  checkActor?(actor: Actor, attributes: ReadonlyMap<string, string>): void;
  /** No `/export` tells of it. */
  readonly isUnexported?: boolean;
  /** @throws {Trap} when a row cannot be like this; `before` is `undefined` for a new one */
  check?(router: SimRouter, shown: Row, before: Row | undefined): void;
  /** Properties that follow from others. */
  derive?(
    router: SimRouter,
    shown: Row,
    before: Row | undefined,
  ): Record<string, string | undefined>;
  /** A configured row as it is shown, with what became of it. */
  show?(router: SimRouter, row: Row): Row;
  /** Before an item goes. */
  remove?(router: SimRouter, row: Row): void;
  /** After something changed here, by whatever way: what follows from it elsewhere. */
  touched?(router: SimRouter): void;
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
  /** What the user must be allowed; `write` unless told. */
  readonly policies?: readonly string[];
  /** Rows, a value behind `!done`, or work that takes its time. */
  run(router: SimRouter, attributes: ReadonlyMap<string, string>, actor: Actor): Done;
}

export type Done = Row[] | { readonly ret: string | undefined } | { readonly task: Task };

/** Work step by step: each yield waits that many milliseconds; it ends with the `=ret=`, if any. */
export type Task = Generator<number, string | undefined>;

/** Who carries a command out, and on what. */
export interface Actor {
  readonly name: string;
  readonly policies: ReadonlySet<string>;
  /** The connection, for safe mode; a script that the router runs by itself has none. */
  readonly holder: Holder | undefined;
  /** A script does it; nobody waits for the answer. */
  readonly isScript?: boolean;
  /** Ends the connection without `!done`, as a reboot does. */
  hangUp(): void;
}
