import { valueAt } from "./live.ts";
import type { SimRouter } from "./router.ts";
import { isIpv4, network4, number4 } from "./values.ts";

/** A network that an address of the router is in. */
export interface Connected {
  readonly address: string;
  readonly network: string;
  readonly bits: number;
  /** The interface it is on. */
  readonly way: string;
}

// Kept from the first look on: to work these rows out anew for each question is dear.
const isOn = (router: SimRouter, name: string) => {
  const row = router.config.edit("/interface").find((candidate) => candidate["name"] === name);
  return row !== undefined && valueAt(row["disabled"] ?? "false", router.now()) !== "true" &&
    router.isLinkUp(name);
};

/** The networks that work: of enabled addresses on enabled interfaces. */
export function connected(router: SimRouter): Connected[] {
  return router.config.edit("/ip/address").flatMap((row): Connected[] => {
    const [address, bits = "32"] = String(row["address"]).split("/");
    const way = String(row["interface"]);
    if (row["disabled"] === "true" || !isOn(router, way)) return [];
    return [{ address: address!, network: String(row["network"]), bits: Number(bits), way }];
  });
}

export const contains = (network: string, bits: number, address: string) =>
  network4(address, bits) === network4(network, bits);

/** The interface behind which a gateway is; `undefined` when it cannot be reached. */
export function wayOf(router: SimRouter, gateway: string): string | undefined {
  const [address, named] = gateway.split("%");
  if (!isIpv4(address!)) return isOn(router, address!) ? address : undefined;
  const near = connected(router).find(({ network, bits, way }) =>
    contains(network, bits, address!) && (named === undefined || named === way)
  );
  return near?.way;
}

/** Where packets to an address go: out of an interface, and to a gateway there or straight on. */
export interface NextHop {
  readonly way: string;
  readonly gateway: string | undefined;
}

/** By the longest prefix, then the shortest distance, of what the main table holds. */
export function nextHop(router: SimRouter, address: string): NextHop | undefined {
  let best: (NextHop & { bits: number; distance: number }) | undefined;
  const offer = (hop: NextHop, bits: number, distance: number) => {
    if (!best || bits > best.bits || bits === best.bits && distance < best.distance) {
      best = { ...hop, bits, distance };
    }
  };
  for (const { network, bits, way } of connected(router)) {
    if (contains(network, bits, address)) offer({ way, gateway: undefined }, bits, 0);
  }
  for (const row of router.config.rows("/ip/route")) {
    if (row["disabled"] === "true" || (row["routing-table"] ?? "main") !== "main") continue;
    const [network, bits = "32"] = String(row["dst-address"] ?? "0.0.0.0/0").split("/");
    if (!isIpv4(network!) || !contains(network!, Number(bits), address)) continue;
    const distance = Number(row["distance"] ?? 1);
    if (row["blackhole"] !== undefined) {
      offer({ way: "", gateway: undefined }, Number(bits), distance);
      continue;
    }
    for (const gateway of String(row["gateway"] ?? "").split(",")) {
      const way = wayOf(router, gateway);
      if (way) {
        offer({ way, gateway: isIpv4(gateway) ? gateway : undefined }, Number(bits), distance);
      }
    }
  }
  return best && best.way !== "" ? { way: best.way, gateway: best.gateway } : undefined;
}

/** Whether `address` is between the two of `10.0.0.1-10.0.0.9`, in `10.0.0.0/8`, or that address. */
export function isWithin(address: string, text: string): boolean {
  const [first, last] = text.split("-");
  if (last !== undefined) {
    return number4(first!) <= number4(address) && number4(address) <= number4(last);
  }
  const [network, bits = "32"] = first!.split("/");
  return isIpv4(network!) && contains(network!, Number(bits), address);
}
