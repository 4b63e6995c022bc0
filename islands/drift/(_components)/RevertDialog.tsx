import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RevertPlan } from "@/core/contract/drift.ts";
import PushDialog from "../../pushes/PushDialog.tsx";
import { SecretRevert } from "./SecretRevert.tsx";

/** Makes chosen items as the baselines have them: by a push, or it says why that cannot be. */
export function RevertDialog({ deviceId, deviceName, items, plan, onClose }: {
  deviceId: string;
  deviceName: string;
  items: readonly string[];
  plan: RevertPlan;
  onClose: () => void;
}) {
  const title = items.length === 1
    ? "1 item as its baseline"
    : `${items.length} items as their baseline`;
  if (plan.commands && plan.cannot.length === 0) {
    return (
      <PushDialog
        deviceId={deviceId}
        deviceName={deviceName}
        title={title}
        source={{ kind: "drift", id: null }}
        commands={plan.commands}
        onClose={onClose}
      />
    );
  }
  return (
    <Notice plan={plan} onClose={onClose}>
      {plan.shown !== "" && (
        <SecretRevert deviceId={deviceId} items={items} title={title} onClose={onClose} />
      )}
    </Notice>
  );
}

function Notice({ plan, onClose, children }: {
  plan: RevertPlan;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="panel m-auto w-[min(42rem,calc(100vw-2rem))] p-5 text-text backdrop:bg-black/40"
      aria-labelledby="revert-title"
      onClose={onClose}
    >
      <h2 id="revert-title" class="mb-2 font-semibold">Revert</h2>
      {plan.cannot.length > 0 && (
        <div class="mb-3">
          <p>This cannot be brought back:</p>
          <ul class="ml-5 list-disc">
            {plan.cannot.map(({ menu, label, why }, at) => (
              <li key={at} class="break">
                <code>{menu}</code> <bdi>{label}</bdi>: {why}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.shown === "" ? <p class="mb-3 text-text-2">Nothing is to be done.</p> : (
        <>
          <p class="mb-1 text-text-2">This is done on the router; secrets are hidden here:</p>
          <pre
            class="mono mb-3 max-h-72 overflow-auto rounded-control bg-raised p-3 text-sm"
            tabIndex={0}
          >
              {plan.shown}
          </pre>
        </>
      )}
      {children}
      <button type="button" class="btn" onClick={() => dialog.current?.close()}>Close</button>
    </dialog>
  );
}
