import { BlockList, isIP, isIPv6 } from "node:net";
import { plainAddress } from "@/core/networks.ts";

/**
 * Whether `address` is in `text`: an address, a network or a range as RouterOS writes them.
 * `undefined`: it is none of these.
 */
export function holds(text: string, address: string): boolean | undefined {
  const wanted = plainAddress(address);
  const [first = "", last] = text.split("-");
  const [start = "", bits] = first.split("/");
  const low = toNumber(start);
  const asked = toNumber(wanted);
  if (low === undefined) return isIPv6(start) ? holdsSix(text, wanted) : undefined;
  if (asked === undefined) return isIP(wanted) === 0 ? undefined : false;
  if (last !== undefined) {
    const high = toNumber(last);
    return high === undefined || bits !== undefined ? undefined : asked >= low && asked <= high;
  }
  if (bits === undefined) return asked === low;
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asked / size) === Math.floor(low / size);
}

/** Of IPv4: there may be thousands to look through. */
function toNumber(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (!parts) return undefined;
  const numbers = parts.slice(1).map(Number);
  if (numbers.some((part) => part > 255)) return undefined;
  return numbers.reduce((sum, part) => sum * 256 + part, 0);
}

function holdsSix(text: string, address: string): boolean | undefined {
  const [first = "", last] = text.split("-");
  const [start = "", bits] = first.split("/");
  if (isIP(address) === 0) return undefined;
  if (!isIPv6(address)) return false;
  const list = new BlockList();
  if (last !== undefined) {
    if (bits !== undefined || !isIPv6(last)) return undefined;
    list.addRange(start, last, "ipv6");
  } else if (bits === undefined) list.addAddress(start, "ipv6");
  else if (!/^\d{1,3}$/.test(bits) || Number(bits) > 128) return undefined;
  else list.addSubnet(start, Number(bits), "ipv6");
  return list.check(address, "ipv6");
}

/** Whether `address` is in one of a comma-separated list. */
export function anyHolds(list: string, address: string): boolean {
  return list.split(",").some((part) => holds(part.trim(), address) === true);
}

/** Of `192.0.2.1/24`. */
export const withoutMask = (text: string) => text.split("/")[0]!;
export const maskOf = (text: string) =>
  Number(text.split("/")[1] ?? (text.includes(":") ? 128 : 32));

/** Whether the two write the same address. */
export function isSameAddress(a: string, b: string): boolean {
  return a === b || holds(withoutMask(a), withoutMask(b)) === true;
}
