import type { Push } from "@/core/contract/push_views.ts";

const GUARDS = {
  script:
    "The router itself: unless TOD tells it every few seconds to wait, a job on it brings the old configuration " +
    "back within a minute, without a reboot.",
  backup:
    "The router itself: unless TOD tells it every few seconds to wait, a job on it loads the backup from before " +
    "and reboots.",
  safe_mode:
    "Safe mode alone: when the connection is cut the router notices within nine minutes and undoes the change.",
  none: "Nothing. If the router is lost, somebody has to go there.",
} as const;

const OPEN: readonly Push["state"][] = ["armed", "applied", "confirming", "reverting", "unknown"];

/** What would bring the old configuration back now; `undefined`: there is nothing to bring back. */
export function guardOf({ state, guard }: Pick<Push, "state" | "guard">): string | undefined {
  return guard !== null && OPEN.includes(state) ? GUARDS[guard] : undefined;
}

/** What is going on, in a sentence or two. */
export function explain(push: Push): string {
  const { state, confirm, decision } = push;
  const asked = decision?.action;
  switch (state) {
    case "draft":
      return "It begins within seconds. The router was not touched.";
    case "backed_up":
      return "The configuration as it is was kept. Now the way back is made ready; nothing is changed yet.";
    case "armed":
      return "The way back is ready on the router, and the change is being made.";
    case "applied":
      if (asked === "confirm") {
        return "You chose to keep it. This is being settled with the router.";
      }
      if (asked === "revert") return "It is about to be taken back.";
      return confirm === "auto"
        ? "The change is made and was proven on a new connection. It is about to be kept."
        : "The change is made, and the router was reached anew with it. Keep it, or it is taken back.";
    case "confirming":
      return "The decision to keep it is made. The router is being told.";
    case "confirmed":
      return "The router holds the new configuration, and nothing on it waits to take it back.";
    case "reverting":
      return "The old configuration is being brought back.";
    case "reverted":
      return "The router holds exactly what it held before. This was read back from it.";
    case "failed":
      return "It was refused before anything on the router was changed.";
    case "unknown":
      return "What the router holds now is not known: it does not answer, or it holds neither the old nor the " +
        "new configuration.";
  }
}

/** What somebody can do about an unknown outcome. */
export const UNKNOWN_ADVICE: readonly string[] = [
  "TOD looks again by itself and settles it once the router answers. Nothing has to be done for that.",
  "Check whether the router has power and a link. What guards it works on the router, without TOD.",
  "Reach it another way (WinBox over MAC, the site's people) and compare it with the last backup.",
  "If it was replaced or reset, give up on this change: its outcome stays unknown, and new ones may begin.",
];
