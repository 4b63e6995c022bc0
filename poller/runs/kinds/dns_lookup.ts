import type { DnsLookupParams } from "@/core/contract/runs/dns_lookup.ts";
import { DeviceRefused } from "@/core/errors.ts";
import { text } from "../../values.ts";
import { routerCommand } from "../router_command.ts";

/** `/resolve`: no rows, the address stands behind `!done`. RouterOS 6 knows IPv4 alone. */
export const dnsLookup = routerCommand<DnsLookupParams>({
  words: ({ name, type, server }, { major }) => {
    if (type === "ipv6" && major < 7) {
      throw new DeviceRefused("Cannot look up IPv6 addresses on RouterOS 6: it has IPv4 only");
    }
    return {
      command: "/resolve",
      attributes: {
        "domain-name": name,
        ...(server !== undefined && { server }),
        ...(type === "ipv6" && { type }),
      },
    };
  },
  row: () => undefined,
  answer: (ret, { params, tookMs }) => ({
    name: params.name,
    address: text(ret),
    server: params.server ?? null,
    tookMs,
  }),
});
