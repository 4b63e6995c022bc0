import type { Board } from "../boards.ts";
import type { Menu } from "../menu.ts";
import { toBytes } from "../text.ts";
import type { Version } from "../version.ts";
import { list, settings } from "./list.ts";

/** Settings of the machine itself, and of its services to people. */
export function machineMenus(_board: Board, version: Version): Menu[] {
  const isSeven = version.major >= 7;
  return [
    settings("/system/identity", { name: "MikroTik" }, {
      seed: (router) => ({ name: toBytes(router.spec.identity) }),
    }),
    settings("/system/note", { "show-at-login": "true", note: "" }),
    settings("/snmp", {
      enabled: "false",
      contact: "",
      location: "",
      "trap-community": "public",
      "trap-version": "1",
      "trap-generators": "temp-exception",
      "trap-target": "",
      "src-address": "::",
    }),
    list("/snmp/community", {
      addresses: "::/0",
      security: "none",
      "read-access": "true",
      "write-access": "false",
      "authentication-protocol": "MD5",
      "encryption-protocol": "DES",
    }, { needs: ["name"], seed: [{ name: "public", default: "true" }] }),
    ...(isSeven ? clockSeven() : [clockSix()]),
    settings("/tool/mac-server", { "allowed-interface-list": "all" }),
    settings("/tool/mac-server/mac-winbox", { "allowed-interface-list": "all" }),
    settings("/tool/bandwidth-server", {
      enabled: "true",
      authenticate: "true",
      "allocate-udp-ports-from": "2000",
      "max-sessions": "100",
    }),
    settings("/tool/romon", { enabled: "false", id: "00:00:00:00:00:00", secrets: "" }),
    settings("/tool/e-mail", {
      [version.atLeast("7.16") ? "server" : "address"]: "0.0.0.0",
      port: "25",
      from: "<>",
      user: "",
      password: "",
      tls: "no",
    }),
  ];
}

function clockSeven(): Menu[] {
  return [
    settings("/system/ntp/client", { enabled: "false", mode: "unicast", servers: "", vrf: "main" }),
    list("/system/ntp/client/servers", { "min-poll": "6", "max-poll": "10", iburst: "true" }, {
      needs: ["address"],
      unique: ["address"],
      taken: "failure: already have such server",
    }),
    settings("/system/ntp/server", {
      enabled: "false",
      broadcast: "false",
      multicast: "false",
      manycast: "false",
    }),
  ];
}

function clockSix(): Menu {
  return settings("/system/ntp/client", {
    enabled: "false",
    mode: "unicast",
    "primary-ntp": "0.0.0.0",
    "secondary-ntp": "0.0.0.0",
    "server-dns-names": "",
  }, {
    settable: ["enabled", "mode", "primary-ntp", "secondary-ntp", "server-dns-names"],
  });
}
