/** A RouterOS version as far as menus and attributes depend on it. */
export interface RouterVersion {
  readonly major: number;
  readonly minor: number;
}

/** What an unknown version is taken for: the forms then offer what current routers have. */
const CURRENT: RouterVersion = { major: 7, minor: 99 };

/** `7.18.2`, `6.49.13 (stable)`, `7.20beta2`. */
export function routerVersion(text: string | null | undefined): RouterVersion {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(text ?? "") ?? [];
  return major === undefined ? CURRENT : { major: Number(major), minor: Number(minor) };
}

/** Whether `version` lies in `since <= version < until`; both as `7.13`. */
export function isWithin(
  version: RouterVersion,
  { since, until }: { since?: string | undefined; until?: string | undefined },
): boolean {
  return (since === undefined || compare(version, since) >= 0) &&
    (until === undefined || compare(version, until) < 0);
}

function compare({ major, minor }: RouterVersion, text: string): number {
  const other = routerVersion(text);
  return major - other.major || minor - other.minor;
}
