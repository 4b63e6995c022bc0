import type { Statement } from "./syntax.ts";

/** What a script works with. Nothing (`:nothing`, a variable without a value) is `undefined`. */
export type Value = string | number | boolean | undefined | Code | Value[];

export class Code {
  constructor(readonly body: readonly Statement[]) {}
}

export function textOf(value: Value, separator = ";"): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return value.map((item) => textOf(item)).join(separator);
  return value instanceof Code ? "(code)" : String(value);
}

/** A value as the argument of a command. */
export function argumentText(value: Value): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return textOf(value, ",");
}

/** A bare word is a number or a truth where it looks like one. */
export function literal(text: string): Value {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return text === "true" ? true : text === "false" ? false : text;
}

const isNumber = (value: Value) => typeof value === "number" || /^-?\d+$/.test(textOf(value));

export function isTrue(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === undefined) return false;
  return /^(true|yes)$/.test(textOf(value)) || typeof value === "number" && value !== 0;
}

const same = (value: Value) => {
  const text = textOf(value);
  return text === "yes" ? "true" : text === "no" ? "false" : text;
};

/** @throws {Error} never: what cannot be compared is not equal */
export function operate(op: string, left: Value, right: Value): Value {
  switch (op) {
    case "=":
      return same(left) === same(right);
    case "!=":
      return same(left) !== same(right);
    case "~":
      return new RegExp(textOf(right)).test(textOf(left));
    case "and":
    case "&&":
      return isTrue(left) && isTrue(right);
    case "or":
    case "||":
      return isTrue(left) || isTrue(right);
    case ".":
      return textOf(left) + textOf(right);
    case ",":
      return [...listOf(left), ...listOf(right)];
    case "in":
      return listOf(right).some((item) => same(item) === same(left));
  }
  const [a, b] = isNumber(left) && isNumber(right)
    ? [Number(textOf(left)), Number(textOf(right))]
    : [textOf(left), textOf(right)];
  switch (op) {
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
  }
  const [x, y] = [Number(a), Number(b)];
  switch (op) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return Math.trunc(x / y);
  }
  return x % y;
}

export const listOf = (value: Value): Value[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
