import { useSignal } from "@preact/signals";
import type { ChangeSet } from "@/core/contract/change_sets.ts";
import type { SetState } from "./set_state.ts";

/** Four eyes: asking for them, and giving them. */
export function ReviewSet({ set, state, mayWrite, mayApprove }: {
  set: ChangeSet;
  state: SetState;
  mayWrite: boolean;
  mayApprove: boolean;
}) {
  const text = useSignal("");
  const isBusy = state.isBusy.value;
  const canJudge = mayApprove && !set.isOwn;

  async function judge(verdict: "approve" | "reject") {
    const body = {
      verdict,
      revision: set.revision,
      ...(text.value.trim() && { text: text.value.trim() }),
    };
    if (await state.write("POST", "/review", body)) text.value = "";
  }

  if (set.status === "reviewed") {
    return (
      <section class="panel p-4" aria-labelledby="review">
        <h2 id="review" class="font-semibold">Review</h2>
        <p class="break mt-1 text-ok">
          Approved by <bdi>{set.reviewedByName ?? set.reviewedBy}</bdi>. Any edit drops it.
        </p>
        {canJudge && (
          <button
            type="button"
            class="btn mt-3"
            disabled={isBusy}
            onClick={() => void judge("reject")}
          >
            Take the approval back
          </button>
        )}
      </section>
    );
  }
  return (
    <section class="panel p-4" aria-labelledby="review">
      <h2 id="review" class="font-semibold">Review</h2>
      <p class="mt-1 text-sm text-text-2">
        {set.needsReview
          ? "Your organisation wants somebody else's approval before a push."
          : "Not needed here, but a second pair of eyes is welcome."}
      </p>
      {canJudge && (
        <>
          <label class="mt-3 block">
            <span class="mb-1 block text-sm">What you think of it (optional)</span>
            <textarea
              class="field"
              rows={2}
              maxlength={4000}
              value={text.value}
              onInput={(event) => text.value = event.currentTarget.value}
            />
          </label>
          <div class="mt-2 flex flex-wrap gap-2">
            <button
              type="button"
              class="btn btn-primary"
              disabled={isBusy}
              onClick={() => void judge("approve")}
            >
              Approve
            </button>
            <button
              type="button"
              class="btn"
              disabled={isBusy}
              onClick={() => void judge("reject")}
            >
              Give it back
            </button>
          </div>
        </>
      )}
      {mayApprove && set.isOwn && (
        <p class="mt-2 text-sm text-text-2">You wrote in it, so somebody else has to approve it.</p>
      )}
      {mayWrite && (
        set.reviewAskedAt ? <p class="mt-2 text-sm text-warn">It waits for a review.</p> : (
          <button
            type="button"
            class="btn mt-3"
            disabled={isBusy}
            onClick={() => void state.write("POST", "/review-request")}
          >
            Ask for a review
          </button>
        )
      )}
    </section>
  );
}
