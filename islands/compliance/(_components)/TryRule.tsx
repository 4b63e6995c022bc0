import { useSignal } from "@preact/signals";
import { Evidence } from "@/components/compliance/Evidence.tsx";
import { ResultWord } from "@/components/compliance/ResultWord.tsx";
import type { RuleBody } from "@/core/contract/compliance_rules.ts";
import type { RuleTrial } from "@/core/contract/compliance.ts";
import { ask } from "../../ask.ts";
import { useChange } from "../../settings/use_change.ts";

interface Router {
  id: string;
  name: string;
}

/** Asks a rule of one router's kept configuration before it is saved. */
export function TryRule({ body }: { body: RuleBody }) {
  const name = useSignal("");
  const tried = useSignal<{ router: Router; trial: RuleTrial } | undefined>(undefined);
  const change = useChange();

  async function run() {
    tried.value = undefined;
    const query = new URLSearchParams({ q: name.value, limit: "1" });
    const answer = await ask(`/api/devices?${query}`);
    const [router] = answer.ok ? (await answer.json() as { items: Router[] }).items : [];
    if (!router) {
      change.problem.value = "No router fits this name.";
      return;
    }
    const path = `/api/devices/${router.id}/compliance/trials`;
    const trial = await change.run<RuleTrial>("POST", path, { body });
    if (trial) tried.value = { router, trial: trial.body };
  }
  const now = tried.value;
  return (
    <div class="rounded-panel bg-raised p-3" role="group" aria-label="Try it">
      <div class="flex flex-wrap items-end gap-2">
        <label class="min-w-48 flex-1">
          <span class="block text-sm text-text-2">Try it on a router</span>
          <input
            class="field"
            placeholder="Name or address"
            value={name.value}
            onInput={(event) => name.value = event.currentTarget.value}
          />
        </label>
        <button
          type="button"
          class="btn"
          disabled={change.isBusy.value || name.value.trim() === ""}
          onClick={() => void run()}
        >
          Try
        </button>
      </div>
      {change.problem.value && (
        <p class="break mt-2 text-bad" role="alert">{change.problem.value}</p>
      )}
      {now && (
        <div class="mt-2" role="status">
          <p class="flex flex-wrap items-center gap-2">
            <bdi class="break">{now.router.name}</bdi>
            <ResultWord result={now.trial.result} />
          </p>
          <Evidence evidence={now.trial.evidence} />
        </div>
      )}
    </div>
  );
}
