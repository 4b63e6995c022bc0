/**
 * The query language of the list of clients: words search, `field:value` filters.
 *
 *     iphone router:"core 1" ip:10.20.0.0/16 vendor:apple is:wireless
 */
export const CLIENT_FIELDS = ["mac", "ip", "name", "vendor", "ssid", "router", "is"] as const;
export type ClientField = typeof CLIENT_FIELDS[number];

/** Values of `is:`. */
export const CLIENT_STATES = [
  "here",
  "away",
  "wireless",
  "wired",
  "random",
  "neighbour",
  "router",
] as const;
export type ClientState = typeof CLIENT_STATES[number];

export interface ClientFilter {
  /** `any`: a word without a field. */
  field: ClientField | "any";
  value: string;
}

export interface ClientQuery {
  filters: ClientFilter[];
  /** What was not understood, for the page to say. */
  problems: string[];
}

const TERM = /(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi;
const MAX_TERMS = 8;

/** Never throws: what it cannot read is in `problems` and does not filter. */
export function parseClientQuery(text: string): ClientQuery {
  const query: ClientQuery = { filters: [], problems: [] };
  // The database keeps no NUL and no half of a surrogate pair: nothing is found by them.
  const sound = text.slice(0, 500).replaceAll("\0", " ").toWellFormed();
  const terms = [...sound.matchAll(TERM)];
  if (terms.length > MAX_TERMS) {
    query.problems.push(`Only the first ${MAX_TERMS} terms of a search count`);
  }
  for (const [whole, name, quoted, bare] of terms.slice(0, MAX_TERMS)) {
    const value = (quoted ?? bare ?? "").trim();
    const field = CLIENT_FIELDS.find((field) => field === name?.toLowerCase());
    if (value === "") continue;
    // A MAC or IPv6 address has colons too: "de:ad…" is no field.
    if (!field) query.filters.push({ field: "any", value: name === undefined ? value : whole });
    else if (field !== "is") query.filters.push({ field, value });
    else if ((CLIENT_STATES as readonly string[]).includes(value.toLowerCase())) {
      query.filters.push({ field, value: value.toLowerCase() });
    } else query.problems.push(`is:${value} is nothing; there are ${CLIENT_STATES.join(", ")}`);
  }
  return query;
}
