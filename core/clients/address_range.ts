import { isIP } from "node:net";

/** The first and last address of `10.0.0.5`, `10.0.0.0/8`, `10.20` (…0.0/16) or IPv6; else `undefined`. */
export function addressRange(text: string): [low: string, high: string] | undefined {
  const trimmed = text.trim();
  const [head, bits, ...rest] = trimmed.split("/");
  if (rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const short = /^(?:\d{1,3}\.){1,3}$/.test(head!) ||
    /^\d{1,3}\.\d{1,3}(?:\.\d{1,3})?$/.test(head!);
  if (short && bits === undefined) {
    const parts = head!.split(".").filter((part) => part !== "");
    const whole = [...parts, ...Array(4 - parts.length).fill("0")].join(".");
    return isIP(whole) === 4 ? spread(toBits(whole), 32, parts.length * 8) : undefined;
  }
  const version = isIP(head!);
  if (version === 0 || head!.includes("%")) return undefined;
  const width = version === 4 ? 32 : 128;
  const length = bits === undefined ? width : Number(bits);
  return length > width ? undefined : spread(toBits(head!), width, length);
}

function spread(value: bigint, width: number, length: number): [string, string] {
  const hosts = (1n << BigInt(width - length)) - 1n;
  const low = value & ~hosts;
  return [toText(low, width), toText(low | hosts, width)];
}

function toBits(address: string): bigint {
  if (isIP(address) === 4) {
    return address.split(".").reduce((sum, part) => sum << 8n | BigInt(part), 0n);
  }
  // The end may be written as IPv4.
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const hex = (part: bigint) => part.toString(16);
  const plain = tail
    ? `${tail[1]}${hex(toBits(tail[2]!) >> 16n)}:${hex(toBits(tail[2]!) & 0xffffn)}`
    : address;
  const [before, after] = plain.split("::").map((half) => half.split(":").filter(Boolean));
  const gap = after ? Array(8 - before!.length - after.length).fill("0") : [];
  return [...before!, ...gap, ...after ?? []]
    .reduce((sum, part) => sum << 16n | BigInt(`0x${part}`), 0n);
}

function toText(value: bigint, width: number): string {
  if (width === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  }
  return Array.from(
    { length: 8 },
    (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  ).join(":");
}
