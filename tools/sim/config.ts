import type { Row, Value } from "./live.ts";

/** One thing done to the configuration, and how to take it back. */
export interface Step {
  readonly undo: () => void;
  readonly redo: () => void;
}

/** Values to put into a row; `undefined` takes the property away. */
export type Changes = Readonly<Record<string, Value | undefined>>;

/**
 * The configured rows of a router by menu. Rows keep their identity, as live values of a row look at
 * it; so everything is done by steps that can be taken back, never by copies.
 */
export class Config {
  #stored = new Map<string, Row[]>();
  #steps: Step[] | undefined;

  constructor(
    /** What a menu holds before anybody wrote there. */
    private readonly seeded: (path: string) => Row[],
    private readonly touched: (path: string) => void,
  ) {}

  rows(path: string): Row[] {
    return this.#stored.get(path) ?? this.seeded(path);
  }

  /** The same rows, kept from now on. */
  edit(path: string): Row[] {
    let rows = this.#stored.get(path);
    if (!rows) this.#stored.set(path, rows = this.seeded(path));
    return rows;
  }

  /** Menus that were written to. */
  get paths(): string[] {
    return [...this.#stored.keys()];
  }

  /** Puts rows in place of all that was written, without a way back: a restored backup. */
  replace(stored: Map<string, Row[]>): void {
    this.#stored = stored;
    this.#steps = undefined;
  }

  insert(path: string, row: Row, at: number): void {
    const rows = this.edit(path);
    this.#do(path, {
      redo: () => rows.splice(at, 0, row),
      undo: () => rows.splice(rows.indexOf(row), 1),
    });
  }

  remove(path: string, row: Row): void {
    const rows = this.edit(path);
    const at = rows.indexOf(row);
    this.#do(path, {
      redo: () => rows.splice(rows.indexOf(row), 1),
      undo: () => rows.splice(at, 0, row),
    });
  }

  move(path: string, row: Row, to: number): void {
    const rows = this.edit(path);
    const from = rows.indexOf(row);
    const put = (at: number) => {
      rows.splice(rows.indexOf(row), 1);
      rows.splice(at, 0, row);
    };
    this.#do(path, { redo: () => put(to), undo: () => put(from) });
  }

  assign(path: string, row: Row, changes: Changes): void {
    const before: Record<string, Value | undefined> = {};
    for (const name of Object.keys(changes)) before[name] = row[name];
    this.#do(path, { redo: () => put(row, changes), undo: () => put(row, before) });
  }

  /** Runs `change`, all of it or nothing. @returns its steps, in order */
  record(change: () => void): Step[] {
    const outer = this.#steps;
    const steps: Step[] = this.#steps = [];
    try {
      change();
    } catch (error) {
      for (const step of steps.toReversed()) step.undo();
      throw error;
    } finally {
      this.#steps = outer;
    }
    outer?.push(...steps);
    return steps;
  }

  #do(path: string, step: { undo: () => unknown; redo: () => unknown }): void {
    const told = (act: () => unknown) => () => {
      act();
      this.touched(path);
    };
    const whole = { undo: told(step.undo), redo: told(step.redo) };
    whole.redo();
    this.#steps?.push(whole);
  }
}

function put(row: Row, changes: Changes): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete row[name];
    else row[name] = value;
  }
}
