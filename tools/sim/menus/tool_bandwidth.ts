import type { Row } from "../live.ts";
import type { Tool } from "../menu.ts";
import { hash } from "../random.ts";
import { parseSeconds } from "../seconds.ts";
import { duration as durationText } from "../text.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";
import { pathTo } from "./reach.ts";

/** Seconds until the other side has let us in. */
const CONNECTING = 1;

/** Load between two routers; the other side wants the user `btest` with any password but `wrong`. */
export function bandwidthTest(version: Version, isForbidden: boolean): Tool {
  return {
    accepts: [
      ...["address", "user", "password", "protocol", "direction", "duration", "interval"],
      ...["local-tx-speed", "remote-tx-speed", "local-udp-tx-size", "remote-udp-tx-size"],
      ...["random-data", version.major === 6 ? "tcp-connection-count" : "connection-count"],
    ],
    needs: ["address"],
    start(router, attributes) {
      if (isForbidden) throw new Trap("failure: not allowed by device-mode", 4);
      const path = pathTo(router, attributes.get("address")!);
      const direction = attributes.get("direction") ?? "receive";
      const isUdp = (attributes.get("protocol") ?? "udp") === "udp";
      const everyMs = parseSeconds(attributes.get("interval") ?? "1") * 1_000;
      const lasts = attributes.get("duration");
      const rounds = lasts
        ? Math.ceil(parseSeconds(lasts) * 1_000 / everyMs) + CONNECTING
        : Infinity;
      const limit = (name: string) => {
        const [, amount, unit] = /^(\d+)([kMG]?)$/.exec(attributes.get(name) ?? "") ?? [];
        return amount === undefined
          ? Infinity
          : Number(amount) * ({ k: 1e3, M: 1e6, G: 1e9 }[unit!] ?? 1);
      };
      const refusal = path.end !== "answers"
        ? "can't connect"
        : attributes.get("password") === "wrong"
        ? "authentication failed"
        : undefined;
      let sums = { tx: 0, rx: 0 };
      return {
        everyMs,
        rounds,
        hasSections: true,
        rows(round) {
          const isOn = round >= CONNECTING;
          const side = (name: "tx" | "rx", isUsed: boolean, most: number): Row => {
            if (!isUsed) return {};
            const speed = isOn ? Math.min(most, 80e6 + hash(path.address, name, round) % 40e6) : 0;
            sums = { ...sums, [name]: sums[name] + speed };
            const average = String(Math.round(sums[name] / Math.max(1, round)));
            return {
              [`${name}-current`]: String(speed),
              [`${name}-10-second-average`]: average,
              [`${name}-total-average`]: average,
            };
          };
          return [{
            status: isOn
              ? refusal ?? (round === rounds - 1 ? "done testing" : "running")
              : "connecting",
            duration: durationText(Math.max(0, round) * everyMs / 1_000),
            ...(refusal === undefined && {
              ...side("tx", direction !== "receive", limit("local-tx-speed")),
              ...side("rx", direction !== "transmit", limit("remote-tx-speed")),
              ...(isUdp && isOn ? { "lost-packets": String(hash(path.address, round) % 9) } : {}),
            }),
            "random-data": attributes.get("random-data") === "yes" ? "true" : "false",
            direction,
            ...(isUdp ? { "tx-size": "1500", "rx-size": "1500" } : {}),
            ...(isUdp || version.major === 6
              ? {}
              : { "connection-count": attributes.get("connection-count") ?? "20" }),
            ...(version.major === 6 ? {} : { "local-cpu-load": "41", "remote-cpu-load": "37" }),
          }];
        },
      };
    },
  };
}
