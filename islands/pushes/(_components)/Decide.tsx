import type { Push } from "@/core/contract/push_views.ts";
import { useChange } from "../../settings/use_change.ts";
import { Countdown } from "./Countdown.tsx";

const REVERTIBLE: readonly Push["state"][] = ["draft", "backed_up", "armed", "applied", "unknown"];

type Decided = Pick<Push, "id" | "state" | "confirm" | "confirmBy" | "endedAt"> & {
  windowSeconds?: number;
  decision?: Push["decision"];
};

/** The timer, and the buttons that fit the state. */
export function Decide({ push, mayPush, offsetMs, onDone }: {
  push: Decided;
  mayPush: boolean;
  offsetMs: number;
  onDone: () => unknown;
}) {
  const change = useChange();
  const { id, state, confirmBy, decision } = push;
  const isOpen = push.endedAt === null;
  const waits = isOpen && state === "applied" && push.confirm === "manual" && !decision;
  const mayRevert = isOpen && mayPush && REVERTIBLE.includes(state) && !decision;

  async function act(what: "confirm" | "revert" | "close") {
    if (await change.run("POST", `/api/pushes/${id}/${what}`)) await onDone();
  }
  function giveUp() {
    const question =
      "Give up on this change? What became of it stays unknown, and TOD looks no more.";
    if (confirm(question)) void act("close");
  }
  return (
    <>
      {waits && confirmBy && (
        <Countdown
          until={confirmBy}
          windowSeconds={push.windowSeconds ?? 300}
          offsetMs={offsetMs}
        />
      )}
      <div class="flex flex-wrap gap-3">
        {waits && mayPush && (
          <button
            type="button"
            class="btn btn-primary min-h-11 px-6 text-lg"
            disabled={change.isBusy.value}
            onClick={() => void act("confirm")}
          >
            Confirm
          </button>
        )}
        {mayRevert && (
          <button
            type="button"
            class={`btn btn-danger ${waits ? "min-h-11 px-6 text-lg" : ""}`}
            disabled={change.isBusy.value}
            onClick={() => void act("revert")}
          >
            {state === "draft" || state === "backed_up" ? "Cancel" : "Revert"}
          </button>
        )}
        {isOpen && mayPush && state === "unknown" && (
          <button type="button" class="btn" disabled={change.isBusy.value} onClick={giveUp}>
            Give up on it
          </button>
        )}
      </div>
      {change.problem.value && (
        <p class="break w-full text-bad" role="alert">{change.problem.value}</p>
      )}
    </>
  );
}
