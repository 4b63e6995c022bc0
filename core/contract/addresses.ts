type Family = 4 | 6 | null;

/** Whether `text` is an address, IPv4 or IPv6, without a zone. */
export function isAddress(text: string, family: Family = null): boolean {
  return bitsOf(text, family) !== undefined;
}

/** `192.0.2.0/24`, `2001:db8::/32`; a length must be there. */
export function isNetwork(
  text: string,
  family: Family = null,
  /** Only the network itself: no bit is set behind its length. */
  { hasNoHost = false } = {},
): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  const bits = bitsOf(address, family);
  if (bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  const wanted = Number(length);
  if (wanted > bits.length) return false;
  return !hasNoHost || !bits.slice(wanted).includes("1");
}

/** The address as zeros and ones; `undefined`: it is none. */
function bitsOf(text: string, family: Family): string | undefined {
  if (family !== 6) {
    const four = bitsOf4(text);
    if (four !== undefined) return four;
  }
  return family === 4 ? undefined : bitsOf6(text);
}

function bitsOf4(text: string): string | undefined {
  const parts = text.split(".");
  const isSound = parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isSound ? parts.map((part) => binary(Number(part), 8)).join("") : undefined;
}

function bitsOf6(text: string): string | undefined {
  // The last 32 bits may be written as IPv4.
  const four = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = four && bitsOf4(four[2]!);
  if (four && !tail) return undefined;
  const rest = four ? four[1]!.replace(/([^:]):$/, "$1") : text;
  const halves = rest.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string) => half === "" ? [] : half.split(":");
  const [head, end] = [groups(halves[0]!), groups(halves[1] ?? "")];
  if (![...head, ...end].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const missing = (tail ? 6 : 8) - head.length - end.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...end];
  return all.map((group) => binary(Number.parseInt(group, 16), 16)).join("") + (tail ?? "");
}

function binary(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}
