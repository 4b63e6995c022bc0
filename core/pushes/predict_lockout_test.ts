import { deepEqual, equal, match } from "node:assert/strict";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { type ConfigItem, ConfigModel } from "./config_model.ts";
import type { Management } from "./lockout/management.ts";
import { predictLockout } from "./predict_lockout.ts";

type Menus = Record<string, ConfigItem[]>;

/** Items with ids as a router gives them. */
const ids = (items: Record<string, string>[]): ConfigItem[] =>
  items.map((item, at) => ({ ".id": `*${(at + 1).toString(16).toUpperCase()}`, ...item }));

/** A router behind a gateway on ether1, with a bridge for its own network; we come from elsewhere. */
const ROUTER: Menus = {
  "/interface": ids([
    { name: "ether1", type: "ether" },
    { name: "ether2", type: "ether" },
    { name: "bridge", type: "bridge" },
  ]),
  "/interface/ethernet": ids([{ name: "ether1", "auto-negotiation": "true" }, { name: "ether2" }]),
  "/interface/bridge": ids([{ name: "bridge", "vlan-filtering": "false", pvid: "1" }]),
  "/interface/bridge/port": ids([{ interface: "ether2", bridge: "bridge", pvid: "1" }]),
  "/interface/bridge/vlan": [],
  "/interface/vlan": [],
  "/interface/list": ids([{ name: "LAN" }, { name: "WAN" }]),
  "/interface/list/member": ids([
    { list: "WAN", interface: "ether1" },
    { list: "LAN", interface: "bridge" },
  ]),
  "/ip/address": ids([
    { address: "192.0.2.2/24", interface: "ether1" },
    { address: "10.1.0.1/24", interface: "bridge" },
  ]),
  "/ip/route": ids([
    { "dst-address": "0.0.0.0/0", gateway: "192.0.2.1", distance: "1", active: "true" },
  ]),
  "/ip/firewall/filter": ids([
    { chain: "input", action: "accept", "connection-state": "established,related" },
    { chain: "input", action: "accept", protocol: "tcp", "dst-port": "8728,8729" },
    { chain: "input", action: "drop", comment: "the rest" },
    { chain: "forward", action: "drop" },
  ]),
  "/ip/firewall/nat": ids([{ chain: "srcnat", action: "masquerade" }]),
  "/ip/firewall/raw": [],
  "/ip/firewall/address-list": [],
  "/ip/service": ids([
    { name: "api", port: "8728", disabled: "false", address: "" },
    { name: "api-ssl", port: "8729", disabled: "false", address: "", certificate: "tod" },
  ]),
  "/user": ids([
    { name: "tod", group: "full", address: "" },
    { name: "admin", group: "full", address: "" },
  ]),
  "/user/group": ids([
    { name: "full", policy: "local,ssh,ftp,reboot,read,write,policy,test,api,sensitive" },
    { name: "viewers", policy: "local,ssh,read,!write,api" },
    { name: "console", policy: "local,ssh,read,write,!api" },
  ]),
  "/ip/dhcp-client": [],
  "/ip/vrf": [],
  "/ip/settings": [{ "rp-filter": "no" }],
};
const US: Management = {
  ...{ sources: ["198.51.100.7"], address: "192.0.2.2", port: 8729, tls: true },
  ...{ username: "tod", ingress: null },
};

const where = (where: Record<string, string>) => ({ by: "where" as const, where });
const id = (id: string) => ({ by: "id" as const, id });
const set = (
  menu: string,
  target: Extract<ConfigCommand, { action: "set" }>["target"],
  attributes: Record<string, string | null>,
): ConfigCommand => ({ action: "set", menu, target, attributes });
const remove = (menu: string, wanted: Record<string, string>): ConfigCommand => ({
  ...{ action: "remove", menu, target: where(wanted) },
});
const add = (
  menu: string,
  attributes: Record<string, string>,
  before: Extract<ConfigCommand, { action: "add" }>["before"] = null,
): ConfigCommand => ({ action: "add", menu, attributes, before });

const FILTER = "/ip/firewall/filter";
const PORT = "/interface/bridge/port";

/** A router that is managed through a VLAN of its bridge. */
const VLANS: Menus = {
  ...ROUTER,
  "/interface": ids([
    { name: "ether1", type: "ether" },
    { name: "ether2", type: "ether" },
    { name: "bridge", type: "bridge" },
    { name: "mgmt", type: "vlan" },
  ]),
  "/interface/bridge": ids([{ name: "bridge", "vlan-filtering": "true", pvid: "1" }]),
  "/interface/bridge/port": ids([
    { interface: "ether1", bridge: "bridge", pvid: "1" },
    { interface: "ether2", bridge: "bridge", pvid: "99" },
  ]),
  "/interface/bridge/vlan": ids([
    { bridge: "bridge", "vlan-ids": "99", tagged: "bridge,ether1", untagged: "ether2" },
  ]),
  "/interface/vlan": ids([{ name: "mgmt", "vlan-id": "99", interface: "bridge" }]),
  "/ip/address": ids([{ address: "10.99.0.2/24", interface: "mgmt" }]),
  "/ip/route": ids([{ "dst-address": "0.0.0.0/0", gateway: "10.99.0.1", distance: "1" }]),
};
const IN_VLAN: Management = { ...US, address: "10.99.0.2", ingress: "ether1" };
const IN_LAN: Management = { ...US, sources: ["10.1.0.50"], address: "10.1.0.1" };

interface Case {
  what: string;
  commands: ConfigCommand[];
  /** `certain` or `possible` with the reason, of each risk. */
  risks: [severity: "certain" | "possible", reason: RegExp][];
  router?: Menus;
  us?: Partial<Management>;
}

const CASES: Case[] = [
  // What has nothing to do with the way to the router.
  {
    what: "another identity",
    commands: [set("/system/identity", { by: "menu" }, { name: "x" })],
    risks: [],
  },
  {
    what: "a queue",
    commands: [add("/queue/simple", { name: "q", target: "10.1.0.0/24" })],
    risks: [],
  },
  {
    what: "a rule of the forward chain",
    commands: [add(FILTER, { chain: "forward", action: "drop" })],
    risks: [],
  },
  {
    what: "another router's service",
    commands: [set("/ip/service", where({ name: "api" }), { disabled: "yes" })],
    risks: [],
  },
  {
    what: "another user's password",
    commands: [set("/user", where({ name: "admin" }), { password: "x" })],
    risks: [],
  },
  {
    what: "a comment on our address",
    commands: [set("/ip/address", id("*1"), { comment: "uplink" })],
    risks: [],
  },
  {
    what: "another address of the router",
    commands: [remove("/ip/address", { address: "10.1.0.1/24" })],
    risks: [],
  },
  {
    what: "a second default route that is farther",
    commands: [
      add("/ip/route", { "dst-address": "0.0.0.0/0", gateway: "10.1.0.9", distance: "10" }),
    ],
    risks: [],
  },
  {
    what: "a new name for our interface",
    commands: [set("/interface", where({ name: "ether1" }), { name: "wan" })],
    risks: [],
  },
  {
    what: "a new name for our interface, then something about it under that name",
    commands: [
      set("/interface/ethernet", where({ name: "ether1" }), { name: "wan" }),
      set("/interface/ethernet", where({ name: "wan" }), { disabled: "yes" }),
    ],
    risks: [["certain", /ether1.*switched off/], ["certain", /gateway/]],
  },

  // Addresses and interfaces.
  {
    what: "our address removed",
    commands: [remove("/ip/address", { address: "192.0.2.2/24" })],
    risks: [["certain", /192\.0\.2\.2.*removed/], ["certain", /no route leads|is in no network/]],
  },
  {
    what: "our address changed",
    commands: [set("/ip/address", id("*1"), { address: "192.0.2.3/24" })],
    risks: [["certain", /changed to 192\.0\.2\.3/]],
  },
  {
    what: "our address switched off",
    commands: [set("/ip/address", id("*1"), { disabled: "yes" })],
    risks: [["certain", /switched off/], ["certain", /gateway|route/]],
  },
  {
    what: "our address moved to another interface",
    commands: [set("/ip/address", id("*1"), { interface: "bridge" })],
    risks: [["certain", /moves from ether1 to bridge/], ["possible", /./]].slice(
      0,
      1,
    ) as Case["risks"],
  },
  {
    what: "a mask that keeps the gateway",
    commands: [set("/ip/address", id("*1"), { address: "192.0.2.2/29" })],
    risks: [],
  },
  {
    what: "a mask that loses the gateway",
    commands: [set("/ip/address", id("*1"), { address: "192.0.2.2/31" })],
    risks: [["certain", /gateway 192\.0\.2\.1 is in no network/]],
  },
  {
    what: "our interface switched off",
    commands: [set("/interface", where({ name: "ether1" }), { disabled: "yes" })],
    risks: [["certain", /ether1.*switched off/], ["certain", /gateway|route/]],
  },
  {
    what: "our interface switched off in its own menu",
    commands: [set("/interface/ethernet", where({ name: "ether1" }), { disabled: "yes" })],
    risks: [["certain", /ether1.*switched off/], ["certain", /gateway|route/]],
  },
  {
    what: "our interface made a port of the bridge",
    commands: [add(PORT, { interface: "ether1", bridge: "bridge" })],
    risks: [["certain", /becomes a port of bridge/]],
  },
  {
    what: "the speed of our interface",
    commands: [
      set("/interface/ethernet", where({ name: "ether1" }), {
        "auto-negotiation": "no",
        speed: "100M-baseT-full",
      }),
    ],
    risks: [["possible", /auto-negotiation/]],
  },
  {
    what: "our interface in a VRF",
    commands: [add("/ip/vrf", { name: "cust", interfaces: "ether1" })],
    risks: [["certain", /routing table of cust/]].concat([[
      "possible",
      /\/ip\/vrf/,
    ]]) as Case["risks"],
  },
  {
    what: "an address behind NAT, one of many",
    us: { address: "203.0.113.9" },
    commands: [remove("/ip/address", { address: "10.1.0.1/24" })],
    risks: [["possible", /We may come that way/]],
  },
  {
    what: "an address behind NAT, the one of our network",
    us: { address: "203.0.113.9", sources: ["10.1.0.50"] },
    commands: [remove("/ip/address", { address: "10.1.0.1/24" })],
    risks: [["certain", /10\.1\.0\.1.*removed/], ["possible", /way.*changes/]],
  },

  // Bridges and VLANs.
  {
    what: "the bridge port we come through, when it is known",
    us: { ...IN_LAN, ingress: "ether2" },
    commands: [remove(PORT, { interface: "ether2" })],
    risks: [["certain", /port ether2, through which we come/]],
  },
  {
    what: "the only port of our bridge",
    us: IN_LAN,
    commands: [remove(PORT, { interface: "ether2" })],
    risks: [["certain", /has no port/]],
  },
  {
    what: "another port, when ours is known",
    router: VLANS,
    us: IN_VLAN,
    commands: [remove(PORT, { interface: "ether2" })],
    risks: [],
  },
  {
    what: "a port, when ours is not known",
    router: VLANS,
    us: { ...IN_VLAN, ingress: null },
    commands: [remove(PORT, { interface: "ether2" })],
    risks: [["possible", /ether2 leaves/]],
  },
  {
    what: "VLAN filtering with our VLAN kept",
    router: {
      ...VLANS,
      "/interface/bridge": ids([{ name: "bridge", "vlan-filtering": "no", pvid: "1" }]),
    },
    us: IN_VLAN,
    commands: [set("/interface/bridge", where({ name: "bridge" }), { "vlan-filtering": "yes" })],
    risks: [["possible", /filtering is switched on/]],
  },
  {
    what: "VLAN filtering without our VLAN",
    router: {
      ...VLANS,
      "/interface/bridge": ids([{ name: "bridge", "vlan-filtering": "no", pvid: "1" }]),
      "/interface/bridge/vlan": [],
    },
    us: IN_VLAN,
    commands: [set("/interface/bridge", where({ name: "bridge" }), { "vlan-filtering": "yes" })],
    risks: [["certain", /VLAN 99/]],
  },
  {
    what: "the bridge no longer in our VLAN",
    router: VLANS,
    us: IN_VLAN,
    commands: [set("/interface/bridge/vlan", id("*1"), { tagged: "ether1" })],
    risks: [["certain", /VLAN 99/]],
  },
  {
    what: "our port no longer in our VLAN",
    router: VLANS,
    us: IN_VLAN,
    commands: [set("/interface/bridge/vlan", id("*1"), { tagged: "bridge" })],
    risks: [["certain", /VLAN 99/]],
  },
  {
    what: "another id for our VLAN",
    router: VLANS,
    us: IN_VLAN,
    commands: [set("/interface/vlan", where({ name: "mgmt" }), { "vlan-id": "100" })],
    risks: [["certain", /gets VLAN 100/]],
  },
  {
    what: "our VLAN interface removed",
    router: VLANS,
    us: IN_VLAN,
    commands: [remove("/interface/vlan", { name: "mgmt" })],
    risks: [["certain", /mgmt.*removed/]],
  },
  {
    what: "the bridge under our VLAN switched off",
    router: VLANS,
    us: IN_VLAN,
    commands: [set("/interface/bridge", where({ name: "bridge" }), { disabled: "yes" })],
    risks: [["certain", /bridge.*switched off/]],
  },

  // Routes.
  {
    what: "the default route removed",
    commands: [remove("/ip/route", { "dst-address": "0.0.0.0/0" })],
    risks: [["certain", /no route leads/]],
  },
  {
    what: "a gateway that is nowhere",
    commands: [set("/ip/route", id("*1"), { gateway: "203.0.113.1" })],
    risks: [["certain", /203\.0\.113\.1 is in no network/]],
  },
  {
    what: "another gateway in the network",
    commands: [set("/ip/route", id("*1"), { gateway: "192.0.2.9" })],
    risks: [["possible", /192\.0\.2\.1 to the gateway 192\.0\.2\.9/]],
  },
  {
    what: "a blackhole for where we are",
    commands: [add("/ip/route", { "dst-address": "198.51.100.0/24", blackhole: "yes" })],
    risks: [["certain", /blackhole/]],
  },
  {
    what: "a nearer route for where we are",
    commands: [add("/ip/route", { "dst-address": "198.51.100.0/24", gateway: "10.1.0.9" })],
    risks: [["possible", /changes/]],
  },
  {
    what: "a route in another table",
    commands: [
      add("/ip/route", {
        "dst-address": "198.51.100.0/24",
        gateway: "10.1.0.9",
        "routing-table": "cust",
      }),
    ],
    risks: [],
  },
  {
    what: "the default route, while we are in a network of the router",
    us: { sources: ["192.0.2.77"] },
    commands: [remove("/ip/route", { "dst-address": "0.0.0.0/0" })],
    risks: [],
  },
  {
    what: "the default route, while it is not known where we are",
    us: { sources: [] },
    commands: [remove("/ip/route", { "dst-address": "0.0.0.0/0" })],
    risks: [["possible", /default route/]],
  },

  // The firewall.
  {
    what: "a drop before our accept",
    commands: [
      add(
        FILTER,
        { chain: "input", action: "drop", protocol: "tcp", "dst-port": "8729" },
        id("*1"),
      ),
    ],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a drop of new connections alone",
    commands: [
      add(FILTER, { chain: "input", action: "drop", "connection-state": "new" }, id("*2")),
    ],
    risks: [["certain", /new connections/]],
  },
  {
    what: "a drop at the end",
    commands: [add(FILTER, { chain: "input", action: "drop" })],
    risks: [],
  },
  {
    what: "our accept removed",
    commands: [remove(FILTER, { "dst-port": "8728,8729" })],
    risks: [["certain", /“the rest”.*new connections/]],
  },
  {
    what: "our accept moved behind the drop",
    commands: [{ action: "move", menu: FILTER, target: id("*2"), before: null }],
    risks: [["certain", /the rest/]],
  },
  {
    what: "our accept for another port",
    commands: [set(FILTER, id("*2"), { "dst-port": "22" })],
    risks: [["certain", /the rest/]],
  },
  {
    what: "the accept of running connections removed",
    commands: [remove(FILTER, { "connection-state": "established,related" })],
    risks: [],
  },
  {
    what: "the accept of running connections, where it alone lets us go on",
    router: {
      ...ROUTER,
      [FILTER]: ids([
        { chain: "input", action: "accept", "connection-state": "established,related" },
        {
          chain: "input",
          action: "accept",
          protocol: "tcp",
          "dst-port": "8729",
          "connection-state": "new",
        },
        { chain: "input", action: "drop" },
      ]),
    },
    commands: [remove(FILTER, { "connection-state": "established,related" })],
    risks: [["certain", /running connection/]],
  },
  {
    what: "a drop of another address",
    commands: [
      add(FILTER, { chain: "input", action: "drop", "src-address": "203.0.113.0/24" }, id("*1")),
    ],
    risks: [],
  },
  {
    what: "a drop of all but another address",
    commands: [
      add(FILTER, { chain: "input", action: "drop", "src-address": "!203.0.113.0/24" }, id("*1")),
    ],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a drop of what does not come from the LAN",
    commands: [
      add(FILTER, { chain: "input", action: "drop", "in-interface-list": "!LAN" }, id("*1")),
    ],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a drop by a rate that cannot be told",
    commands: [add(FILTER, { chain: "input", action: "drop", limit: "10,5:packet" }, id("*1"))],
    risks: [["possible", /new.*running/]],
  },
  {
    what: "a drop that is switched off",
    commands: [add(FILTER, { chain: "input", action: "drop", disabled: "yes" }, id("*1"))],
    risks: [],
  },
  {
    what: "such a drop switched on",
    router: { ...ROUTER, [FILTER]: ids([{ chain: "input", action: "drop", disabled: "true" }]) },
    commands: [set(FILTER, id("*1"), { disabled: "no" })],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a jump to a chain that drops us",
    commands: [
      add(FILTER, { chain: "guard", action: "drop", protocol: "tcp" }),
      add(FILTER, { chain: "input", action: "jump", "jump-target": "guard" }, id("*1")),
    ],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a jump to a chain that returns",
    commands: [
      add(FILTER, { chain: "guard", action: "drop", protocol: "udp" }),
      add(FILTER, { chain: "input", action: "jump", "jump-target": "guard" }, id("*1")),
    ],
    risks: [],
  },
  {
    what: "our address put on a list that is dropped",
    router: {
      ...ROUTER,
      [FILTER]: ids([{ chain: "input", action: "drop", "src-address-list": "bad" }]),
    },
    commands: [add("/ip/firewall/address-list", { list: "bad", address: "198.51.100.0/24" })],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "our address taken off the list that is let in",
    router: {
      ...ROUTER,
      [FILTER]: ids([{ chain: "input", action: "accept", "src-address-list": "noc" }, {
        chain: "input",
        action: "drop",
      }]),
      "/ip/firewall/address-list": ids([{ list: "noc", address: "198.51.100.7" }]),
    },
    commands: [remove("/ip/firewall/address-list", { list: "noc", address: "198.51.100.7" })],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "our interface taken off the list that is let in",
    router: {
      ...ROUTER,
      [FILTER]: ids([{ chain: "input", action: "accept", "in-interface-list": "WAN" }, {
        chain: "input",
        action: "drop",
      }]),
    },
    commands: [remove("/interface/list/member", { interface: "ether1" })],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "a raw rule that drops us",
    commands: [
      add("/ip/firewall/raw", {
        chain: "prerouting",
        action: "drop",
        "src-address": "198.51.100.7",
      }),
    ],
    risks: [["certain", /new.*running/]],
  },
  {
    what: "an output rule that drops the answers",
    commands: [add(FILTER, { chain: "output", action: "drop", "dst-address": "198.51.100.0/24" })],
    risks: [["certain", /answers to us/]],
  },
  {
    what: "a redirect of our port",
    commands: [
      add("/ip/firewall/nat", {
        chain: "dstnat",
        action: "dst-nat",
        protocol: "tcp",
        "dst-port": "8729",
        "to-addresses": "10.1.0.9",
      }),
    ],
    risks: [["certain", /10\.1\.0\.9/]],
  },
  {
    what: "what was in the way before",
    router: {
      ...ROUTER,
      [FILTER]: ids([{ chain: "input", action: "drop", limit: "10,5:packet" }]),
    },
    commands: [add(FILTER, { chain: "input", action: "accept" })],
    risks: [],
  },

  // Services and users.
  {
    what: "our service switched off",
    commands: [set("/ip/service", where({ name: "api-ssl" }), { disabled: "yes" })],
    risks: [["certain", /api-ssl.*switched off/]],
  },
  {
    what: "our service on another port",
    commands: [set("/ip/service", where({ name: "api-ssl" }), { port: "9999" })],
    risks: [["certain", /port 9999/]],
  },
  {
    what: "our service for others",
    commands: [set("/ip/service", where({ name: "api-ssl" }), { address: "10.1.0.0/24" })],
    risks: [["certain", /takes only 10\.1\.0\.0\/24/]],
  },
  {
    what: "our service for us",
    commands: [set("/ip/service", where({ name: "api-ssl" }), { address: "198.51.100.0/24" })],
    risks: [],
  },
  {
    what: "our service for some, while it is not known where we are",
    us: { sources: [] },
    commands: [set("/ip/service", where({ name: "api-ssl" }), { address: "198.51.100.0/24" })],
    risks: [["possible", /takes only/]],
  },
  {
    what: "another certificate of our service",
    commands: [set("/ip/service", where({ name: "api-ssl" }), { certificate: "new" })],
    risks: [["possible", /another certificate/]],
  },
  {
    what: "the plain service, where we use it",
    us: { tls: false, port: 8728 },
    commands: [set("/ip/service", where({ name: "api" }), { disabled: "yes" })],
    risks: [["certain", /api,/]],
  },
  {
    what: "our user removed",
    commands: [remove("/user", { name: "tod" })],
    risks: [["certain", /tod.*removed/]],
  },
  {
    what: "our user switched off",
    commands: [set("/user", where({ name: "tod" }), { disabled: "yes" })],
    risks: [["certain", /switched off/]],
  },
  {
    what: "our user renamed",
    commands: [set("/user", where({ name: "tod" }), { name: "manager" })],
    risks: [["certain", /renamed to manager/]],
  },
  {
    what: "our password",
    commands: [set("/user", where({ name: "tod" }), { password: "secret" })],
    risks: [["certain", /another password/]],
  },
  {
    what: "our user in a group without the API",
    commands: [set("/user", where({ name: "tod" }), { group: "console" })],
    risks: [["certain", /policy api/]],
  },
  {
    what: "our user in a group that only looks",
    commands: [set("/user", where({ name: "tod" }), { group: "viewers" })],
    risks: [["possible", /write, policy, test/]],
  },
  {
    what: "our group loses the API",
    commands: [set("/user/group", where({ name: "full" }), { policy: "local,read,write,!api" })],
    risks: [["certain", /policy api/]],
  },
  {
    what: "our user from elsewhere only",
    commands: [set("/user", where({ name: "tod" }), { address: "10.1.0.0/24" })],
    risks: [["certain", /from 10\.1\.0\.0\/24 only/]],
  },

  // Order, and what mends itself.
  {
    what: "a removed address that comes back",
    commands: [
      remove("/ip/address", { address: "192.0.2.2/24" }),
      add("/ip/address", { address: "192.0.2.2/24", interface: "ether1" }),
    ],
    risks: [["possible", /Command 2 mends it/], ["possible", /Command 2 mends it/]],
  },
  {
    what: "a drop, and an accept that is then put before it",
    commands: [
      add(FILTER, { chain: "input", action: "drop", comment: "x" }, id("*1")),
      add(
        FILTER,
        { chain: "input", action: "accept", "src-address": "198.51.100.7" },
        where({ comment: "x" }),
      ),
    ],
    risks: [["possible", /new.*running.*mends/]],
  },
  {
    what: "an accept, and a drop that is put behind it",
    commands: [
      add(FILTER, { chain: "input", action: "accept", "src-address": "198.51.100.7" }, id("*1")),
      add(FILTER, { chain: "input", action: "drop" }, id("*1")),
    ],
    risks: [],
  },
  {
    what: "a command that fits nothing",
    commands: [remove("/ip/address", { address: "203.0.113.1/24" })],
    risks: [],
  },
  {
    what: "strict reverse path filtering",
    commands: [set("/ip/settings", { by: "menu" }, { "rp-filter": "strict" })],
    risks: [["possible", /reverse path/]],
  },
  {
    what: "the switch chip",
    commands: [add("/interface/ethernet/switch/rule", { switch: "switch1" })],
    risks: [["possible", /switch chip/]],
  },
];

for (const { what, commands, risks, router = ROUTER, us } of CASES) {
  Deno.test(`predictLockout(): ${what}`, async () => {
    const found = await predictLockout(
      new ConfigModel(Object.entries(router)),
      { ...US, ...us },
      commands,
    );
    const words = found.map(({ severity, reason }) => `${severity}: ${reason}`);
    equal(found.length, risks.length, words.join("\n"));
    for (const [at, [severity, reason]] of risks.entries()) {
      equal(found[at]!.severity, severity, words.join("\n"));
      match(found[at]!.reason, reason);
    }
  });
}

Deno.test("predictLockout() names the command, and leaves the model as it was", async () => {
  const model = new ConfigModel(Object.entries(ROUTER));
  const before = JSON.stringify(model.items("/ip/service"));
  const found = await predictLockout(model, US, [
    set("/system/identity", { by: "menu" }, { name: "x" }),
    set("/ip/service", where({ name: "api-ssl" }), { disabled: "yes" }),
  ]);
  deepEqual(found.map(({ command }) => command), [1]);
  equal(JSON.stringify(model.items("/ip/service")), before);
});

Deno.test("predictLockout() takes a firewall of 2,000 rules and 2,000 commands within reason", async () => {
  const rules = ids(Array.from({ length: 2_000 }, (_, at) => ({
    ...{ chain: "input", action: "drop", protocol: "udp", "dst-port": String(at + 1) },
  })));
  const model = new ConfigModel(Object.entries({ ...ROUTER, [FILTER]: rules }));
  const commands = Array.from(
    { length: 2_000 },
    (_, at) =>
      add(FILTER, {
        chain: "forward",
        action: "drop",
        "dst-port": String(at + 1),
        protocol: "tcp",
      }),
  );
  const began = performance.now();
  deepEqual(await predictLockout(model, US, commands), []);
  const tookMs = performance.now() - began;
  console.log(`2,000 commands against 2,000 rules: ${Math.round(tookMs)} ms`);
  equal(tookMs < 20_000, true, `${tookMs} ms`);
});
