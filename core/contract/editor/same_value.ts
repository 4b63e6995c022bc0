import { durationMs } from "./duration.ts";
import type { FieldType } from "./field.ts";

/** As the API takes it: RouterOS prints `true` where it takes `yes`. */
export function toWritten(value: string, type?: FieldType): string {
  if (type && type.kind !== "boolean") return value;
  return value === "true" ? "yes" : value === "false" ? "no" : value;
}

/** Whether two values mean the same to a router, however they are written. */
export function isSameValue(
  a: string | null | undefined,
  b: string | null | undefined,
  type?: FieldType,
): boolean {
  const [left, right] = [toWritten(a ?? ""), toWritten(b ?? "")];
  if (left === right) return true;
  switch (type?.kind) {
    case "duration": {
      const [one, other] = [durationMs(left), durationMs(right)];
      return one !== undefined && one === other;
    }
    case "mac":
      return left.toLowerCase() === right.toLowerCase();
    case "choice":
    case "reference":
      return "isList" in type && type.isList === true && sorted(left) === sorted(right);
    case "rate":
      return bitsOf(left) === bitsOf(right);
    default:
      return false;
  }
}

const sorted = (list: string) => list.split(",").sort().join();

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };
/** `10M/5M` as `10000000/5000000`. */
function bitsOf(text: string): string {
  return text.split("/").map((part) => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMG])?$/.exec(part) ?? [];
    return amount === undefined ? part : Number(amount) * (unit ? FACTORS[unit]! : 1);
  }).join("/");
}
