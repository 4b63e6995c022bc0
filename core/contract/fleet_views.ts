import { z } from "zod";

/** What the fleet table can show of a router, in the order it is offered. */
export const FLEET_COLUMNS = [
  ...["status", "name", "address", "site", "tags", "region", "profile", "model", "serial"] as const,
  ...["version", "firmware", "cpu", "memory", "temperature", "rx", "tx", "clients"] as const,
  ...["uptime", "health", "seen", "interval"] as const,
];
export const FleetColumn = z.enum(FLEET_COLUMNS);
export type FleetColumn = z.infer<typeof FleetColumn>;

/** Shown when nobody chose: as many of them as the screen is wide. */
export const DEFAULT_COLUMNS: readonly FleetColumn[] = [
  ...["status", "name", "site", "model", "version", "cpu", "memory", "temperature"] as const,
  ...["rx", "tx", "clients", "uptime", "health"] as const,
];

/** By what the fleet can be sorted. */
export const FLEET_SORTS = [
  ...["name", "address", "status", "site", "model", "version", "cpu", "memory"] as const,
  ...["temperature", "rx", "tx", "clients", "uptime", "health", "seen"] as const,
];
export const FleetSort = z.enum(FLEET_SORTS);
export type FleetSort = z.infer<typeof FleetSort>;

/** Views of one person. */
export const MAX_VIEWS = 50;

const fields = {
  name: z.string().trim().min(1).max(60).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be one line of text",
  ),
  query: z.string().trim().max(500),
  sort: FleetSort,
  order: z.enum(["asc", "desc"]),
  /** Empty: the usual ones. */
  columns: z.array(FleetColumn).max(FLEET_COLUMNS.length),
  /** Seen by everybody of the tenant. */
  isShared: z.boolean(),
};
export const NewFleetView = z.strictObject({
  ...fields,
  query: fields.query.default(""),
  sort: fields.sort.default("status"),
  order: fields.order.default("asc"),
  columns: fields.columns.default([]),
  isShared: fields.isShared.default(false),
});
export type NewFleetView = z.input<typeof NewFleetView>;
/** Absent: unchanged. */
export const FleetViewPatch = z.strictObject(fields).partial();
export type FleetViewPatch = z.infer<typeof FleetViewPatch>;

export const FleetView = z.object({
  ...fields,
  id: z.uuid(),
  isOwn: z.boolean(),
});
export type FleetView = z.infer<typeof FleetView>;

/** What a page of the fleet shows; all of it stands in its address. */
export interface FleetState {
  q: string;
  sort: FleetSort;
  order: "asc" | "desc";
  columns: readonly FleetColumn[];
}

/** The columns that an address names, each once; `name` is always among them. */
export function columnsOf(texts: readonly string[]): FleetColumn[] {
  const wanted = new Set(texts.flatMap((text) => text.split(",")));
  const columns = FLEET_COLUMNS.filter((column) => wanted.has(column));
  if (columns.length === 0) return [];
  return FLEET_COLUMNS.filter((column) => column === "name" || columns.includes(column));
}

/** Where the fleet is shown like this. */
export function fleetAddress(
  { q, sort, order, columns }: FleetState,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    ...(q && { q }),
    ...{ sort, order },
    ...(columns.length > 0 && { columns: columns.join() }),
    ...more,
  });
  return `/devices?${query}`;
}
