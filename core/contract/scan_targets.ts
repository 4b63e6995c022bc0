import { z } from "zod";

/** Addresses of one scan: a /20, or as many hosts of an IPv6 network. */
export const MAX_SCAN_ADDRESSES = 4_096;
const MAX_TEXT = 8_000;

interface Address {
  version: 4 | 6;
  value: bigint;
}

export interface ScanTargets {
  /** Each once, in the order of the text. */
  addresses: string[];
  /** What was not understood, or is too much; then `addresses` is worth nothing. */
  problems: string[];
}

/**
 * What a text of targets means: addresses, networks (`10.0.0.0/24`) and ranges (`10.0.0.1-10.0.0.50`,
 * `10.0.0.1-50`), between spaces, commas or line breaks. Of an IPv4 network the first and last address
 * are left out. IPv6 networks are /116 at the largest: a /64 is never scanned through.
 */
export function readTargets(text: string): ScanTargets {
  const problems: string[] = [];
  const seen = new Set<string>();
  if (text.length > MAX_TEXT) return { addresses: [], problems: ["it is too long a list"] };
  for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
    const range = readPart(part);
    if (typeof range === "string") problems.push(`${part.slice(0, 100)} ${range}`);
    else if (range.last - range.first >= BigInt(MAX_SCAN_ADDRESSES)) {
      problems.push(`${part} is more than ${MAX_SCAN_ADDRESSES} addresses`);
    } else {
      for (let value = range.first; value <= range.last; value++) {
        seen.add(formatAddress({ version: range.version, value }));
        if (seen.size > MAX_SCAN_ADDRESSES) break;
      }
    }
  }
  if (seen.size > MAX_SCAN_ADDRESSES) {
    problems.push(`together it is more than ${MAX_SCAN_ADDRESSES} addresses`);
  }
  if (seen.size === 0 && problems.length === 0) problems.push("names no address");
  return { addresses: [...seen], problems };
}

interface Range {
  version: 4 | 6;
  first: bigint;
  last: bigint;
}

function readPart(part: string): Range | string {
  const [from = "", to, ...more] = part.split("-");
  if (more.length > 0) return "is no address, network or range";
  if (to !== undefined) return readRange(from, to);
  const [text = "", bits, ...rest] = part.split("/");
  const address = readAddress(text);
  if (!address || rest.length > 0) return "is no address, network or range";
  const { version, value } = address;
  if (bits === undefined) return { version, first: value, last: value };
  const length = version === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > length) return "has no such prefix";
  if (version === 6 && Number(bits) < 116) return "is too large: an IPv6 network is /116 at most";
  const size = 1n << BigInt(length - Number(bits));
  const first = value - value % size;
  const last = first + size - 1n;
  return version === 4 && Number(bits) <= 30
    ? { version, first: first + 1n, last: last - 1n }
    : { version, first, last };
}

function readRange(from: string, to: string): Range | string {
  const first = readAddress(from);
  // 10.0.0.1-50: the last number alone.
  const short = /^\d{1,3}$/.test(to) && first?.version === 4;
  const last = readAddress(short ? from.replace(/\d+$/, to) : to);
  if (!first || !last || first.version !== last.version) return "is no range of addresses";
  if (last.value < first.value) return "ends before it begins";
  return { version: first.version, first: first.value, last: last.value };
}

function readAddress(text: string): Address | undefined {
  if (z.ipv4().safeParse(text).success) {
    const value = text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return { version: 4, value };
  }
  if (!z.ipv6().safeParse(text).success) return undefined;
  const [head = "", tail] = canonical(text).split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array<string>(8 - left.length - right.length).fill("0");
  const value = [...left, ...(tail === undefined ? [] : middle), ...right]
    .reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return { version: 6, value };
}

function formatAddress({ version, value }: Address): string {
  if (version === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String(value >> shift & 255n)).join(".");
  }
  const groups = Array.from(
    { length: 8 },
    (_, at) => (value >> BigInt(16 * (7 - at)) & 65_535n).toString(16),
  );
  return canonical(groups.join(":"));
}

/** The one way an IPv6 address is written; URLs know it. */
function canonical(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}
