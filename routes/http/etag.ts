import { InvalidInput } from "@/core/errors.ts";

/** The ETag of a resource that counts its edits. */
export function etagOf(revision: number): string {
  return `"r${revision}"`;
}

/** The revision an If-Match header names; `undefined` without the header or for `*`. */
export function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const match = /^(?:W\/)?"r(\d{1,9})(?:-[^"]*)?"$/.exec(ifMatch.trim());
  if (!match) {
    throw new InvalidInput("Cannot compare versions", [
      { path: "if-match", message: 'must be an ETag of this API, like "r3"' },
    ]);
  }
  return Number(match[1]);
}
