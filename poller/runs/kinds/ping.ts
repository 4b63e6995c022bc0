import type { PingParams } from "@/core/contract/runs/ping.ts";
import { ping as kind } from "@/core/contract/runs/ping.ts";
import { count, number, seconds, text } from "../../values.ts";
import { routerCommand } from "../router_command.ts";

const ms = (value: string | undefined) => {
  const found = seconds(value);
  return found === null ? null : Math.round(found * 1e6) / 1e3;
};

/** Should we be cut off without a word, the router itself stops a while after we would have. */
const LATEST_MS = (kind.maxSeconds + 30) * 1_000;

/** `/ping`: a row a packet, with the sums so far. RouterOS 6 tells whole milliseconds, 7 microseconds. */
export const ping = routerCommand<PingParams>({
  words: ({ address, intervalMs, ...rest }) => ({
    command: "/ping",
    attributes: {
      address,
      interval: `${intervalMs}ms`,
      size: String(rest.size),
      count: String(rest.count ?? Math.ceil(LATEST_MS / intervalMs)),
      ...(rest.doNotFragment && { "do-not-fragment": "yes" }),
      ...(rest.interface !== undefined && { interface: rest.interface }),
      ...(rest.sourceAddress !== undefined && { "src-address": rest.sourceAddress }),
    },
  }),
  row: (row) => ({
    seq: count(row["seq"]),
    host: text(row["host"]),
    size: count(row["size"]),
    ttl: count(row["ttl"]),
    timeMs: ms(row["time"]),
    status: text(row["status"]),
    sent: count(row["sent"]),
    received: count(row["received"]),
    lossPercent: number(row["packet-loss"]),
    minMs: ms(row["min-rtt"]),
    avgMs: ms(row["avg-rtt"]),
    maxMs: ms(row["max-rtt"]),
  }),
});
