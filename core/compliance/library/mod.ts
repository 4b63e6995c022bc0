import { ACCESS_RULES } from "./access.ts";
import { FIREWALL_RULES } from "./firewall.ts";
import type { LibraryRule } from "./library_rule.ts";
import { SERVICE_RULES } from "./services.ts";

export type { LibraryRule } from "./library_rule.ts";

/** The rules that come with the product. */
export const LIBRARY: readonly LibraryRule[] = [
  ...SERVICE_RULES,
  ...FIREWALL_RULES,
  ...ACCESS_RULES,
];

/** Grows whenever a rule changes or comes: stored rules that nobody edited follow. */
export const LIBRARY_EDITION = 1;
