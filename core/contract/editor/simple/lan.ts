import { ip4Number, ip4Text, networkOf } from "../addresses.ts";
import { checkType } from "../check_value.ts";
import type { PendingRow } from "../pending_rows.ts";
import { address, addresses, duration } from "../types.ts";
import { isEnabled, type SimpleChange, SimpleTables, yesNo } from "./simple_tables.ts";

export const LAN_MENUS = [
  ...["/ip/address", "/ip/dhcp-server", "/ip/dhcp-server/network", "/ip/pool"],
  "/interface/bridge",
];

export interface LanForm {
  readonly interface: string;
  /** Of the router, with its length. */
  readonly address: string;
  readonly hasDhcp: boolean;
  readonly from: string;
  readonly to: string;
  readonly leaseTime: string;
  readonly dns: string;
}

interface Parts {
  server: PendingRow | undefined;
  address: PendingRow | undefined;
  network: PendingRow | undefined;
  pool: PendingRow | undefined;
  interface: string;
}

function partsOf(tables: SimpleTables): Parts {
  const servers = tables.rows("/ip/dhcp-server");
  const server = servers.find(isEnabled) ?? servers[0];
  const bridge = tables.rows("/interface/bridge")[0]?.values["name"] ?? "";
  const port = server?.values["interface"] ?? bridge;
  const own = tables.rows("/ip/address")
    .find((row) => row.values["interface"] === port && isEnabled(row));
  const range = own && networkOf(own.values["address"]!);
  return {
    server,
    address: own,
    interface: port,
    network: range && tables.rows("/ip/dhcp-server/network").find(({ values }) => {
      const [network] = (values["address"] ?? "").split("/");
      return checkType(address("ip4"), network!) === undefined &&
        ip4Number(network!) >= range.first && ip4Number(network!) <= range.last;
    }),
    pool: server && tables.rows("/ip/pool")
      .find(({ values }) => values["name"] === server.values["address-pool"]),
  };
}

/** The router's own network as it is. */
export function readLan(tables: SimpleTables): LanForm {
  const { server, address: own, network, pool, interface: port } = partsOf(tables);
  const [from = "", to = ""] = (pool?.values["ranges"] ?? "").split(",")[0]!.split("-");
  return {
    interface: port,
    address: own?.values["address"] ?? "",
    hasDhcp: server !== undefined && isEnabled(server),
    ...{ from, to },
    leaseTime: server?.values["lease-time"] ?? "",
    dns: network?.values["dns-server"] ?? "",
  };
}

export function lanProblems(form: LanForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const check = (name: keyof LanForm, problem: string | undefined) => {
    if (problem) problems[name] ??= problem;
  };
  if (form.interface === "") check("interface", "is needed");
  check("address", form.address === "" ? "is needed" : checkType(address("prefix4"), form.address));
  if (!form.hasDhcp) return problems;
  for (const name of ["from", "to"] as const) {
    check(name, form[name] === "" ? "is needed" : checkType(address("ip4"), form[name]));
  }
  if (form.dns !== "") check("dns", checkType(addresses("ip4"), form.dns));
  if (form.leaseTime !== "") check("leaseTime", checkType(duration(), form.leaseTime));
  if (Object.keys(problems).length > 0) return problems;
  const { first, last } = networkOf(form.address);
  const [from, to] = [ip4Number(form.from), ip4Number(form.to)];
  const own = ip4Number(form.address.split("/")[0]!);
  if (from > to) check("to", "must not lie below the first");
  if (from <= first || from >= last) check("from", "is not in the network of the router");
  if (to <= first || to >= last) check("to", "is not in the network of the router");
  if (own >= from && own <= to) check("from", "would give the router's own address away");
  return problems;
}

export function lanChanges(tables: SimpleTables, form: LanForm): SimpleChange[] {
  const { server, address: own, network, pool } = partsOf(tables);
  const [router] = form.address.split("/");
  const { first, length } = networkOf(form.address);
  const changes = tables.put("/ip/address", own, {
    ...{ address: form.address, interface: form.interface },
    // The old one is worked out of the old address.
    ...(own && own.values["address"] !== form.address && { network: ip4Text(first) }),
  });
  if (!form.hasDhcp) {
    return server
      ? [...changes, ...tables.set("/ip/dhcp-server", server, { disabled: "yes" })]
      : changes;
  }
  const name = pool?.values["name"] ?? "lan";
  const lease: Record<string, string> = form.leaseTime ? { "lease-time": form.leaseTime } : {};
  return [
    ...changes,
    ...tables.put("/ip/pool", pool, { ranges: `${form.from}-${form.to}` }, { name }),
    ...tables.put("/ip/dhcp-server/network", network, {
      ...{ address: `${ip4Text(first)}/${length}`, gateway: router! },
      ...(form.dns !== (network?.values["dns-server"] ?? "") && { "dns-server": form.dns }),
    }),
    ...tables.put("/ip/dhcp-server", server, {
      ...{ interface: form.interface, disabled: yesNo(false), "address-pool": name },
      ...lease,
    }, { name: "lan" }),
  ];
}
