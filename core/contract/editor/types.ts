import type { AddressForm, Field, FieldType } from "./field.ts";

/** Short names for the tables of menus: read aloud they say what an attribute may hold. */
type ChoiceType = Extract<FieldType, { kind: "choice" }>;
type ReferenceType = Extract<FieldType, { kind: "reference" }>;
type More = Partial<Omit<Field, "name" | "type" | "help">>;

export function field(name: string, type: FieldType, help: string, more: More = {}): Field {
  return { name, type, help, ...more };
}

export const text: FieldType = { kind: "string", max: 1_000 };
export const longText: FieldType = { kind: "string", max: 60_000, isLong: true };
export const yesNo: FieldType = { kind: "boolean" };
export const ports: FieldType = { kind: "ports" };
export const port: FieldType = { kind: "ports", isSingle: true };
export const mac: FieldType = { kind: "mac" };

export const secret = (min = 0, max = 1_000): FieldType => ({ kind: "secret", min, max });
export const oneOf = (...options: string[]): FieldType => ({ kind: "choice", options });
export const someOf = (...options: string[]): ChoiceType => ({
  kind: "choice",
  options,
  isList: true,
});
/** Options that are only examples. */
export const suggest = (...options: string[]): FieldType => ({
  kind: "choice",
  options,
  isOpen: true,
});
export const whole = (min: number, max: number, ...words: string[]): FieldType => ({
  kind: "integer",
  min,
  max,
  words,
});
export const ranges = (min: number, max: number): FieldType => ({
  kind: "integer",
  min,
  max,
  isRanges: true,
});
export const duration = (...words: string[]): FieldType => ({ kind: "duration", words });
export const address = (...forms: AddressForm[]): FieldType => ({ kind: "address", forms });
export const addresses = (...forms: AddressForm[]): FieldType => ({
  kind: "address",
  forms,
  isList: true,
});
/** Names of the items of another menu. */
export const nameIn = (menu: string, ...words: string[]): ReferenceType => ({
  kind: "reference",
  to: [{ menu, attribute: "name" }],
  words,
});
export const namesIn = (menu: string, ...words: string[]): ReferenceType => ({
  kind: "reference",
  to: [{ menu, attribute: "name" }],
  words,
  isList: true,
});
export const valueIn = (menu: string, attribute: string, isOpen = false): FieldType => ({
  kind: "reference",
  to: [{ menu, attribute }],
  isOpen,
});
export const interfaceName = (...words: string[]): FieldType => nameIn("/interface", ...words);
export const interfaceList = (...words: string[]): ReferenceType => ({
  kind: "reference",
  to: [{ menu: "/interface/list", attribute: "name" }],
  words: ["all", "dynamic", "none", "static", ...words],
});
/** The same with other values allowed: what is listed is help. */
export function open(type: ChoiceType | ReferenceType): FieldType {
  return { ...type, isOpen: true };
}
export const rate: FieldType = { kind: "rate" };
export const ratePair: FieldType = { kind: "rate", isPair: true };

export const COMMENT = field("comment", text, "A note for people");
export const DISABLED = field("disabled", yesNo, "It is kept, but does nothing");
/** What almost every list of items ends with. */
export const NOTES: readonly Field[] = [COMMENT, DISABLED];
