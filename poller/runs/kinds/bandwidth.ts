import type { BandwidthTestParams } from "@/core/contract/runs/bandwidth.ts";
import { DeviceRefused } from "@/core/errors.ts";
import { bitsPerSecond, count, seconds, text } from "../../values.ts";
import { routerCommand } from "../router_command.ts";

/** States from which nothing better comes. */
const FAILED: readonly [RegExp, string][] = [
  [
    /can'?t connect|disconnected/i,
    "check that the other router is reachable and TCP port 2000 open",
  ],
  [/authentication failed/i, "check user and password of the other router"],
  [/unsupported|not supported/i, "the other side does not support this test"],
  [/busy/i, "the other side runs another test: try again later"],
];

const mbps = (value: number) => `${Math.round(value * 1e6)}`;

/** `/tool/bandwidth-test`: a row a second. It loads the link; the router ends it by itself. */
export const bandwidthTest = routerCommand<BandwidthTestParams>({
  words: ({ address, protocol, direction, user, password, ...rest }, { major }) => ({
    command: "/tool/bandwidth-test",
    attributes: {
      ...{ address, protocol, direction, duration: `${rest.seconds}s` },
      ...(user !== "" && { user }),
      ...(password !== "" && { password }),
      ...(rest.connections !== undefined && protocol === "tcp" && {
        [major >= 7 ? "connection-count" : "tcp-connection-count"]: String(rest.connections),
      }),
      ...(rest.transmitLimitMbps !== undefined && {
        "local-tx-speed": mbps(rest.transmitLimitMbps),
      }),
      ...(rest.receiveLimitMbps !== undefined && {
        "remote-tx-speed": mbps(rest.receiveLimitMbps),
      }),
    },
  }),
  row: (row) => {
    const status = text(row["status"]);
    const failed = FAILED.find(([pattern]) => pattern.test(status ?? ""));
    if (failed) throw new DeviceRefused(`The test ended with "${status}": ${failed[1]}`);
    return {
      status,
      seconds: seconds(row["duration"]),
      rxBps: bitsPerSecond(row["rx-current"]),
      rxAverageBps: bitsPerSecond(row["rx-total-average"]),
      txBps: bitsPerSecond(row["tx-current"]),
      txAverageBps: bitsPerSecond(row["tx-total-average"]),
      lostPackets: count(row["lost-packets"]),
      localCpuPercent: count(row["local-cpu-load"]),
      remoteCpuPercent: count(row["remote-cpu-load"]),
    };
  },
});
