import { torch as kind, type TorchParams } from "@/core/contract/runs/torch.ts";
import { bitsPerSecond, count, text } from "../../values.ts";
import { routerCommand } from "../router_command.ts";

/** Should we be cut off without a word, the router itself stops a while after we would have. */
const LATEST_SECONDS = kind.maxSeconds + 30;

const isV6 = (network: string | undefined) => network?.includes(":") ?? false;

/** `/tool/torch`: a column comes with the argument that could filter by it, so each asks for "any". */
export const torch = routerCommand<TorchParams>({
  words: (params) => ({
    command: "/tool/torch",
    attributes: {
      interface: params.interface,
      duration: `${LATEST_SECONDS}s`,
      ...addressWords(params),
      ...((params.byProtocol || params.protocol !== "any") && { "ip-protocol": params.protocol }),
      ...((params.byPort || params.port !== undefined) && { port: String(params.port ?? "any") }),
    },
  }),
  row: (row) => {
    const flow = {
      protocol: text(row["ip-protocol"]),
      source: text(row["src-address"]) ?? text(row["src-address6"]),
      sourcePort: text(row["src-port"]),
      destination: text(row["dst-address"]) ?? text(row["dst-address6"]),
      destinationPort: text(row["dst-port"]),
    };
    return {
      ...flow,
      rxBps: bitsPerSecond(row["rx"]),
      txBps: bitsPerSecond(row["tx"]),
      rxPackets: count(row["rx-packets"]),
      txPackets: count(row["tx-packets"]),
      /** The router's sum over all flows, those beyond our bound too. */
      isTotal: Object.values(flow).every((value) => value === null),
    };
  },
});

function addressWords({ byAddress, ipv6, source, destination }: TorchParams) {
  const words: Record<string, string> = {};
  const wants4 = byAddress && !isV6(source) && !isV6(destination);
  const wants6 = (byAddress && ipv6) || isV6(source) || isV6(destination);
  if (wants4 || source && !isV6(source)) words["src-address"] = source ?? "0.0.0.0/0";
  if (wants4 || destination && !isV6(destination)) {
    words["dst-address"] = destination ?? "0.0.0.0/0";
  }
  if (wants6) {
    words["src-address6"] = isV6(source) ? source! : "::/0";
    words["dst-address6"] = isV6(destination) ? destination! : "::/0";
  }
  return words;
}
