import type { PollTarget } from "@/core/devices/poll_target.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { RouterosSession } from "@/core/wire/routeros/mod.ts";
import type { RunOutput } from "./output.ts";

/** What a run works with. */
export interface RunContext<Params = unknown> {
  readonly params: Params;
  /** `null` for a run of the region. */
  readonly target: PollTarget | null;
  readonly region: string;
  readonly clock: Clock;
  readonly output: RunOutput;
  /** Aborts with the reason when it has to end; what it holds on the router is to be let go then. */
  readonly signal: AbortSignal;
  /** A session of its own with the router; close it. */
  open(): Promise<RouterosSession>;
}

/** Does what a kind of run is. Ends by itself, throws what went wrong, or what `signal` says. */
export type Runner<Params = unknown> = (context: RunContext<Params>) => Promise<void>;
