import type { Step } from "./config.ts";
import type { Row } from "./live.ts";
import type { SimRouter } from "./router.ts";
import type { TimerId } from "./time.ts";
import { dateTime } from "./text.ts";
import { Trap } from "./trap.ts";

/** Actions the router can take back; one more, and safe mode is over with everything kept. */
export const HISTORY_LENGTH = 100;
/** From the end of the holder's connection until its changes are taken back. */
const ROLLBACK_MS = 2_000;

interface Action {
  readonly id: string;
  readonly text: string;
  readonly by: string;
  readonly at: number;
  readonly steps: readonly Step[];
  isFloating: boolean;
  isUndone: boolean;
}

/** Who holds safe mode: a session, compared by identity. */
export interface Holder {
  readonly user: { readonly name: string };
  readonly address: string;
  readonly via: string;
}

/** What was done to the configuration, and who holds safe mode over it. */
export class History {
  readonly #router: SimRouter;
  #actions: Action[] = [];
  #owner: Holder | undefined;
  #rollback: TimerId | undefined;

  constructor(router: SimRouter) {
    this.#router = router;
  }

  get owner(): Holder | undefined {
    return this.#owner;
  }

  /** Actions that safe mode would take back now. */
  get floating(): number {
    return this.#actions.filter(({ isFloating, isUndone }) => isFloating && !isUndone).length;
  }

  record(text: string, by: string, steps: readonly Step[]): void {
    if (steps.length === 0) return;
    this.#actions = this.#actions.filter(({ isUndone }) => !isUndone);
    this.#actions.push({
      id: this.#router.newId(),
      text,
      by,
      at: this.#router.clock(),
      steps,
      isFloating: this.#owner !== undefined,
      isUndone: false,
    });
    if (this.#actions.length <= HISTORY_LENGTH) return;
    const lost = this.#actions.shift()!;
    if (lost.isFloating) this.#leave("safe mode ended: too many actions", true);
  }

  /** @throws {Trap} when another session holds it and `onError` does not say what to do then */
  take(holder: Holder, onError?: string): void {
    if (this.#owner === holder) throw new Trap("failure: already in safe mode", 4);
    if (this.#owner) {
      if (onError === "unroll" || onError === "u") this.unroll();
      else if (onError === "release" || onError === "r") this.release();
      else throw new Trap(`failure: safe mode is held by ${this.#owner.user.name}`, 4);
    }
    this.#owner = holder;
    this.#router.log("system,info", `${holder.user.name} took safe mode`);
  }

  /** Keeps the changes; any session may. */
  release(): void {
    if (!this.#owner) throw new Trap("failure: not in safe mode", 4);
    this.#leave("safe mode released", true);
  }

  /** Takes all changes back at once; the session stays. */
  unroll(): void {
    if (!this.#owner) throw new Trap("failure: not in safe mode", 4);
    for (const action of this.#actions.toReversed()) {
      if (!action.isFloating || action.isUndone) continue;
      for (const step of action.steps.toReversed()) step.undo();
      action.isUndone = true;
    }
    this.#actions = this.#actions.filter(({ isUndone }) => !isUndone);
    this.#leave("safe mode unrolled", false);
    this.#router.tell("undone");
  }

  /** The router noticed that a connection is over; changes it held are taken back a little later. */
  left(holder: Holder): void {
    if (this.#owner !== holder || this.#rollback !== undefined) return;
    this.#rollback = this.#router.time.setTimeout(() => {
      this.#rollback = undefined;
      if (this.#owner === holder) this.unroll();
    }, ROLLBACK_MS);
  }

  /** @throws {Trap} when nothing is left to undo */
  undo(): void {
    const action = this.#actions.findLast(({ isUndone }) => !isUndone);
    if (!action) throw new Trap("failure: nothing to undo", 4);
    for (const step of action.steps.toReversed()) step.undo();
    action.isUndone = true;
  }

  redo(): void {
    const action = this.#actions.find(({ isUndone }) => isUndone);
    if (!action) throw new Trap("failure: nothing to redo", 4);
    for (const step of action.steps) step.redo();
    action.isUndone = false;
  }

  /** The list lives in memory, and so does safe mode. */
  boot(): void {
    if (this.#owner && this.#router.fault("safe-mode-lost-on-reboot")) this.unroll();
    this.#router.time.clearTimeout(this.#rollback);
    this.#rollback = this.#owner = undefined;
    this.#actions = [];
  }

  rows(): Row[] {
    return this.#actions.toReversed().map((action) => {
      const { date, time } = dateTime(action.at, this.#router.version.hasIsoDates);
      return {
        ".id": action.id,
        action: action.text,
        by: action.by,
        policy: "write",
        time: `${date} ${time}`,
        undoable: String(!action.isUndone),
        redoable: String(action.isUndone),
        "floating-undo": String(action.isFloating && !action.isUndone),
      };
    });
  }

  #leave(text: string, keeps: boolean): void {
    this.#owner = undefined;
    this.#router.time.clearTimeout(this.#rollback);
    this.#rollback = undefined;
    for (const action of this.#actions) if (keeps) action.isFloating = false;
    this.#router.log("system,info", text);
    this.#router.revision++;
  }
}
