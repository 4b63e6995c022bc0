import type { LibraryTemplate } from "@/core/contract/templates.ts";
import { FIREWALL } from "./firewall.ts";
import { MONITORING } from "./monitoring.ts";
import { NAMES_AND_TIME } from "./names_and_time.ts";
import { SERVICES } from "./services.ts";
import { WIFI } from "./wifi.ts";

/** What comes with the product: to be copied, then changed as one likes. */
export const LIBRARY: readonly LibraryTemplate[] = [
  ...SERVICES,
  ...NAMES_AND_TIME,
  ...MONITORING,
  ...FIREWALL,
  ...WIFI,
];
