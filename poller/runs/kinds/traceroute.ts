import type { TracerouteParams } from "@/core/contract/runs/traceroute.ts";
import { count, number, text } from "../../values.ts";
import { routerCommand } from "../router_command.ts";

/** `/tool/traceroute`: the router tells all hops again with every packet, as a table of its own. */
export const traceroute = routerCommand<TracerouteParams>({
  words: ({ address, protocol, maxHops, timeoutMs, useDns, ...rest }) => ({
    command: "/tool/traceroute",
    attributes: {
      address,
      protocol,
      "max-hops": String(maxHops),
      timeout: `${timeoutMs}ms`,
      "use-dns": useDns ? "yes" : "no",
      ...(rest.count !== null && { count: String(rest.count) }),
      ...(rest.interface !== undefined && { interface: rest.interface }),
      ...(rest.sourceAddress !== undefined && { "src-address": rest.sourceAddress }),
    },
  }),
  row: (row, { place }) => ({
    hop: place + 1,
    address: text(row["address"]),
    lossPercent: number(row["loss"]),
    sent: count(row["sent"]),
    // "timeout", or milliseconds with or without their unit.
    lastMs: number(row["last"]),
    avgMs: number(row["avg"]),
    bestMs: number(row["best"]),
    worstMs: number(row["worst"]),
    deviationMs: number(row["std-dev"]),
    status: text(row["status"]) ?? (row["last"] === "timeout" ? "timeout" : null),
  }),
});
