/**
 * The query language of the fleet table: words search, `field:value` filters, `-field:value`
 * leaves out.
 *
 *     status:offline site:"North tower" version:<7.16 -tag:spare hap
 */
export const FILTER_FIELDS = [
  "status",
  "site",
  "sector",
  "profile",
  "region",
  "version",
  "model",
  "tls",
  "health",
  "compliance",
  "drift",
  "tag",
  "group",
] as const;
export type FilterField = typeof FILTER_FIELDS[number];
export type FilterOperator = "=" | "<" | "<=" | ">" | ">=";

export interface DeviceFilter {
  field: FilterField;
  operator: FilterOperator;
  value: string;
  /** `site:="North"`: right there, and not below. */
  isExact: boolean;
  /** What fits is left out. */
  isNegated: boolean;
}

export interface DeviceQuery {
  /** Each must occur in name, identity, address, model, serial number, version or site. */
  words: string[];
  filters: DeviceFilter[];
  /** What was not understood, for the page to say. */
  problems: string[];
}

const TERM = /(?:(-?)([a-z]+):(<=|>=|<|>|=)?)?(?:"([^"]*)"?|(\S+))/gi;
const MAX_TERMS = 20;
const MAX_TEXT = 1_000;

/** Never throws: what it cannot read is in `problems` and does not filter. */
export function parseDeviceQuery(text: string): DeviceQuery {
  const query: DeviceQuery = { words: [], filters: [], problems: [] };
  for (const match of [...text.slice(0, MAX_TEXT).matchAll(TERM)].slice(0, MAX_TERMS)) {
    const [whole, minus, name, operator, quoted, bare] = match;
    const value = (quoted ?? bare ?? "").trim();
    if (value === "") continue;
    if (name === undefined) query.words.push(value);
    else if (!isField(name.toLowerCase())) {
      // An IPv6 address or a MAC has colons too: search for it as it is.
      if (/^[0-9a-f:.]+$/i.test(whole)) query.words.push(whole);
      else query.problems.push(`${name}: is no filter; there are ${FILTER_FIELDS.join(", ")}`);
    } else {
      const field = name.toLowerCase() as FilterField;
      const isOrdered = field === "version" || field === "health" || field === "compliance";
      if (operator && operator !== "=" && !isOrdered) {
        query.problems.push(`${field} cannot be compared with ${operator}`);
      } else {
        query.filters.push({
          ...{ field, operator: (operator ?? "=") as FilterOperator, value },
          ...{ isExact: operator === "=", isNegated: minus === "-" },
        });
      }
    }
  }
  return query;
}

function isField(name: string): name is FilterField {
  return (FILTER_FIELDS as readonly string[]).includes(name);
}

/** What a query names of one kind: the tags, say. */
export function namesInQuery(text: string, field: FilterField): string[] {
  return parseDeviceQuery(text).filters.filter((filter) => filter.field === field)
    .map(({ value }) => value);
}

/** The same query after what it names got another name. */
export function renameInQuery(text: string, field: FilterField, from: string, to: string): string {
  return text.replace(TERM, (whole, minus, name, operator, quoted, bare) => {
    if (name?.toLowerCase() !== field) return whole;
    const value = String(quoted ?? bare ?? "").trim();
    if (value.toLowerCase() !== from.toLowerCase()) return whole;
    return `${minus ?? ""}${name}:${operator ?? ""}"${to}"`;
  });
}
