import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushProbe } from "@/core/contract/pushes.ts";
import { managementAddress } from "@/tools/sim/admission.ts";
import type { SimRouter } from "@/tools/sim/router.ts";

export interface Change {
  readonly name: string;
  readonly commands: (router: SimRouter) => ConfigCommand[];
  readonly probes?: readonly PushProbe[];
  /** How it ends when nothing goes wrong besides. */
  readonly ends: "confirmed" | "reverted";
  /** Whether new connections do not come about while it lasts. */
  readonly locksOut?: boolean;
  /** What somebody does at the router's own console to let us in again: the old configuration. */
  readonly undo?: (router: SimRouter, old: SimRouter) => void;
}

const FILTER = "/ip/firewall/filter";
const first = (router: SimRouter, menu: string) => String(router.rows(menu)[0]![".id"]);

/** Adds, sets, removes and moves in one: each has its way back. */
function harmless(router: SimRouter): ConfigCommand[] {
  return [
    {
      action: "add",
      menu: FILTER,
      attributes: { chain: "forward", action: "accept", protocol: "tcp", comment: 'büro "a" $x' },
      before: { by: "where", where: { comment: "fasttrack" } },
    },
    {
      action: "set",
      menu: FILTER,
      target: { by: "where", where: { comment: "icmp" } },
      attributes: { comment: "icmp, limited", protocol: "icmp" },
    },
    {
      action: "remove",
      menu: FILTER,
      target: { by: "where", where: { comment: "WAN not dstnated" } },
    },
    {
      action: "move",
      menu: FILTER,
      target: { by: "where", where: { comment: "fasttrack" } },
      before: { by: "where", where: { comment: "icmp, limited" } },
    },
    {
      action: "add",
      menu: "/ip/firewall/address-list",
      attributes: { list: "blocked", address: "198.51.100.7" },
      before: null,
    },
    {
      action: "set",
      menu: "/system/identity",
      target: { by: "menu" },
      attributes: { name: `${router.identity} 2` },
    },
  ];
}

export const CHANGES: readonly Change[] = [
  { name: "harmless", commands: harmless, ends: "confirmed" },
  {
    name: "drops the management address",
    commands: (router) => [{
      action: "remove",
      menu: "/ip/address",
      target: { by: "id", id: addressId(router) },
    }],
    ends: "reverted",
    locksOut: true,
    undo: (router, old) => {
      const row = old.rows("/ip/address").find((one) => one[".id"] === addressId(old))!;
      router.edit("/ip/address").push({ ...row });
      router.changed("/ip/address");
    },
  },
  {
    name: "firewall locks us out",
    commands: (router) => [
      {
        action: "add",
        menu: "/ip/firewall/address-list",
        attributes: { list: "blocked", address: "198.51.100.8" },
        before: null,
      },
      {
        action: "add",
        menu: FILTER,
        attributes: { chain: "input", action: "drop", comment: "nobody" },
        before: { by: "id", id: first(router, FILTER) },
      },
    ],
    ends: "reverted",
    locksOut: true,
    undo: (router) => {
      const rules = router.edit(FILTER);
      rules.splice(rules.findIndex((one) => one["comment"] === "nobody"), 1);
      router.changed(FILTER);
    },
  },
  {
    name: "wrong gateway",
    commands: (router) => [{
      action: "set",
      menu: "/ip/route",
      target: { by: "id", id: defaultRouteId(router) },
      attributes: { gateway: "203.0.113.254" },
    }],
    ends: "reverted",
    locksOut: true,
    undo: (router, old) => {
      const wanted = old.rows("/ip/route").find((one) => one[".id"] === defaultRouteId(old))!;
      const row = router.edit("/ip/route").find((one) => one[".id"] === wanted[".id"])!;
      row["gateway"] = wanted["gateway"]!;
      router.changed("/ip/route");
    },
  },
  {
    name: "breaks DNS",
    commands: () => [{
      action: "set",
      menu: "/ip/dns",
      target: { by: "menu" },
      attributes: { servers: "203.0.113.53" },
    }],
    probes: [{ kind: "ping", address: "name.example" }],
    ends: "reverted",
  },
  {
    name: "error in the middle",
    commands: (router) => [
      ...harmless(router).slice(0, 2),
      {
        action: "add",
        menu: "/ip/address",
        attributes: { address: "192.0.2.1/24", interface: "no-such-interface" },
        before: null,
      },
      ...harmless(router).slice(4),
    ],
    ends: "reverted",
  },
];

/** More than the router's history keeps. */
export const LARGE: Change = {
  name: "130 commands",
  commands: () =>
    Array.from({ length: 130 }, (_, i): ConfigCommand => ({
      action: "add",
      menu: "/ip/firewall/address-list",
      attributes: { list: "many", address: `198.51.100.${i + 1}` },
      before: null,
    })),
  ends: "confirmed",
};

function addressId(router: SimRouter): string {
  const address = managementAddress(router);
  const row = router.rows("/ip/address").find((one) =>
    String(one["address"]).startsWith(`${address}/`)
  );
  return String(row![".id"]);
}

function defaultRouteId(router: SimRouter): string {
  const row = router.rows("/ip/route").find((one) =>
    one["dst-address"] === "0.0.0.0/0" && one["dynamic"] !== "true"
  );
  return String(row![".id"]);
}

/** Names are found while the router asks a server that knows them: told by its configuration alone. */
export const probeDns = (router: SimRouter, servers: string) => () => {
  const ok = String(router.rows("/ip/dns")[0]!["servers"]) === servers;
  return Promise.resolve({ ok, detail: "name.example is not found any more" });
};
