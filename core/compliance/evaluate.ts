import type { RuleBody, RuleCheck, RuleTest } from "@/core/contract/compliance_rules.ts";
import { checkInWords, testInWords } from "@/core/contract/compliance_words.ts";
import type { ConfigItem, ConfigView } from "@/core/config_view/config_view.ts";
import { fitsAll, testItem } from "./test_item.ts";
import { compareVersions, isWithin, versionNumbers } from "@/core/config_view/version.ts";

export type RuleResult = "pass" | "fail" | "not_applicable" | "unknown";

/** What speaks against a router: the item, and what is expected of it. */
export interface Finding {
  readonly menu: string | null;
  readonly item: ConfigItem | null;
  readonly message: string;
}

export interface RuleOutcome {
  readonly result: RuleResult;
  readonly findings: readonly Finding[];
}

/** `empty`: there was nothing that it could be asked of. */
interface CheckOutcome {
  readonly verdict: boolean | undefined;
  readonly isEmpty?: boolean;
  readonly findings: readonly Finding[];
}

const MAX_FINDINGS = 50;

/** What a rule says of a configuration. Pure: the same for the same, and it never throws. */
export function evaluateRule(body: RuleBody, view: ConfigView): RuleOutcome {
  if (body.when) {
    const condition = together(body.when, view);
    if (condition === "none" || condition.verdict === false) {
      return { result: "not_applicable", findings: [] };
    }
    if (condition.verdict === undefined) return { result: "unknown", findings: condition.findings };
  }
  const outcome = together(body, view);
  if (outcome === "none") return { result: "not_applicable", findings: [] };
  const { verdict, isEmpty, findings } = outcome;
  if (verdict === undefined) return { result: "unknown", findings };
  if (!verdict) return { result: "fail", findings };
  return { result: isEmpty ? "not_applicable" : "pass", findings: [] };
}

/** `none`: no check is for this version. */
function together(
  { need, checks }: Pick<RuleBody, "need" | "checks">,
  view: ConfigView,
): CheckOutcome | "none" {
  const asked = checks.filter(({ versions }) =>
    !versions || !view.version || isWithin(view.version, versions)
  );
  if (asked.length === 0) return "none";
  const outcomes = asked.map((check) =>
    check.versions && !view.version
      ? unknown(null, "the version of RouterOS is not known")
      : runCheck(check, view)
  );
  const verdicts = outcomes.map(({ verdict }) => verdict);
  const [wins, loses] = need === "all" ? [false, true] : [true, false];
  const verdict = verdicts.includes(wins) ? wins : verdicts.includes(undefined) ? undefined : loses;
  // What is told is what made it so; of alternatives, all that did not hold.
  const told = outcomes.filter((one) => one.verdict === verdict || one.verdict === false);
  return {
    verdict,
    isEmpty: outcomes.every(({ isEmpty }) => isEmpty),
    findings: told.flatMap(({ findings }) => findings).slice(0, MAX_FINDINGS),
  };
}

function unknown(menu: string | null, reason: string): CheckOutcome {
  const message = `It cannot be told: ${reason}`;
  return { verdict: undefined, findings: [{ menu, item: null, message }] };
}

function runCheck(check: RuleCheck, view: ConfigView): CheckOutcome {
  if (check.expect === "version") return runVersionCheck(check, view);
  const { menu } = check;
  const reason = view.unreadable(menu);
  if (reason) return unknown(menu, reason);
  const must = check.expect === "each" || check.expect === "last" ? check.must : [];
  const asksDisabled = [...check.where, ...must].some(({ attribute }) => attribute === "disabled");
  const fitting: ConfigItem[] = [];
  const unsure: ConfigItem[] = [];
  for (const item of view.items(menu)) {
    if (!asksDisabled && !item.isSettings && view.valueOf(item, "disabled") === "yes") continue;
    const fits = fitsAll(view, item, check.where);
    if (fits) fitting.push(item);
    else if (fits === undefined) unsure.push(item);
  }
  const missing = (): CheckOutcome => ({
    verdict: false,
    findings: [{ menu, item: null, message: `Missing: ${checkInWords(check)}` }],
  });
  switch (check.expect) {
    case "some":
      if (fitting.length > 0) return { verdict: true, findings: [] };
      return unsure.length > 0 ? defaultUnknown(check, view, unsure[0]!, check.where) : missing();
    case "none":
      if (fitting.length === 0 && unsure.length > 0) {
        return defaultUnknown(check, view, unsure[0]!, check.where);
      }
      return {
        verdict: fitting.length === 0,
        findings: fitting.map((item) => ({ menu, item, message: "This must not be" })),
      };
    case "count": {
      if (unsure.length > 0) return defaultUnknown(check, view, unsure[0]!, check.where);
      const { min, max } = check;
      const isRight = fitting.length >= min && fitting.length <= (max ?? Infinity);
      if (isRight) return { verdict: true, findings: [] };
      const message = `There are ${fitting.length}: ${checkInWords(check)}`;
      const items = fitting.length > 0 ? fitting : [null];
      return { verdict: false, findings: items.map((item) => ({ menu, item, message })) };
    }
    case "last": {
      const last = fitting.at(-1);
      return last ? demandOf(view, [last], check.must) : missing();
    }
    case "each":
      if (unsure.length > 0) return defaultUnknown(check, view, unsure[0]!, check.where);
      if (fitting.length === 0) return { verdict: true, isEmpty: true, findings: [] };
      return demandOf(view, fitting, check.must);
  }
}

function demandOf(
  view: ConfigView,
  items: readonly ConfigItem[],
  must: readonly RuleTest[],
): CheckOutcome {
  const findings: Finding[] = [];
  let verdict: boolean | undefined = true;
  for (const item of items) {
    const bad = must.filter((test) => testItem(view, item, test) === false);
    const unsure = must.filter((test) => testItem(view, item, test) === undefined);
    if (bad.length > 0) {
      verdict = false;
      findings.push({
        menu: item.menu,
        item,
        message: bad.map((test) => complaint(view, item, test)).join("; "),
      });
    } else if (unsure.length > 0) {
      verdict &&= undefined;
      const message = `It cannot be told: the export leaves ${unsure[0]!.attribute} out`;
      findings.push({ menu: item.menu, item, message });
    }
  }
  return {
    verdict,
    findings: verdict === false
      ? findings.filter(({ message }) => !message.startsWith("It cannot"))
      : findings,
  };
}

/** Secrets stand in no message: what must be is said, and what is only where it is harmless. */
function complaint(view: ConfigView, item: ConfigItem, test: RuleTest): string {
  const expected = `must be so: ${testInWords(test)}`;
  if (test.is === "only" || test.is === "differs" || test.is === "longer") return expected;
  if (item.said.has(test.attribute)) return expected;
  const value = view.valueOf(item, test.attribute, test.absent);
  const is = value === "" || value === undefined ? "is not set" : `is ${value} by default`;
  return `${test.attribute} ${is}; ${expected}`;
}

function defaultUnknown(
  { menu }: { menu: string },
  view: ConfigView,
  item: ConfigItem,
  tests: readonly RuleTest[],
): CheckOutcome {
  const test = tests.find((one) => testItem(view, item, one) === undefined);
  return unknown(
    menu,
    `the export leaves ${test?.attribute ?? "an attribute"} out, and its default is not known; ` +
      "say in the rule what an absent one means",
  );
}

function runVersionCheck(
  { atLeast }: Extract<RuleCheck, { expect: "version" }>,
  { version, versionText }: ConfigView,
): CheckOutcome {
  if (!version) return unknown(null, "the version of RouterOS is not known");
  const wanted = versionNumbers(atLeast[`${version[0]}`] ?? null);
  if (!wanted) return { verdict: true, isEmpty: true, findings: [] };
  if (compareVersions(version, wanted) >= 0) return { verdict: true, findings: [] };
  const message = `RouterOS is ${versionText}; it must be at least ${atLeast[`${version[0]}`]}`;
  return { verdict: false, findings: [{ menu: null, item: null, message }] };
}
