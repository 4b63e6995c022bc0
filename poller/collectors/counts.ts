import { TrapError } from "@/core/wire/routeros/mod.ts";
import type { Ask, Collector } from "../collector.ts";
import { count } from "../values.ts";

/** A number of rows without the rows. A menu that is not there counts as unknown, not as none. */
async function countRows(ask: Ask, menu: string, queries: string[] = []): Promise<number | null> {
  try {
    const { ret } = await ask(`${menu}/print`, { flags: ["count-only"], queries });
    return count(ret);
  } catch (error) {
    if (error instanceof TrapError) return null;
    throw error;
  }
}

export const counts: Collector = {
  name: "counts",
  pace: "minute",
  async collect(ask) {
    const [dhcpLeases, dhcpLeasesBound, arpEntries, connections, pppActive] = await Promise.all([
      countRows(ask, "/ip/dhcp-server/lease"),
      countRows(ask, "/ip/dhcp-server/lease", ["status=bound"]),
      countRows(ask, "/ip/arp"),
      countRows(ask, "/ip/firewall/connection"),
      countRows(ask, "/ppp/active"),
    ]);
    return {
      sections: { counts: { dhcpLeases, dhcpLeasesBound, arpEntries, connections, pppActive } },
    };
  },
};

/** By flag and by number only: printing a full table can take a router's CPU for minutes. */
export const routes: Collector = {
  name: "routes",
  pace: "slow",
  async collect(ask) {
    const of = (...queries: string[]) => countRows(ask, "/ip/route", queries);
    const [total, active, static_, connected, dynamic, bgp, ospf] = await Promise.all([
      of(),
      of("active=yes"),
      of("static=yes"),
      of("connect=yes"),
      of("dynamic=yes"),
      of("bgp=yes"),
      of("ospf=yes"),
    ]);
    if (total === null) return {};
    return {
      sections: { routes: { total, active, static: static_, connected, dynamic, bgp, ospf } },
    };
  },
};
