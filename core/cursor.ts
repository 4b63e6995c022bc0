import { InvalidInput } from "./errors.ts";

/**
 * A place in a sorted list, opaque to the caller: the sort it belongs to and the last row's keys. It
 * holds nothing secret and grants nothing (the query runs in the caller's tenant), so it is checked,
 * not signed.
 */
export interface Place {
  /** Sort and direction, so that a cursor of another list is refused. */
  sort: string;
  /** The last row's value of the sort column, as text; `null` sorts last. */
  value: string | null;
  id: string;
}

export function encodeCursor(place: Place): string {
  const bytes = new TextEncoder().encode(JSON.stringify([place.sort, place.value, place.id]));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {InvalidInput} if it is no cursor of this sort */
export function decodeCursor(text: string, sort: string): Place {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const [wanted, value, id] = JSON.parse(new TextDecoder().decode(bytes));
    const isPlace = wanted === sort && typeof id === "string" && id.length <= 64 &&
      (value === null || (typeof value === "string" && value.length <= 1_000));
    if (isPlace) return { sort, value, id };
  } catch { /* said below */ }
  throw new InvalidInput("Cannot continue this list", [{
    path: "cursor",
    message: "is no cursor of this list and order: start from the first page",
  }]);
}
