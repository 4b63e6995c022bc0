import { printMenu } from "@/core/wire/routeros/export/print.ts";
import type { InverseStep } from "./inverse.ts";

/** Past this a router may refuse a script; a backup does the same then. */
export const MAX_SCRIPT = 28_000;

/** Names on the router. */
export const scriptName = (token: string): string => `tod-${token}`;
export const firedName = (token: string): string => `tod-${token}-fired`;
export const jobName = (token: string, generation: number): string => `tod-${token}-${generation}`;
export const bootJobName = (token: string): string => `tod-${token}-boot`;

export interface RevertScript {
  readonly token: string;
  readonly steps: readonly InverseStep[];
  /** Loaded in the place of the steps; `.backup` file and password. */
  readonly backup: { readonly file: string; readonly password: string } | null;
}

/**
 * What the router runs to take the change back. It says first that it ran (a script of its own with an
 * empty source: nothing else lasts and is readable on every version), each step fails alone, a second round
 * takes what failed in the first, and it removes itself and its jobs only when all went well: else its
 * jobs run it again.
 */
export function printRevertScript({ token, steps, backup }: RevertScript): string {
  const fired = firedName(token);
  const say = (text: string) =>
    `:if ([:len [/system script find where name="${fired}"]] = 0) do={ /system script add name="${fired}" source="" }\n` +
    `/system script set [find where name="${fired}"] comment="${text}"\n`;
  if (backup) {
    return `:log warning "tod: taking push ${token} back with its backup"\n${say("loading")}` +
      `/system backup load name="${backup.file}" password="${backup.password}"\n`;
  }
  const names = new Map<string, string>();
  for (const step of steps) {
    if (step.kind === "restore") names.set(`${step.menu} ${step.id}`, `r${names.size}`);
  }
  return `:log warning "tod: taking push ${token} back"\n${say("running")}` +
    `:local fails 1\n:for round from=1 to=2 do={\n:if ($fails > 0) do={\n:set fails 0\n` +
    [...names.values()].map((name) => `:local ${name}\n`).join("") +
    steps.map((step) => printStep(step, names)).join("") +
    `}\n}\n:if ($fails = 0) do={\n` +
    `/system scheduler remove [find where name~"^tod-${token}"]\n` +
    `/system script set [find where name="${fired}"] comment="done"\n` +
    `/system script remove [find where name="${scriptName(token)}"]\n` +
    `} else={\n/system script set [find where name="${fired}"] comment="failed"\n}\n`;
}

const attempt = (text: string) => `:do { ${text} } on-error={ :set fails ($fails + 1) }\n`;

function printStep(step: InverseStep, names: ReadonlyMap<string, string>): string {
  const menu = printMenu(step.menu);
  const item = (id: string) => {
    const name = names.get(`${step.menu} ${id}`);
    return name ? `$${name}` : id;
  };
  switch (step.kind) {
    case "prune":
      return `:foreach i in=[${menu} find${pruneCondition(step)}] do={ ` +
        `${attempt(`${menu} remove $i`).trimEnd()} }\n`;
    case "restore": {
      const name = names.get(`${step.menu} ${step.id}`)!;
      const values = Object.entries(step.attributes).map(printValue).join(" ");
      return `:set ${name} [${menu} find where .id=${step.id}]\n` +
        `:if ([:len $${name}] = 0) do={ ${
          attempt(`:set ${name} [${menu} add ${values}]`).trimEnd()
        } }\n`;
    }
    case "set": {
      const values = Object.entries(step.attributes).filter(([, value]) => value !== null);
      const unset = Object.keys(step.attributes).filter((name) => step.attributes[name] === null);
      // One that was removed as well was added again by the step before.
      const id = step.id === null ? "" : `${item(step.id)} `;
      return [
        ...(values.length > 0
          ? [`${menu} set ${id}${values.map(([n, v]) => printValue([n, v!])).join(" ")}`]
          : []),
        ...unset.map((name) =>
          step.id === null ? `${menu} set ${name}=""` : `${menu} unset ${id}${name}`
        ),
      ].map(attempt).join("");
    }
    case "order":
      return step.places.map(([id, before]) =>
        attempt(
          `${menu} move ${item(id)}${before === null ? "" : ` destination=${item(before)}`}`,
        )
      ).join("");
  }
}

function pruneCondition(step: Extract<InverseStep, { kind: "prune" }>): string {
  const isOwnMenu = step.menu === "/system/script" || step.menu === "/system/scheduler";
  const conditions = [
    ...(step.hasDynamic ? ["!dynamic"] : []),
    ...(step.keep.length > 0 ? [`!(${step.keep.map((id) => `.id=${id}`).join(" or ")})`] : []),
    ...(isOwnMenu ? ['!(name~"^tod-")'] : []),
  ];
  return conditions.length > 0 ? ` where ${conditions.join(" and ")}` : "";
}

const printValue = ([name, value]: readonly [string, string]) => `${name}="${escapeBytes(value)}"`;

/** A byte string between quotes, printable ASCII alone. */
export function escapeBytes(value: string): string {
  return value.replaceAll(
    /[^ -~]|["$\\?]/g,
    (char) =>
      char === '"' || char === "$" || char === "\\"
        ? `\\${char}`
        : `\\${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
