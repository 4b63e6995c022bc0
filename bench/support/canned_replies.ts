import { Buffer } from "node:buffer";
import { encodeSentence } from "@/core/wire/routeros/mod.ts";

type Rows = Record<string, string>[];
const times = (count: number, row: (i: number) => Record<string, string>): Rows =>
  Array.from({ length: count }, (_, i) => row(i));
const hex = (i: number) => (i & 0xff).toString(16).toUpperCase().padStart(2, "0");

/** What one poll asks, and the rows a mid-size router gives: about 19 KB together, 1,070 words. */
const ROUTER: Record<string, Rows> = {
  "/system/resource/print": times(1, () => ({
    "uptime": "5w2d11h14m3s",
    "version": "7.18.2 (stable)",
    "build-time": "2025-03-11 11:59:04",
    "free-memory": "913891328",
    "total-memory": "1073741824",
    "cpu": "ARM64",
    "cpu-count": "4",
    "cpu-frequency": "864",
    "cpu-load": "7",
    "free-hdd-space": "89128960",
    "total-hdd-space": "134217728",
    "architecture-name": "arm64",
    "board-name": "RB5009UG+S+",
    "platform": "MikroTik",
  })),
  "/interface/print": times(24, (i) => ({
    ".id": `*${(i + 1).toString(16).toUpperCase()}`,
    "name": `ether${i + 1}`,
    "default-name": `ether${i + 1}`,
    "type": "ether",
    "mtu": "1500",
    "actual-mtu": "1500",
    "l2mtu": "1514",
    "mac-address": `48:A9:8A:00:10:${hex(i)}`,
    "last-link-up-time": "2026-10-17 03:12:45",
    "link-downs": `${i}`,
    "rx-byte": `${91_203_847_112 + i * 7_919}`,
    "tx-byte": `${13_847_112_991 + i * 104_729}`,
    "rx-packet": `${98_123_114 + i}`,
    "tx-packet": `${54_911_307 + i}`,
    "rx-drop": "0",
    "tx-drop": "0",
    "rx-error": "0",
    "tx-error": "0",
    "running": i % 3 ? "true" : "false",
    "disabled": "false",
    "comment": `uplink to building ${i}, rack B`,
  })),
  "/ip/dhcp-server/lease/print": times(20, (i) => ({
    ".id": `*${(i + 100).toString(16).toUpperCase()}`,
    "address": `10.20.30.${i + 10}`,
    "mac-address": `DC:A6:32:11:22:${hex(i)}`,
    "server": "dhcp-lan",
    "status": "bound",
    "expires-after": "23m14s",
    "last-seen": "6m46s",
    "host-name": `workstation-${i}`,
    "dynamic": "true",
    "disabled": "false",
  })),
  "/ip/neighbor/print": times(8, (i) => ({
    ".id": `*${(i + 1).toString(16)}`,
    "interface": `ether${i + 1},bridge-lan`,
    "address": `10.0.0.${i + 1}`,
    "mac-address": `74:4D:28:AA:BB:${hex(i)}`,
    "identity": `ap-floor-${i}`,
    "platform": "MikroTik",
    "version": "7.18.2 (stable) 2025-03-11 11:59:04",
    "board": "cAPGi-5HaxD2HaxD",
    "uptime": "3w1d2h",
    "discovered-by": "mndp,lldp",
  })),
  "/interface/wifi/registration-table/print": times(12, (i) => ({
    ".id": `*${(i + 1).toString(16)}`,
    "interface": "wifi1",
    "ssid": "office",
    "mac-address": `3C:22:FB:01:02:${hex(i)}`,
    "uptime": "2h13m55s830ms",
    "signal": `-${50 + i}`,
    "tx-rate": "1080.6Mbps-80MHz/2S/SGI",
    "rx-rate": "960.7Mbps-80MHz/2S/SGI",
    "packets": "1829941,1193311",
    "bytes": "1992837411,203948117",
    "authorized": "true",
  })),
};

/** As many bytes in 190 words: what is left is the price of sockets and commands, not of words. */
const LONG_WORDS: Record<string, Rows> = Object.fromEntries(
  Object.keys(ROUTER).map((command) => [
    command,
    times(
      12,
      (i) => ({
        "first": `${"x".repeat(95)}${i}`,
        "second": `${"y".repeat(95)}${i}`,
        "third": `${"z".repeat(95)}${i}`,
      }),
    ),
  ]),
);

/** The answers of this process; both ends of a benchmark get the same environment. */
export const POLL = Deno.env.get("TOD_BENCH_PAYLOAD") === "long-words" ? LONG_WORDS : ROUTER;

/** A long table, all in one answer. */
export const LONG_TABLE = "/ip/firewall/connection/print";
const LONG_TABLE_ROWS = 60_000;
/** Answers `!trap`. */
export const FAILING = "/interface/nothing/print";
/** Answers one short row. */
export const SHORT = "/system/identity/print";

function rowsOf(command: string): Rows | undefined {
  if (command === LONG_TABLE) {
    return times(LONG_TABLE_ROWS, (i) => ({
      ".id": `*${i.toString(16)}`,
      "protocol": "tcp",
      "src-address": `10.20.${(i >> 8) & 0xff}.${i & 0xff}:${1024 + i % 60_000}`,
      "dst-address": "198.51.100.7:443",
      "tcp-state": "established",
      "timeout": "23h59m51s",
      "orig-bytes": `${i * 31}`,
      "repl-bytes": `${i * 73}`,
    }));
  }
  if (command === SHORT) return [{ name: "router" }];
  return POLL[command];
}

/** An answer with holes where the tag goes, so that it costs a copy and not an encoding. */
class Template {
  readonly #bytes: Buffer;
  readonly #holes: number[] = [];

  constructor(command: string, tagLength: number) {
    const tag = "\u0001".repeat(tagLength);
    const tagged = tagLength > 0 ? [`.tag=${tag}`] : [];
    const sentences: Uint8Array[] = [];
    let at = 0;
    const add = (words: string[]) => {
      const sentence = encodeSentence(words);
      const hole = tagLength > 0 ? Buffer.from(sentence).indexOf(tag) : -1;
      if (hole >= 0) this.#holes.push(at + hole);
      at += sentence.length;
      sentences.push(sentence);
    };
    const rows = rowsOf(command);
    for (const row of rows ?? []) {
      add(["!re", ...tagged, ...Object.entries(row).map(([name, value]) => `=${name}=${value}`)]);
    }
    const isUnknown = !rows && !command.startsWith("/login") && command !== "/cancel";
    if (isUnknown) add(["!trap", ...tagged, "=category=0", "=message=no such command prefix"]);
    add(["!done", ...tagged]);
    this.#bytes = Buffer.concat(sentences);
  }

  fill(tag: string): Uint8Array {
    for (let i = 0; i < tag.length; i++) {
      const code = tag.charCodeAt(i);
      for (const hole of this.#holes) this.#bytes[hole + i] = code;
    }
    return this.#bytes;
  }
}

const templates = new Map<string, Template>();

/** The bytes that answer `command` under `tag` ("": untagged), valid until the next call. */
export function cannedReply(command: string, tag: string): Uint8Array {
  const key = `${command} ${tag.length}`;
  let template = templates.get(key);
  if (!template) templates.set(key, template = new Template(command, tag.length));
  return template.fill(tag);
}
