/** The text format that Prometheus scrapes, version 0.0.4. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const MAX_LABEL = 200;

/**
 * A label's value, quoted. Routers name themselves: quotes, backslashes and line ends are escaped, and
 * other control characters replaced, as some readers end a line at them.
 */
export function quoted(value: string): string {
  const text = value.length > MAX_LABEL ? `${value.slice(0, MAX_LABEL)}…`.toWellFormed() : value;
  return `"${
    text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll(/\r?\n/g, "\\n")
      // deno-lint-ignore no-control-regex
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd")
  }"`;
}

/** `a="1",b="2"`; what is not known is left out. */
export function labels(pairs: Readonly<Record<string, string | null>>): string {
  return Object.entries(pairs).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${quoted(value)}`]
  ).join(",");
}

export interface Family {
  name: string;
  type: "gauge" | "counter";
  help: string;
}

/** Lines of one answer before the next reader of the process has its turn. */
const STEP = 500;

/**
 * One family: its head, then all its samples in one group, as the format demands. `NaN` stands for what
 * was not measured, and makes no line.
 */
export function* familyLines(
  { name, type, help }: Family,
  labels: readonly string[],
  values: readonly number[] | undefined,
): Generator<string> {
  let lines = "";
  let count = 0;
  let isBegun = false;
  for (let i = 0; i < labels.length; i += 1) {
    const value = values === undefined ? 1 : values[i]!;
    if (Number.isNaN(value)) continue;
    if (!isBegun) lines = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    isBegun = true;
    lines += `${name}{${labels[i]}} ${value}\n`;
    count += 1;
    if (count % STEP === 0) {
      yield lines;
      lines = "";
    }
  }
  if (lines !== "") yield lines;
}
