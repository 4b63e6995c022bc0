import { isAddress, isNetwork } from "./addresses.ts";
import { MAX_ITEMS, MAX_VALUE, type TemplateValue, type TemplateVariable } from "./templates.ts";

export type CheckedValue = { ok: true; value: TemplateValue } | { ok: false; problem: string };

/** A value in its one spelling, or what is wrong with it, in words that follow the variable's name. */
export function checkValue(variable: TemplateVariable, raw: TemplateValue): CheckedValue {
  const wrong = (problem: string): CheckedValue => ({ ok: false, problem });
  if (!variable.isList) {
    return Array.isArray(raw) ? wrong("takes one value, not a list") : checkOne(variable, raw);
  }
  if (!Array.isArray(raw)) return wrong("takes a list");
  if (raw.length > MAX_ITEMS) return wrong(`takes at most ${MAX_ITEMS} values`);
  const values: string[] = [];
  for (const item of raw) {
    const checked = checkOne(variable, item);
    if (!checked.ok) return checked;
    values.push(checked.value as string);
  }
  return { ok: true, value: values };
}

function checkOne(variable: TemplateVariable, raw: string): CheckedValue {
  const value = variable.type === "string" ? raw : raw.trim();
  const problem = value.length > MAX_VALUE
    ? `takes at most ${MAX_VALUE} characters`
    : value.includes("\0")
    ? "cannot hold a NUL"
    : problemOf(variable, value);
  if (problem) return { ok: false, problem };
  return { ok: true, value: variable.type === "boolean" ? yesNo(value)! : value };
}

function problemOf(variable: TemplateVariable, value: string): string | undefined {
  const { type, min, max, family, options } = variable;
  switch (type) {
    case "string":
      if (min !== null && value.length < min) return `needs at least ${min} characters`;
      if (max !== null && value.length > max) return `takes at most ${max} characters`;
      return undefined;
    case "integer": {
      const number = Number(value);
      if (!/^-?\d{1,15}$/.test(value) || String(number) !== value) return "must be a whole number";
      if (min !== null && number < min) return `must be ${min} or more`;
      if (max !== null && number > max) return `must be ${max} or less`;
      return undefined;
    }
    case "boolean":
      return yesNo(value) === undefined ? "must be yes or no" : undefined;
    case "choice":
      return options.includes(value) ? undefined : `must be one of ${options.join(", ")}`;
    case "ip":
      if (!isAddress(value, family)) {
        return family === null ? "must be an IP address" : `must be an IPv${family} address`;
      }
      return undefined;
    case "subnet":
      if (!isNetwork(value, family)) {
        return `must be ${family === null ? "a" : `an IPv${family}`} network such as ${
          family === 6 ? "2001:db8::/64" : "192.0.2.0/24"
        }`;
      }
      if (!variable.isAddressInNetwork && !isNetwork(value, family, { hasNoHost: true })) {
        return "must be the network's first address, without bits of a host";
      }
      return undefined;
  }
}

function yesNo(value: string): "yes" | "no" | undefined {
  if (value === "yes" || value === "true") return "yes";
  if (value === "no" || value === "false") return "no";
  return undefined;
}
