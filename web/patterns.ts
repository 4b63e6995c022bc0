/**
 * The URL patterns of a route file, as Hono writes them: `[id]` → `:id`, `[...rest]` → `:rest{.+}`,
 * `(group)` gone, `index` gone. `[[optional]]` makes two, one without it: Hono's own `:optional?` works
 * at the end of a pattern only.
 *
 * @throws TypeError for a parameter that is part of a segment, such as `[id].csv.tsx`
 */
export function toPatterns(file: string): string[] {
  const segments = file
    .replace(/^\/routes\//, "")
    .replace(/\.tsx?$/, "")
    .split("/")
    .filter((segment) => !/^\(.*\)$/.test(segment))
    .filter((segment, index, { length }) => segment !== "index" || index < length - 1);
  return segments.reduce((patterns, segment) => {
    const [, optional] = /^\[\[(\w+)\]\]$/.exec(segment) ?? [];
    const longer = patterns.map((pattern) =>
      `${pattern}/${optional ? `:${optional}` : toSegment(segment)}`
    );
    return optional ? [...patterns, ...longer] : longer;
  }, [""]).map((pattern) => pattern || "/");
}

function toSegment(segment: string): string {
  const [, rest, name] = /^\[(?:\.\.\.(\w+)|(\w+))\]$/.exec(segment) ?? [];
  if (rest) return `:${rest}{.+}`;
  if (name) return `:${name}`;
  if (!/[[\]]/.test(segment)) return segment;
  throw new TypeError(
    `Cannot route a file as a parameter must be a whole segment: current value is ${segment}`,
  );
}

/** Sorts the specific before the general, segment by segment: Hono matches in order of registration. */
export function compareBySpecificity(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(pattern: string): string {
  return pattern.split("/").map((segment) =>
    segment.includes("{") ? "3" : segment.startsWith(":") ? "2" : `1${segment}`
  ).join("/");
}

/** Files that stand around a route: `_layout.tsx` of each folder from routes/ down to its own. */
export function chainOf<Found>(
  file: string,
  name: string,
  files: Readonly<Record<string, Record<string, unknown>>>,
): Found[] {
  const folders = file.split("/").slice(1, -1);
  return folders.flatMap((_, depth) => {
    const base = `/${folders.slice(0, depth + 1).join("/")}/${name}`;
    const found = (files[`${base}.tsx`] ?? files[`${base}.ts`])?.["default"];
    if (found === undefined) return [];
    return (Array.isArray(found) ? found : [found]) as Found[];
  });
}
