import { useSignal } from "@preact/signals";
import { checkFirewall, firewallChanges } from "@/core/contract/editor/simple/firewall_check.ts";
import type { SimpleState } from "./simple_state.ts";

/** Which of the usual rules are there. */
export function FirewallCard({ state, mayWrite }: { state: SimpleState; mayWrite: boolean }) {
  const refusal = useSignal("");
  const tables = state.tables.value!;
  const findings = checkFirewall(tables);
  const missing = findings.filter(({ isThere }) => !isThere).length;
  async function add() {
    refusal.value = "";
    if (!await state.keep(firewallChanges(tables))) refusal.value = state.editor.problem.value;
  }
  return (
    <section class="panel p-4" aria-labelledby="firewall">
      <h2 id="firewall" class="font-semibold">Firewall</h2>
      <p class="mt-0.5 text-sm text-text-2">
        The rules that a router between its network and the Internet should have. It tells what is
        missing, not that all is well.
      </p>
      <ul class="mt-3 grid gap-2">
        {findings.map(({ id, title, why, isThere }) => (
          <li key={id} class="flex gap-2">
            <span
              class={`w-16 shrink-0 text-sm font-medium ${isThere ? "text-ok" : "text-bad"}`}
            >
              {isThere ? "There" : "Missing"}
            </span>
            <span>
              {title}
              {!isThere && <span class="block text-sm text-text-2">{why}</span>}
            </span>
          </li>
        ))}
      </ul>
      {mayWrite && missing > 0 && (
        <div class="mt-4 flex flex-wrap items-center gap-3">
          <button
            type="button"
            class="btn btn-primary"
            disabled={state.editor.isSaving.value}
            onClick={() => void add()}
          >
            {missing === 1 ? "Add the missing rule" : `Add the ${missing} missing rules`}
          </button>
          <p class="text-sm text-text-2">
            They wait with the other changes: look at their places before you push them.
          </p>
        </div>
      )}
      {refusal.value && <p class="break mt-2 text-bad" role="alert">{refusal.value}</p>}
    </section>
  );
}
