export type Query = Record<string, string | undefined>;

/** A path with a query of what is set. */
export function linkTo(path: string, values: Query): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`;
}
