/** The numbers of a RouterOS version: `7.18.2 (stable)` → 7, 18, 2. `undefined`: it is none. */
export function versionNumbers(text: string | null): readonly number[] | undefined {
  const found = /^\s*(\d{1,3})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?/.exec(text ?? "");
  if (!found) return undefined;
  return [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)];
}

/** Below 0: `a` is older. What comes before a release (`7.18beta2`, `rc`) counts as the release. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (const at of [0, 1, 2]) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` stands from `from` on and before `before`; absent bounds hold for all. */
export function isWithin(
  version: readonly number[],
  { from, before }: { from?: string | undefined; before?: string | undefined } = {},
): boolean {
  const [low, high] = [versionNumbers(from ?? null), versionNumbers(before ?? null)];
  return (!low || compareVersions(version, low) >= 0) &&
    (!high || compareVersions(version, high) < 0);
}
