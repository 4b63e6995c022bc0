import { ip4Number, networkOf } from "../addresses.ts";
import { checkType } from "../check_value.ts";
import type { PendingRow } from "../pending_rows.ts";
import { address, addresses } from "../types.ts";
import { isEnabled, type SimpleChange, SimpleTables } from "./simple_tables.ts";

export const INTERNET_MENUS = [
  ...["/interface", "/interface/pppoe-client", "/ip/dhcp-client", "/ip/address", "/ip/route"],
  "/ip/dns",
];

export interface InternetForm {
  readonly kind: "dhcp" | "static" | "pppoe" | "none";
  readonly interface: string;
  /** Static: with its length. */
  readonly address: string;
  readonly gateway: string;
  readonly dns: string;
  readonly user: string;
  readonly password: string;
}

const EVERYWHERE = "0.0.0.0/0";

/** How the router reaches the Internet now. */
export function readInternet(tables: SimpleTables): InternetForm {
  const { pppoe, dhcp, route, address: own } = partsOf(tables);
  const kind = pppoe && isEnabled(pppoe)
    ? "pppoe"
    : dhcp && isEnabled(dhcp)
    ? "dhcp"
    : route && own
    ? "static"
    : "none";
  const port = { pppoe, dhcp, static: own, none: undefined }[kind]?.values["interface"] ?? "";
  return {
    kind,
    interface: port,
    address: kind === "static" ? own!.values["address"]! : "",
    gateway: kind === "static" ? route!.values["gateway"]! : "",
    dns: tables.one("/ip/dns")["servers"] ?? "",
    user: pppoe?.values["user"] ?? "",
    password: pppoe?.values["password"] ?? "",
  };
}

function partsOf(tables: SimpleTables) {
  const first = (rows: PendingRow[]) => rows.find(isEnabled) ?? rows[0];
  const route = tables.rows("/ip/route").find((row) =>
    row.values["dst-address"] === EVERYWHERE && isEnabled(row) &&
    checkType(address("ip4"), row.values["gateway"] ?? "") === undefined
  );
  const gateway = route?.values["gateway"];
  return {
    pppoe: first(tables.rows("/interface/pppoe-client")),
    dhcp: first(tables.rows("/ip/dhcp-client")),
    route,
    address: gateway === undefined ? undefined : tables.rows("/ip/address").find((row) => {
      const { first, last } = networkOf(row.values["address"] ?? "0.0.0.0/32");
      const number = ip4Number(gateway);
      return isEnabled(row) && number >= first && number <= last;
    }),
  };
}

/** What cannot be, by field. */
export function internetProblems(form: InternetForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const check = (name: keyof InternetForm, problem: string | undefined) => {
    if (problem) problems[name] = problem;
  };
  if (form.kind !== "none" && form.interface === "") check("interface", "is needed");
  if (form.kind === "pppoe" && form.user === "") check("user", "is needed");
  if (form.kind !== "static") return problems;
  const prefix = checkType(address("prefix4"), form.address);
  const gateway = checkType(address("ip4"), form.gateway);
  check("address", prefix);
  check("gateway", gateway);
  if (form.dns !== "") check("dns", checkType(addresses("ip4", "ip6"), form.dns));
  if (!prefix && !gateway) {
    const { first, last } = networkOf(form.address);
    const number = ip4Number(form.gateway);
    if (number < first || number > last) check("gateway", "is not in the network of the address");
  }
  return problems;
}

/** What turns the way to the Internet into that of the form. What is left is switched off, not lost. */
export function internetChanges(tables: SimpleTables, form: InternetForm): SimpleChange[] {
  const was = readInternet(tables);
  const { pppoe, dhcp, route, address: own } = partsOf(tables);
  const off = { disabled: "yes" };
  const leaving: SimpleChange[] = was.kind === form.kind ? [] : [
    ...(was.kind === "pppoe" ? tables.set("/interface/pppoe-client", pppoe!, off) : []),
    ...(was.kind === "dhcp" ? tables.set("/ip/dhcp-client", dhcp!, off) : []),
    ...(was.kind === "static"
      ? [...tables.set("/ip/route", route!, off), ...tables.set("/ip/address", own!, off)]
      : []),
  ];
  const port = { interface: form.interface };
  const on = { disabled: "no" };
  switch (form.kind) {
    case "dhcp": {
      const same = tables.rows("/ip/dhcp-client")
        .find(({ values }) => values["interface"] === form.interface) ?? dhcp;
      const wanted = { ...port, ...on, "add-default-route": "yes" };
      return [
        ...tables.put("/ip/dhcp-client", same, wanted, { "use-peer-dns": "yes" }),
        ...leaving,
      ];
    }
    case "pppoe": {
      const wanted = { ...port, ...on, user: form.user, password: form.password };
      const more = { name: "pppoe-out1", "add-default-route": "yes", "use-peer-dns": "yes" };
      return [...tables.put("/interface/pppoe-client", pppoe, wanted, more), ...leaving];
    }
    case "static":
      return [
        ...tables.put("/ip/address", was.kind === "static" ? own : undefined, {
          ...{ address: form.address, ...port },
        }),
        ...tables.put("/ip/route", was.kind === "static" ? route : undefined, {
          gateway: form.gateway,
        }, { "dst-address": EVERYWHERE }),
        ...(form.dns === "" ? [] : tables.setOne("/ip/dns", { servers: form.dns })),
        ...leaving,
      ];
    case "none":
      return leaving;
  }
}
