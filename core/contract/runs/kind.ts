import type { z } from "zod";

/**
 * What can be run live: on a router, or from a poller of a region. Shipped to browsers, so it is data
 * alone; how it is done stands in `poller/runs/kinds/`.
 */
export interface RunKind<Params extends z.ZodType = z.ZodType> {
  /** For people: "Ping". */
  readonly title: string;
  /** Who may start, follow and stop it. */
  readonly permission: "tools:run" | "logs:read" | "discovery:run";
  /** `device`: over a session with one router; `region`: by a poller, without any. */
  readonly target: "device" | "region";
  /** Every parameter, checked by the API and again by the poller. */
  readonly params: Params;
  /** `rows`: each row is news. `sections`: the router tells the whole table again and again. */
  readonly output: "rows" | "sections";
  /** It is stopped after this long, whoever watches. */
  readonly maxSeconds: number;
  /** Rows a second that are passed on; what comes above is dropped and counted. */
  readonly maxRowsPerSecond: number;
}
