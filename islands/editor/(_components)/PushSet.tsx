import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { TIER_WORDS } from "@/core/contract/push_views.ts";
import type {
  ChangeSet,
  PushChangeSet,
  PushedRouter,
  RouterPreview,
} from "@/core/contract/change_sets.ts";
import type { SetState } from "./set_state.ts";

/** Looks at the routers once more, then pushes: each router's part as one, which undoes itself. */
export function PushSet({ set, state, mayPush }: {
  set: ChangeSet;
  state: SetState;
  mayPush: boolean;
}) {
  const confirm = useSignal<"manual" | "auto">("manual");
  const windowSeconds = useSignal(120);
  const accepts = useSignal(false);
  const typed = useSignal<Record<string, string>>({});
  const conflicts = state.conflicts.value;
  const isBusy = state.isBusy.value;
  const refused = set.routers.filter(({ push }) => push !== null && push.problem !== null);
  const isDone = set.status === "pushed" && refused.length === 0;

  useEffect(() => {
    if (!isDone) void state.check(mayPush);
  }, [set.revision]);

  async function push(event: SubmitEvent) {
    event.preventDefault();
    const answer = await state.write<{ items: PushedRouter[] }>(
      "POST",
      "/push",
      {
        revision: set.revision,
        confirm: confirm.value,
        windowSeconds: windowSeconds.value,
        typedNames: typed.value,
        acceptConflicts: accepts.value,
      } satisfies PushChangeSet,
    );
    const begun = answer?.body.items.filter(({ pushId }) => pushId !== null) ?? [];
    // One router, one push: its page shows the timer and the way back.
    if (begun.length === 1 && answer!.body.items.length === 1) {
      location.assign(`/pushes/${begun[0]!.pushId}`);
    }
  }

  const previews = state.previews.value?.items ?? [];
  const needsNames = previews.filter(({ needsName }) => needsName);
  const isNamed = needsNames.every(({ deviceId, deviceName }) =>
    typed.value[deviceId]?.trim() === deviceName.trim()
  );
  const cannot = previews.flatMap(({ problems }) => problems).length;
  return (
    <section class="panel p-4" aria-labelledby="push">
      <h2 id="push" class="font-semibold">Push</h2>
      <p class="mt-1 text-sm" role="status">
        {state.isChecking.value
          ? <span class="text-text-2">Comparing with the routers…</span>
          : isDone
          ? <span class="text-text-2">Each router tells how it went.</span>
          : conflicts === undefined
          ? null
          : conflicts.items.length === 0
          ? <span class="text-ok">The routers hold what these changes were made against.</span>
          : (
            <span class="text-warn">
              {conflicts.items.length === 1
                ? "1 conflict: see it beside its change."
                : `${conflicts.items.length} conflicts: see them beside their changes.`}
            </span>
          )}
      </p>
      {!mayPush && (
        <p class="mt-2 text-sm text-text-2">Pushing needs the permission configs:push.</p>
      )}
      {mayPush && !isDone && (
        <form class="mt-3 grid gap-3" onSubmit={(event) => void push(event)}>
          <fieldset>
            <legend class="mb-1 text-sm font-medium">When it worked</legend>
            {([
              ["manual", "Wait for my confirmation, undo without it"],
              ["auto", "Keep it as soon as the router answers on a new connection"],
            ] as const).map(([value, label]) => (
              <label key={value} class="flex items-start gap-2 py-1.5">
                <input
                  type="radio"
                  name="confirm"
                  class="mt-1"
                  checked={confirm.value === value}
                  onChange={() =>
                    confirm.value = value}
                />
                {label}
              </label>
            ))}
          </fieldset>
          {confirm.value === "manual" && (
            <label>
              <span class="mb-1 block text-sm font-medium">Undo without a confirmation after</span>
              <select
                class="field"
                value={windowSeconds.value}
                onChange={(event) => windowSeconds.value = Number(event.currentTarget.value)}
              >
                {[[60, "1 minute"], [120, "2 minutes"], [300, "5 minutes"], [900, "15 minutes"]]
                  .map(([value, label]) => <option key={value} value={value}>{label}</option>)}
              </select>
            </label>
          )}
          {previews.map((preview) => <Guard key={preview.deviceId} preview={preview} />)}
          {needsNames.map(({ deviceId: id, deviceName: name }) => (
            <label key={id}>
              <span class="break mb-1 block text-sm font-medium">
                Type <bdi class="mono">{name}</bdi> to push there all the same
              </span>
              <input
                class="field"
                autocomplete="off"
                value={typed.value[id] ?? ""}
                onInput={(event) =>
                  typed.value = { ...typed.value, [id]: event.currentTarget.value }}
              />
            </label>
          ))}
          {conflicts !== undefined && conflicts.items.length > 0 && (
            <label class="flex items-start gap-2">
              <input
                type="checkbox"
                class="mt-1"
                checked={accepts.value}
                onChange={(event) => accepts.value = event.currentTarget.checked}
              />
              Push all the same: what the routers hold now is overwritten where it differs
            </label>
          )}
          <div class="flex flex-wrap gap-2">
            <button
              type="submit"
              class="btn btn-primary"
              disabled={isBusy || state.isChecking.value ||
                (set.needsReview && set.status === "draft") ||
                ((conflicts?.items.length ?? 0) > 0 && !accepts.value) || !isNamed || cannot > 0}
            >
              {isBusy
                ? "Beginning…"
                : set.devices === 1
                ? "Push to 1 router"
                : `Push to ${set.devices} routers`}
            </button>
            <button
              type="button"
              class="btn"
              disabled={state.isChecking.value}
              onClick={() => void state.check(mayPush)}
            >
              Compare again
            </button>
          </div>
          {set.needsReview && set.status === "draft" && (
            <p class="text-sm text-warn">It needs a review first.</p>
          )}
        </form>
      )}
    </section>
  );
}

/** What takes the change back at a router, and what may cut it off. */
function Guard({ preview }: { preview: RouterPreview }) {
  const { deviceName, tier, tierReason, risks, problems, failure } = preview;
  return (
    <div class="rounded-panel border border-line px-3 py-2 text-sm">
      <p class="font-medium">
        <bdi class="break">{deviceName}</bdi>
      </p>
      {failure !== null && <p class="break text-bad">{failure}</p>}
      {tier !== null && (
        <p class="break text-text-2">
          <span class={tier === "unprotected" ? "text-bad" : "text-ok"}>{TIER_WORDS[tier]}</span>
          {tierReason && `: ${tierReason}`}
        </p>
      )}
      {problems.map(({ message }, at) => <p key={at} class="break text-bad">{message}</p>)}
      {risks.map(({ severity, reason }, at) => (
        <p key={at} class={`break ${severity === "certain" ? "text-bad" : "text-warn"}`}>
          {severity === "certain" ? "Cuts the router off: " : "May cut the router off: "}
          {reason}
        </p>
      ))}
    </div>
  );
}
