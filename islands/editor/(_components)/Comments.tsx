import { useSignal } from "@preact/signals";
import type { ChangeSet } from "@/core/contract/change_sets.ts";
import { utc } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import type { SetState } from "./set_state.ts";

/** What people said about a change set. */
export function Comments({ set, state, mayWrite }: {
  set: ChangeSet;
  state: SetState;
  mayWrite: boolean;
}) {
  const text = useSignal("");
  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (await state.write("POST", "/comments", { text: text.value })) text.value = "";
  }
  return (
    <section class="panel p-4" aria-labelledby="comments">
      <h2 id="comments" class="font-semibold">Comments</h2>
      {set.comments.length === 0 && <p class="mt-1 text-sm text-text-2">None yet.</p>}
      <ol class="mt-2 grid gap-3">
        {set.comments.map((comment) => (
          <li key={comment.id}>
            <p class="text-sm text-text-2">
              <bdi class="font-medium text-text">{comment.actorName ?? comment.actor}</bdi>{" "}
              <time dateTime={comment.at}>{utc(comment.at)}</time>
            </p>
            <p class="break whitespace-pre-wrap">
              <bdi>{plainText(comment.text)}</bdi>
            </p>
          </li>
        ))}
      </ol>
      {mayWrite && (
        <form class="mt-3 grid gap-2" onSubmit={(event) => void send(event)}>
          <textarea
            class="field"
            rows={2}
            required
            maxlength={4000}
            aria-label="Comment"
            value={text.value}
            onInput={(event) => text.value = event.currentTarget.value}
          />
          <button type="submit" class="btn justify-self-start" disabled={state.isBusy.value}>
            Comment
          </button>
        </form>
      )}
    </section>
  );
}
