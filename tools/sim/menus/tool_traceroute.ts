import type { Row } from "../live.ts";
import type { Tool } from "../menu.ts";
import { parseSeconds } from "../seconds.ts";
import type { Version } from "../version.ts";
import { pathTo, roundTrip } from "./reach.ts";

const MAX_QUIET = 5;

/** Each round tells every hop found so far, with its sums; one more hop a round until the target. */
export function traceroute(version: Version): Tool {
  return {
    accepts: [
      ...["address", "count", "dscp", "duration", "interface", "interval", "max-hops", "port"],
      ...["protocol", "size", "src-address", "timeout", "use-dns"],
      version.major === 6 ? "routing-table" : "vrf",
    ],
    needs: ["address"],
    start(router, attributes) {
      const path = pathTo(router, attributes.get("address")!);
      const quiet = path.end === "answers" ? 0 : MAX_QUIET - 1;
      const hops = [...path.hops, ...Array<undefined>(quiet).fill(undefined)]
        .slice(0, Number(attributes.get("max-hops") ?? 30));
      const times: number[][] = hops.map(() => []);
      const duration = attributes.get("duration");
      return {
        everyMs: parseSeconds(attributes.get("interval") ?? "0.1") * 1_000,
        rounds: Number(
          attributes.get("count") ?? (duration ? Math.ceil(parseSeconds(duration) * 10) : Infinity),
        ) + hops.length - 1,
        hasSections: true,
        rows(round) {
          return hops.slice(0, round + 1).map((address, i): Row => {
            const sent = round + 1 - i;
            if (address === undefined) {
              return { address: "", loss: "100", sent: String(sent), last: "timeout", status: "" };
            }
            const mine = times[i]!;
            mine.push(roundTrip(path, i, round));
            const avg = mine.reduce((a, b) => a + b) / mine.length;
            const spread = Math.sqrt(
              mine.reduce((sum, t) => sum + (t - avg) ** 2, 0) / mine.length,
            );
            return {
              address,
              loss: "0",
              sent: String(sent),
              last: mine.at(-1)!.toFixed(1),
              avg: avg.toFixed(1),
              best: Math.min(...mine).toFixed(1),
              worst: Math.max(...mine).toFixed(1),
              "std-dev": spread.toFixed(1),
              status: i === 1 ? "<MPLS:L=16012,E=0>" : "",
            };
          });
        },
      };
    },
  };
}
