import { useSignal } from "@preact/signals";
import { Evidence } from "@/components/compliance/Evidence.tsx";
import { ResultWord } from "@/components/compliance/ResultWord.tsx";
import { SeverityWord } from "@/components/compliance/SeverityWord.tsx";
import { Field } from "@/components/Field.tsx";
import type { DeviceRuleResult, RuleResult } from "@/core/contract/compliance.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { utc } from "@/core/contract/format.ts";
import { localDay } from "@/core/contract/zone_time.ts";
import PushDialog from "../pushes/PushDialog.tsx";
import { useChange } from "../settings/use_change.ts";
import { endOfDay, UntilField } from "./(_components)/UntilField.tsx";

/** Open from the start: what wants something. */
const SHOWN: readonly RuleResult[] = ["fail", "unknown", "exception"];

interface Router {
  deviceId: string;
  deviceName: string;
  mayWrite: boolean;
  mayPush: boolean;
}

/** What each rule says of a router; what fails comes with its evidence and ways to set it right. */
export default function RuleResults({ rules, ...router }: Router & { rules: DeviceRuleResult[] }) {
  if (rules.length === 0) {
    return (
      <p class="panel p-6 text-center text-text-2">
        No policy asks anything of this router.{" "}
        <a class="text-accent underline" href="/compliance/policies">Policies</a>
      </p>
    );
  }
  const [shown, rest] = [
    rules.filter(({ result }) => SHOWN.includes(result)),
    rules.filter(({ result }) => !SHOWN.includes(result)),
  ];
  return (
    <>
      {shown.length === 0
        ? <p class="panel mb-3 p-4 text-text-2">Every rule that can be told holds.</p>
        : (
          <ul class="panel mb-3 divide-y divide-line" data-testid="rule-results">
            {shown.map((rule) => <Rule key={rule.ruleId} rule={rule} {...router} />)}
          </ul>
        )}
      {rest.length > 0 && (
        <details class="panel">
          <summary class="cursor-pointer px-4 py-2.5">
            {rest.length === 1 ? "1 rule" : `${rest.length} rules`} that pass or do not apply
          </summary>
          <ul class="divide-y divide-line border-t border-line">
            {rest.map((rule) => <Rule key={rule.ruleId} rule={rule} {...router} />)}
          </ul>
        </details>
      )}
    </>
  );
}

function Rule({ rule, deviceId, deviceName, mayWrite, mayPush }: Router & {
  rule: DeviceRuleResult;
}) {
  const { ruleId, title, severity, result, evidence, help, exception, since, hasFix } = rule;
  const isExcusing = useSignal(false);
  const commands = useSignal<ConfigCommand[] | undefined>(undefined);
  const change = useChange();

  async function fix() {
    const path = `/api/devices/${deviceId}/compliance/fixes/${ruleId}`;
    const answer = await change.run<{ commands: ConfigCommand[] }>("GET", path);
    if (answer) commands.value = answer.body.commands;
  }
  async function excuse(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const answer = await change.run("POST", "/api/compliance/exceptions", {
      ...{ ruleId, deviceId, reason: form.get("reason") },
      expiresAt: endOfDay(String(form.get("until") ?? "")),
    });
    if (answer) location.reload();
  }
  return (
    <li class="px-4 py-3">
      <div class="flex flex-wrap items-start gap-x-3 gap-y-1">
        <ResultWord result={result} />
        <SeverityWord severity={severity} />
        <a
          class="break min-w-40 flex-1 font-medium hover:underline"
          href={`/compliance/rules/${ruleId}`}
        >
          <bdi>{title}</bdi>
        </a>
        <span class="text-sm text-text-3">
          since <time dateTime={since} title={utc(since)}>{localDay(since)}</time>
        </span>
      </div>
      {exception && (
        <p class="break mt-1 text-sm text-text-2">
          <bdi>{exception.reason}</bdi>
          {exception.createdByName && <bdi>{` (${exception.createdByName})`}</bdi>}
          {exception.expiresAt
            ? `, until ${exception.expiresAt.slice(0, 10)}`
            : ", until it is removed"}
        </p>
      )}
      <Evidence evidence={evidence} />
      {result === "fail" && (
        <>
          {help && (
            <details class="mt-1.5 text-sm">
              <summary class="cursor-pointer text-text-2">Why, and how it is set right</summary>
              <p class="break mt-1 max-w-prose whitespace-pre-line">
                <bdi>{help}</bdi>
              </p>
            </details>
          )}
          <div class="mt-2 flex flex-wrap gap-2">
            {hasFix && mayPush && (
              <button
                type="button"
                class="btn"
                aria-label={`Fix: ${title}`}
                disabled={change.isBusy.value}
                onClick={() => void fix()}
              >
                Fix…
              </button>
            )}
            {mayWrite && !isExcusing.value && (
              <button
                type="button"
                class="btn"
                aria-label={`Exception from: ${title}`}
                onClick={() => isExcusing.value = true}
              >
                Exception…
              </button>
            )}
          </div>
        </>
      )}
      {change.problem.value && (
        <p class="break mt-2 text-bad" role="alert">{change.problem.value}</p>
      )}
      {isExcusing.value && (
        <form
          class="mt-2 grid gap-3 sm:grid-cols-2"
          onSubmit={(event) => void excuse(event)}
        >
          <Field label="Why it need not hold here" name={`reason-${ruleId}`}>
            <input
              id={`reason-${ruleId}`}
              name="reason"
              class="field"
              required
              minlength={3}
              maxlength={1000}
              autocomplete="off"
            />
          </Field>
          <UntilField />
          <div class="flex gap-2 sm:col-span-2">
            <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
              Add exception
            </button>
            <button type="button" class="btn" onClick={() => isExcusing.value = false}>
              Cancel
            </button>
          </div>
        </form>
      )}
      {commands.value && (
        <PushDialog
          deviceId={deviceId}
          deviceName={deviceName}
          title={title}
          source={{ kind: "drift", id: ruleId }}
          commands={commands.value}
          onClose={() => commands.value = undefined}
        />
      )}
    </li>
  );
}
