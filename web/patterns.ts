/**
 * The URL pattern of a route file, as Hono writes it: `[id]` → `:id`, `[...rest]` → `:rest{.+}`,
 * `[[optional]]` → `:optional?`, `(group)` gone, `index` gone.
 */
export function toPattern(file: string): string {
  const segments = file
    .replace(/^\/routes\//, "")
    .replace(/\.tsx?$/, "")
    .split("/")
    .filter((segment) => !/^\(.*\)$/.test(segment))
    .map((segment) =>
      segment
        .replace(/^\[\.\.\.(\w+)\]$/, ":$1{.+}")
        .replace(/^\[\[(\w+)\]\]$/, ":$1?")
        .replace(/\[(\w+)\]/g, ":$1")
    );
  if (segments.at(-1) === "index") segments.pop();
  return `/${segments.join("/")}`;
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
