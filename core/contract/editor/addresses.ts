import { z } from "zod";
import type { AddressForm } from "./field.ts";

const isIp4 = (text: string) => z.ipv4().safeParse(text).success;
/** A link-local one may name its interface: `fe80::1%ether1`. */
const isIp6 = (text: string) => z.ipv6().safeParse(text.replace(/%[^%/]+$/, "")).success;

function isPrefix(text: string, isAddress: (text: string) => boolean, most: number): boolean {
  const [address, length, more] = text.split("/");
  return more === undefined && length !== undefined && /^\d{1,3}$/.test(length) &&
    Number(length) <= most && isAddress(address!);
}

function isRange(text: string, isAddress: (text: string) => boolean): boolean {
  const [from, to, more] = text.split("-");
  return more === undefined && to !== undefined && isAddress(from!) && isAddress(to);
}

export function ip4Number(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
export function ip4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

const FORMS: Readonly<Record<AddressForm, { fits(text: string): boolean; words: string }>> = {
  ip4: { fits: isIp4, words: "an IPv4 address such as 192.0.2.1" },
  ip6: { fits: isIp6, words: "an IPv6 address such as 2001:db8::1" },
  prefix4: {
    fits: (text) => isPrefix(text, isIp4, 32),
    words: "an IPv4 address with its length such as 192.0.2.1/24",
  },
  prefix6: {
    fits: (text) => isPrefix(text, isIp6, 128),
    words: "an IPv6 address with its length such as 2001:db8::1/64",
  },
  range4: {
    fits: (text) => {
      const [from, to] = text.split("-");
      return isRange(text, isIp4) && ip4Number(from!) <= ip4Number(to!);
    },
    words: "a range such as 192.0.2.10-192.0.2.99",
  },
  range6: { fits: (text) => isRange(text, isIp6), words: "a range of IPv6 addresses" },
  name: {
    // What looks like an address is a broken one, not a name.
    fits: (text) =>
      !/^[\d.]+$/.test(text) && text.length <= 253 &&
      /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i.test(text),
    words: "a name such as vpn.example.net",
  },
};

export function fitsForm(text: string, forms: readonly AddressForm[]): boolean {
  return forms.some((form) => FORMS[form].fits(text));
}

/** "an IPv4 address such as …, or a range such as …" */
export function formsInWords(forms: readonly AddressForm[]): string {
  return forms.map((form) => FORMS[form].words).join(", or ");
}

/** First and last address of `192.0.2.1/24`, as numbers. */
export function networkOf(prefix: string): { first: number; last: number; length: number } {
  const [address, bits = "32"] = prefix.split("/");
  const length = Number(bits);
  const size = 2 ** (32 - length);
  const first = Math.floor(ip4Number(address!) / size) * size;
  return { first, last: first + size - 1, length };
}
