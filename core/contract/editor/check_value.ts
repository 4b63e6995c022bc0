import { fitsForm, formsInWords } from "./addresses.ts";
import { durationMs } from "./duration.ts";
import type { Field, FieldType } from "./field.ts";

/** Values are at most this long, whatever they are. */
export const MAX_VALUE = 64_000;

/** Why `value` cannot stand there, continuing "it …"; `undefined`: it can. Empty is for others to judge. */
export function checkValue(field: Field, value: string): string | undefined {
  if (value.includes("\0")) return "must not contain a NUL character";
  if (value.length > MAX_VALUE) return `must be at most ${MAX_VALUE} characters`;
  if (value === "") return undefined;
  const bare = field.isNegatable && value.startsWith("!") ? value.slice(1) : value;
  if (bare === "") return 'must name something after the "!"';
  return checkType(field.type, bare);
}

export function checkType(type: FieldType, value: string): string | undefined {
  if ("words" in type && type.words?.includes(value)) return undefined;
  switch (type.kind) {
    case "string":
      return tooLong(value, type.max);
    case "secret":
      if (value.length < (type.min ?? 0)) return `must be at least ${type.min} characters`;
      return tooLong(value, type.max);
    case "boolean":
      return /^(yes|no|true|false)$/.test(value) ? undefined : "must be yes or no";
    case "choice":
      return checkChoice(type, value);
    case "integer":
      return checkInteger(type, value);
    case "duration":
      return durationMs(value) === undefined
        ? `must be a time such as 10m, 1d2h or 00:10:00${orWords(type)}`
        : undefined;
    case "address":
      return each(
        type,
        value,
        (part) =>
          fitsForm(part, type.forms)
            ? undefined
            : `must be ${formsInWords(type.forms)}${orWords(type)}`,
      );
    case "ports":
      return checkPorts(type, value);
    case "mac":
      return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value.replace(/\/([0-9a-f:]{17})$/i, ""))
        ? undefined
        : "must be a MAC address such as 02:00:5E:10:00:01";
    case "reference":
      return each(type, value, (part) => tooLong(part, 255));
    case "rate":
      return checkRate(type, value);
  }
}

function tooLong(value: string, max = MAX_VALUE): string | undefined {
  return value.length > max ? `must be at most ${max} characters` : undefined;
}

function orWords({ words = [] }: { words?: readonly string[] }): string {
  return words.length > 0 ? `, or ${words.join(", ")}` : "";
}

/** Each part of a list; the whole of what is none. */
function each(
  { isList = false }: { isList?: boolean },
  value: string,
  check: (part: string) => string | undefined,
): string | undefined {
  if (!isList) return check(value);
  const parts = value.split(",");
  if (parts.includes("")) return "must not contain an empty entry: check the commas";
  for (const part of parts) {
    const problem = check(part.replace(/^!/, ""));
    if (problem) return parts.length === 1 ? problem : `${problem}: ${part} does not fit`;
  }
  return undefined;
}

function checkChoice(
  type: Extract<FieldType, { kind: "choice" }>,
  value: string,
): string | undefined {
  if (type.isOpen) return undefined;
  const parts = type.isList ? value.split(",") : [value];
  const wrong = parts.find((part) => !type.options.includes(part));
  if (wrong === undefined) return undefined;
  const shown = type.options.slice(0, 12).join(", ");
  const more = type.options.length > 12 ? " and others" : "";
  return `must be ${type.isList ? "some" : "one"} of ${shown}${more}: ${wrong || "nothing"} is not`;
}

function checkInteger(
  type: Extract<FieldType, { kind: "integer" }>,
  value: string,
): string | undefined {
  const { min, max } = type;
  const isInside = (text: string) =>
    /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
  if (type.isRanges) {
    const isFine = value.split(",").every((part) => {
      const [from, to = from, more] = part.split("-");
      return more === undefined && isInside(from!) && isInside(to!) && Number(from) <= Number(to);
    });
    return isFine ? undefined : `must be numbers from ${min} to ${max} such as 10,20-29`;
  }
  return isInside(value)
    ? undefined
    : `must be a whole number from ${min} to ${max}${orWords(type)}`;
}

function checkPorts(
  type: Extract<FieldType, { kind: "ports" }>,
  value: string,
): string | undefined {
  const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
  if (type.isSingle) return isPort(value) ? undefined : "must be a port from 0 to 65535";
  const isFine = value.split(",").every((part) => {
    const [from, to = from, more] = part.split("-");
    return more === undefined && isPort(from!) && isPort(to!) && Number(from) <= Number(to);
  });
  return isFine ? undefined : "must be ports from 0 to 65535 such as 22,80,8000-8100";
}

function checkRate(
  type: Extract<FieldType, { kind: "rate" }>,
  value: string,
): string | undefined {
  const parts = value.split("/");
  const isRate = (text: string) => /^\d+(\.\d+)?[kMG]?$/.test(text);
  if (type.isPair) {
    return parts.length === 2 && parts.every(isRate)
      ? undefined
      : "must be upload/download in bits per second such as 10M/50M";
  }
  return parts.length === 1 && isRate(value)
    ? undefined
    : "must be bits per second such as 512k or 10M";
}
