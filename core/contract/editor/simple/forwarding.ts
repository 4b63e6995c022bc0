import { checkType } from "../check_value.ts";
import type { PendingRow } from "../pending_rows.ts";
import { address, ports } from "../types.ts";
import { readInternet } from "./internet.ts";
import { isEnabled, type SimpleChange, SimpleTables } from "./simple_tables.ts";

export const FORWARDING_MENUS = ["/ip/firewall/nat", "/interface/list"];
const NAT = "/ip/firewall/nat";

export interface ForwardingForm {
  readonly comment: string;
  readonly protocol: "tcp" | "udp";
  /** As seen from the Internet. */
  readonly port: string;
  readonly toAddress: string;
  /** Empty: the same. */
  readonly toPort: string;
}

export interface Forwarding extends ForwardingForm {
  readonly row: PendingRow;
  readonly isOn: boolean;
}

export const NO_FORWARDING: ForwardingForm = {
  ...{ comment: "", protocol: "tcp", port: "", toAddress: "", toPort: "" },
};

/** Ports that lead from the Internet to a host behind the router. */
export function readForwardings(tables: SimpleTables): Forwarding[] {
  return tables.rows(NAT)
    .filter(({ values }) => values["chain"] === "dstnat" && values["action"] === "dst-nat")
    .map((row) => {
      const { values } = row;
      return {
        row,
        isOn: isEnabled(row),
        comment: values["comment"] ?? "",
        protocol: values["protocol"] === "udp" ? "udp" : "tcp",
        port: values["dst-port"] ?? "",
        toAddress: values["to-addresses"] ?? "",
        toPort: values["to-ports"] ?? "",
      };
    });
}

export function forwardingProblems(form: ForwardingForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const check = (
    name: keyof ForwardingForm,
    value: string,
    type: Parameters<typeof checkType>[0],
  ) => {
    const problem = value === "" ? "is needed" : checkType(type, value);
    if (problem) problems[name] = problem;
  };
  check("port", form.port, ports);
  check("toAddress", form.toAddress, address("ip4"));
  if (form.toPort !== "") check("toPort", form.toPort, ports);
  return problems;
}

/** In front of others, so that none of them takes the packets first. */
export function forwardingChanges(tables: SimpleTables, form: ForwardingForm): SimpleChange[] {
  const hasWan = tables.rows("/interface/list").some(({ values }) => values["name"] === "WAN");
  const { kind, interface: port } = readInternet(tables);
  const way: Record<string, string> = hasWan
    ? { "in-interface-list": "WAN" }
    : port
    ? { "in-interface": kind === "pppoe" ? pppoeName(tables) ?? port : port }
    : {};
  return [tables.add(NAT, {
    ...{ chain: "dstnat", action: "dst-nat", protocol: form.protocol, "dst-port": form.port },
    ...way,
    "to-addresses": form.toAddress,
    "to-ports": form.toPort || form.port,
    comment: form.comment,
  })];
}

const pppoeName = (tables: SimpleTables) =>
  tables.rows("/interface/pppoe-client").find(isEnabled)?.values["name"];
