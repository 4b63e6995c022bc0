/**
 * One `!re` row (or the attributes of another reply): what the router sent, by name. There is no
 * inherited member, so names such as `__proto__` or `constructor` are data like any other. A name
 * sent twice keeps its last value here; {@linkcode attributesOf} has both.
 *
 * Not Object.create(null): that makes V8 keep a hash table a row, four times the memory.
 */
export type Row = Record<string, string>;

interface RowConstructor {
  new (): Row;
}
const EmptyRow = function () {} as unknown as RowConstructor;
Object.defineProperty(EmptyRow, "prototype", { value: Object.freeze(Object.create(null)) });

export function emptyRow(): Row {
  return new EmptyRow();
}

interface Details {
  attributes?: [name: string, value: string][];
  raw?: Map<string, Uint8Array>;
}
/** Kept for the few rows whose record does not tell everything. */
const details = new WeakMap<Row, Details>();

function detailsOf(row: Row): Details {
  let found = details.get(row);
  if (!found) details.set(row, found = {});
  return found;
}

/** Whether a JavaScript object would move this name to its front instead of keeping the order. */
export function isIndexLike(name: string): boolean {
  return /^\d+$/.test(name);
}

/** Sets one attribute; answers whether the record alone still tells all that was sent. */
export function setAttribute(row: Row, name: string, value: string): boolean {
  let attributes = details.get(row)?.attributes;
  if (!attributes && (name in row || isIndexLike(name))) {
    attributes = detailsOf(row).attributes = Object.entries(row);
  }
  attributes?.push([name, value]);
  row[name] = value;
  return attributes === undefined;
}

/** Notes the bytes of a value that was not UTF-8. */
export function keepRaw(row: Row, name: string, bytes: Uint8Array): void {
  (detailsOf(row).raw ??= new Map()).set(name, bytes);
}

/** All attributes in the order they were sent, doubles included. */
export function attributesOf(row: Row): readonly (readonly [name: string, value: string])[] {
  return details.get(row)?.attributes ?? Object.entries(row);
}

/**
 * The bytes of a value that was not valid UTF-8, `undefined` when it was. To write a value back
 * unchanged send these, not the text: the text is only our reading of them.
 */
export function rawValueOf(row: Row, name: string): Uint8Array | undefined {
  return details.get(row)?.raw?.get(name);
}
