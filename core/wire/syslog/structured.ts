/** What a line of RFC 5424 holds beside its priority. */
export interface Structured {
  deviceTime: string | null;
  host: string | null;
  app: string | null;
  /** Of the element `[tod device="…"]`. */
  device: string | null;
  message: string;
}

const HEADER = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (?=-|\[)/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_ELEMENTS = 32;

/** `undefined` when it is not RFC 5424. Structured data is skipped but for our own element. */
export function parseStructured(text: string): Structured | undefined {
  const header = HEADER.exec(text);
  if (!header) return undefined;
  const given = (value: string) => value === "-" ? null : value;
  const [whole, time, host, app] = header;
  const { device, end } = readElements(text, whole.length);
  const message = text.slice(end).replace(/^ ?\ufeff?/, "");
  return { deviceTime: given(time!), host: given(host!), app: given(app!), device, message };
}

/** Walks `[id name="value" …][…]`; a value may hold `\"`, `\\` and `\]`. */
function readElements(text: string, start: number): { device: string | null; end: number } {
  if (text[start] === "-") return { device: null, end: start + 1 };
  let device: string | null = null;
  let at = start;
  for (let count = 0; text[at] === "[" && count < MAX_ELEMENTS; count++) {
    const end = endOfElement(text, at);
    if (end < 0) break; // never closed: the rest is message
    const found = /^\[tod(?:@\d+)? (?:[^"]*"[^"]*" )*?device="([^"]{1,40})"/.exec(
      text.slice(at, Math.min(end, at + 500)),
    );
    const id = found?.[1]?.toLowerCase();
    if (id && UUID.test(id)) device = id;
    at = end + 1;
  }
  return { device, end: at };
}

function endOfElement(text: string, start: number): number {
  let isQuoted = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (isQuoted && char === "\\") at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === "]" && !isQuoted) return at;
  }
  return -1;
}
