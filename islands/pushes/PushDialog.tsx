import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushPreview } from "@/core/contract/push_views.ts";
import type { PushProbe, PushRequest, PushSource } from "@/core/contract/pushes.ts";
import { useChange } from "../settings/use_change.ts";
import { PushOptionFields, type PushOptions } from "./(_components)/PushOptionFields.tsx";
import { PreviewShown } from "./(_components)/PreviewShown.tsx";

export interface PushDialogProps {
  deviceId: string;
  deviceName: string;
  /** What people read in lists; they may change it. */
  title: string;
  source: PushSource;
  commands: readonly ConfigCommand[];
  /**
   * Instead of `commands`, where the server makes them and they must not come here (they hold secrets): each
   * of its routes gets `body`, the second with the options besides.
   */
  planned?: {
    readonly previewPath: string;
    readonly startPath: string;
    readonly body: Readonly<Record<string, unknown>>;
  };
  defaults?: Partial<PushOptions>;
  /** With it the dialog opens as soon as it is there. */
  onClose?: () => void;
  /** Without `onClose`: the words of the button that opens it. */
  openLabel?: string;
}

/** What a change would do, what guards it and what it risks; then it is pushed, or it is not. */
export default function PushDialog(props: PushDialogProps) {
  const { openLabel, onClose } = props;
  const isOpen = useSignal(onClose !== undefined);
  return (
    <>
      {!onClose && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => isOpen.value = true}
        >
          {openLabel ?? "Push…"}
        </button>
      )}
      {isOpen.value && (
        <Open
          {...props}
          onClose={() => {
            isOpen.value = false;
            onClose?.();
          }}
        />
      )}
    </>
  );
}

function Open(props: PushDialogProps & { onClose: () => void }) {
  const { deviceId, deviceName, source, commands, planned, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const preview = useSignal<PushPreview | undefined>(undefined);
  const title = useSignal(props.title);
  const typed = useSignal("");
  const options = useSignal<PushOptions>({
    ...{ confirm: "manual", windowSeconds: 300, probes: [] as PushProbe[] },
    ...props.defaults,
  });
  const looking = useChange();
  const pushing = useChange();

  async function look() {
    const path = planned?.previewPath ?? `/api/devices/${deviceId}/pushes/preview`;
    const answer = await looking.run<PushPreview>("POST", path, planned?.body ?? { commands });
    preview.value = answer?.body;
    if (!answer) return;
    const { mayAutoConfirm, windowSeconds } = answer.body.policy;
    options.value = {
      ...options.value,
      ...(props.defaults?.windowSeconds === undefined && { windowSeconds }),
      ...(!mayAutoConfirm && { confirm: "manual" as const }),
    };
  }
  useEffect(() => {
    dialog.current?.showModal();
    void look();
  }, []);

  async function push(event: SubmitEvent) {
    event.preventDefault();
    const said = {
      ...{ title: title.value, ...options.value },
      typedName: typed.value.trim() === "" ? null : typed.value.trim(),
    };
    const request: PushRequest = { ...said, deviceId, source, commands: [...commands] };
    const answer = await pushing.run<{ id: string }>(
      "POST",
      planned?.startPath ?? "/api/pushes",
      planned ? { ...planned.body, ...said } : request,
    );
    if (answer) location.assign(`/pushes/${answer.body.id}`);
  }

  const seen = preview.value;
  const isNamed = !seen?.needsName || typed.value.trim() === seen.deviceName.trim();
  const mayPush = seen !== undefined && seen.problems.length === 0 && isNamed &&
    title.value.trim() !== "" && !pushing.isBusy.value;
  const n = planned ? new Set(seen?.changes.map(({ command }) => command)).size : commands.length;
  const verb = n === 1 ? "Push 1 change" : `Push ${n} changes`;
  return (
    <dialog
      ref={dialog}
      class="m-auto max-h-[92dvh] w-[min(56rem,calc(100vw-1.5rem))] overflow-auto rounded-panel border border-line bg-bg p-0 text-text shadow-pop backdrop:bg-black/40"
      aria-labelledby="push-heading"
      onClose={onClose}
    >
      <form class="grid gap-4 p-4 sm:p-6" onSubmit={(event) => void push(event)}>
        <div>
          <h2 id="push-heading" class="text-xl">
            Push to <bdi class="break line-clamp-2 inline">{deviceName}</bdi>
          </h2>
          <p class="text-text-2">Nothing is changed before you say so below.</p>
        </div>
        {looking.isBusy.value && (
          <p class="panel p-6 text-center text-text-2" role="status">Reading the router…</p>
        )}
        {looking.problem.value && (
          <div class="rounded-panel border border-bad bg-bad-soft px-4 py-3" role="alert">
            <p class="break">{looking.problem.value}</p>
            <button
              type="button"
              class="btn mt-2"
              onClick={() =>
                void look()}
            >
              Read it again
            </button>
          </div>
        )}
        {seen && (
          <>
            <PreviewShown preview={seen} />
            <div>
              <label class="mb-1 block font-medium" for="push-title">What it is, for others</label>
              <input
                id="push-title"
                class="field"
                required
                maxLength={200}
                value={title.value}
                onInput={(event) => title.value = event.currentTarget.value}
              />
            </div>
            <PushOptionFields options={options} mayAutoConfirm={seen.policy.mayAutoConfirm} />
            {seen.needsName && (
              <div>
                <label class="mb-1 block font-medium" for="push-name">
                  To push all the same, type the router's name:{" "}
                  <bdi class="break">{seen.deviceName}</bdi>
                </label>
                <input
                  id="push-name"
                  class="field"
                  autocomplete="off"
                  value={typed.value}
                  onInput={(event) => typed.value = event.currentTarget.value}
                />
              </div>
            )}
          </>
        )}
        <div class="sticky bottom-0 -mx-4 -mb-4 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-bg px-4 py-3 sm:-mx-6 sm:-mb-6 sm:px-6">
          {pushing.problem.value && (
            <p class="break min-w-60 flex-1 text-bad" role="alert">{pushing.problem.value}</p>
          )}
          <button type="button" class="btn" onClick={() => dialog.current?.close()}>Cancel</button>
          {seen && (
            <button
              type="submit"
              class={`btn ${seen.needsName ? "btn-danger" : "btn-primary"}`}
              disabled={!mayPush}
            >
              {pushing.isBusy.value ? "Starting…" : verb}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
