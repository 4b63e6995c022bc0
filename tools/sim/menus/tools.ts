import type { Board } from "../boards.ts";
import type { Row } from "../live.ts";
import type { Menu, Tool } from "../menu.ts";
import { parseSeconds } from "../seconds.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { checkInterface } from "./check_interface.ts";
import { pathTo, resolve, roundTrip } from "./reach.ts";
import { bandwidthTest } from "./tool_bandwidth.ts";
import { torch } from "./tool_torch.ts";
import { traceroute } from "./tool_traceroute.ts";

/** RouterOS 6 tells whole milliseconds, 7 microseconds too. */
function timeText(ms: number, version: Version): string {
  const whole = Math.floor(ms);
  if (version.major === 6) return `${whole}ms`;
  const micro = Math.round((ms - whole) * 1_000);
  return `${whole > 0 ? `${whole}ms` : ""}${micro > 0 || whole === 0 ? `${micro}us` : ""}`;
}

const tableOf = (version: Version) => version.major === 6 ? "routing-table" : "vrf";

function ping(version: Version): Tool {
  return {
    accepts: [
      ...["address", "arp-ping", "count", "do-not-fragment", "dscp", "interface", "interval"],
      ...["size", "src-address", "ttl", tableOf(version)],
    ],
    needs: ["address"],
    start(router, attributes) {
      checkInterface(router, attributes.get("interface"));
      const path = pathTo(router, attributes.get("address")!);
      const size = Number(attributes.get("size") ?? 56);
      const isTooLarge = size > 1_500 && attributes.get("do-not-fragment") === "yes";
      const times: number[] = [];
      return {
        everyMs: parseSeconds(attributes.get("interval") ?? "1") * 1_000,
        rounds: Number(attributes.get("count") ?? Infinity),
        hasSections: false,
        rows(round) {
          const row: Row = { seq: String(round), host: path.address };
          const isBack = path.end === "answers" && !isTooLarge;
          if (isBack) {
            const time = roundTrip(path, path.hops.length - 1, round);
            times.push(time);
            Object.assign(row, { size: String(size), ttl: String(65 - path.hops.length) });
            row["time"] = timeText(time, version);
          } else if (isTooLarge) row["status"] = "packet too large and cannot be fragmented";
          else if (path.end === "unreachable") {
            Object.assign(row, { host: path.hops[0] ?? path.address, size: "84", ttl: "64" });
            row["status"] = "host unreachable";
          } else row["status"] = path.end === "no-route" ? "no route to host" : "timeout";
          const sent = round + 1;
          row["sent"] = String(sent);
          row["received"] = String(times.length);
          row["packet-loss"] = String(Math.floor((1 - times.length / sent) * 100));
          if (times.length > 0) {
            row["min-rtt"] = timeText(Math.min(...times), version);
            row["avg-rtt"] = timeText(times.reduce((a, b) => a + b) / times.length, version);
            row["max-rtt"] = timeText(Math.max(...times), version);
          }
          return [row];
        },
      };
    },
  };
}

function resolveName(version: Version): Tool {
  return {
    accepts: ["domain-name", "server", "server-port", ...(version.major >= 7 ? ["type"] : [])],
    needs: ["domain-name"],
    start(router, attributes) {
      if (attributes.get("server")?.startsWith("192.0.2.")) {
        throw new Trap("failure: dns server failure", 4);
      }
      const type = attributes.get("type") === "ipv6" ? "ipv6" : "ipv4";
      return { ret: resolve(router, attributes.get("domain-name")!, type) };
    },
  };
}

const wakeOnLan: Tool = {
  accepts: ["interface", "mac"],
  needs: ["mac"],
  start(router, attributes) {
    checkInterface(router, attributes.get("interface"));
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(attributes.get("mac")!)) {
      throw new Trap("invalid value of mac-address, mac address required", 1);
    }
    return { ret: undefined };
  },
};

/** Commands that measure or try something, at the root and under `/tool`. */
export function toolMenus(board: Board, version: Version): Menu[] {
  const isHome = board.radios.length > 0 && version.atLeast("7.17");
  return [
    {
      path: "",
      isFolder: true,
      rows: () => [],
      tools: { ping: ping(version), resolve: resolveName(version) },
    },
    {
      path: "/tool",
      isFolder: true,
      rows: () => [],
      tools: {
        ping: ping(version),
        traceroute: traceroute(version),
        torch: torch(version),
        "bandwidth-test": bandwidthTest(version, isHome),
        wol: wakeOnLan,
      },
    },
  ];
}
