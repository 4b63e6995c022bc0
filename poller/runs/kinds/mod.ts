import type { RunKindName } from "@/core/contract/runs/mod.ts";
import type { Runner } from "../runner.ts";
import { ping } from "./ping.ts";

/** How each kind of run is done. A kind without a runner does not compile. */
export const RUNNERS: Readonly<Record<RunKindName, Runner<never>>> = {
  ping,
};
