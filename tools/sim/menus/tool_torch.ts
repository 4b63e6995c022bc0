import type { Row } from "../live.ts";
import type { Tool } from "../menu.ts";
import { hash } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { parseSeconds } from "../seconds.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { checkInterface } from "./check_interface.ts";
import { lanClients } from "./clients.ts";

const SERVICES = [["443", "https"], ["53", "dns"], ["80", "http"], ["123", "ntp"]] as const;

interface Flow {
  readonly source: string;
  readonly target: string;
  readonly protocol: "tcp" | "udp";
  readonly sourcePort: string;
  readonly targetPort: string;
  readonly seed: number;
}

function flows(router: SimRouter, name: string): Flow[] {
  return lanClients(router).flatMap((client) =>
    [0, 1].map((n) => {
      const seed = hash(client.seed, name, n);
      const [port, service] = SERVICES[seed % SERVICES.length]!;
      return {
        source: client.address,
        target: `198.51.100.${seed % 254 + 1}`,
        protocol: port === "53" || port === "123" ? "udp" as const : "tcp" as const,
        sourcePort: String(20_000 + seed % 40_000),
        targetPort: `${port} (${service})`,
        seed,
      };
    })
  );
}

/** Columns come with the arguments that ask for them; the last row of a round is the sum. */
export function torch(version: Version): Tool {
  return {
    accepts: [
      ...["interface", "src-address", "dst-address", "src-address6", "dst-address6", "port"],
      ...["ip-protocol", "mac-protocol", "vlan-id", "dscp", "duration", "interval", "cpu"],
      ...(version.major === 6 ? ["freeze-frame-interval"] : ["once"]),
    ],
    needs: ["interface"],
    start(router, attributes) {
      const name = attributes.get("interface")!;
      checkInterface(router, name);
      const port = attributes.get("port");
      if (port !== undefined && port !== "any" && !/^\d{1,5}$/.test(port)) {
        throw new Trap("invalid value for argument port", 1);
      }
      const everyMs = parseSeconds(attributes.get("interval") ?? "1") * 1_000;
      const duration = attributes.get("duration");
      return {
        everyMs,
        rounds: duration ? Math.ceil(parseSeconds(duration) * 1_000 / everyMs) : Infinity,
        hasSections: true,
        rows(round) {
          const found = new Map<string, { row: Row; tx: number; rx: number }>();
          let [txAll, rxAll] = [0, 0];
          for (const flow of flows(router, name)) {
            // One flow in six is idle in any given round.
            if (hash(flow.seed, round >> 2) % 6 === 0) continue;
            if (port && port !== "any" && !flow.targetPort.startsWith(`${port} `)) continue;
            const rx = hash(flow.seed, round) % 400_000;
            const tx = rx * (flow.seed % 9 + 1);
            const row: Row = {
              ...(attributes.has("mac-protocol") ? { "mac-protocol": "ip" } : {}),
              ...(attributes.has("ip-protocol") ? { "ip-protocol": flow.protocol } : {}),
              ...(attributes.has("src-address") ? { "src-address": flow.source } : {}),
              ...(port ? { "src-port": flow.sourcePort } : {}),
              ...(attributes.has("dst-address") ? { "dst-address": flow.target } : {}),
              ...(port ? { "dst-port": flow.targetPort } : {}),
            };
            const key = JSON.stringify(row);
            const sum = found.get(key) ?? { row, tx: 0, rx: 0 };
            found.set(key, { row, tx: sum.tx + tx, rx: sum.rx + rx });
            txAll += tx;
            rxAll += rx;
          }
          const rates = (tx: number, rx: number): Row => ({
            tx: String(tx),
            rx: String(rx),
            "tx-packets": String(Math.ceil(tx / 9_000)),
            "rx-packets": String(Math.ceil(rx / 9_000)),
          });
          const rows = [...found.values()].map(({ row, tx, rx }): Row => ({
            ...row,
            ...rates(tx, rx),
          }));
          return [...rows, rates(txAll, rxAll)];
        },
      };
    },
  };
}
