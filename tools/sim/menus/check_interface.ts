import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";

/** @throws {Trap} when the router has no such interface */
export function checkInterface(router: SimRouter, name: string | undefined): void {
  if (name === undefined) return;
  const isThere = router.rows("/interface").some((row) => row["name"] === name);
  if (!isThere) throw new Trap("input does not match any value of interface", 1);
}
