import type { RouterLink } from "@/core/router_link/link.ts";
import { connectionOf, linkFailure } from "@/core/router_link/session_connection.ts";
import { RouterosSession } from "@/core/wire/routeros/mod.ts";
import type { RouterHost } from "@/tools/sim/host.ts";

/** The way to simulated routers without pollers between: each device is one of them. */
export function linkTo(hosts: ReadonlyMap<string, RouterHost>): RouterLink & { opened: number } {
  return {
    opened: 0,
    async open({ deviceId }) {
      this.opened += 1;
      const { address, port, username, password } = hosts.get(deviceId)!;
      try {
        return connectionOf(
          await RouterosSession.open({
            ...{ address, port, username, password, tls: { mode: "plain" } },
            ...{ connectTimeoutMs: 2_000, loginTimeoutMs: 2_000 },
          }),
        );
      } catch (error) {
        throw linkFailure(error);
      }
    },
  };
}
