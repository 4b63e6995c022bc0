import { checkType } from "../check_value.ts";
import type { PendingRow } from "../pending_rows.ts";
import type { RouterVersion } from "../router_version.ts";
import { addresses } from "../types.ts";
import { isEnabled, isOn, type SimpleChange, SimpleTables, yesNo } from "./simple_tables.ts";

export const SYSTEM_MENUS = [
  ...["/system/identity", "/system/clock", "/system/ntp/client", "/ip/service", "/ip/dns"],
  "/system/ntp/client/servers",
];

export interface SystemForm {
  readonly identity: string;
  readonly timeZone: string;
  readonly hasNtp: boolean;
  /** By comma. */
  readonly ntpServers: string;
}

export interface DnsForm {
  readonly servers: string;
  readonly answersOthers: boolean;
}

export interface Service {
  readonly name: string;
  readonly port: string;
  readonly address: string;
  readonly isOn: boolean;
  /** Why it had better be off. */
  readonly warning: string | undefined;
}

const NTP = "/system/ntp/client";
const SERVERS = "/system/ntp/client/servers";
const WARNINGS: Readonly<Record<string, string>> = {
  telnet: "Passwords travel in clear text",
  ftp: "Passwords travel in clear text",
  www: "Passwords travel in clear text",
  api: "Passwords travel in clear text: api-ssl is the safe one",
};

export function readSystem(tables: SimpleTables, version: RouterVersion): SystemForm {
  const ntp = tables.one(NTP);
  const listed = tables.rows(SERVERS).map(({ values }) => values["address"] ?? "");
  const servers = version.major >= 7
    ? ntp["servers"] || listed.join(",")
    : [ntp["primary-ntp"], ntp["secondary-ntp"]]
      .filter((one) => one && one !== "0.0.0.0").join(",");
  return {
    identity: tables.one("/system/identity")["name"] ?? "",
    timeZone: tables.one("/system/clock")["time-zone-name"] ?? "",
    hasNtp: isOn(ntp["enabled"]),
    ntpServers: servers,
  };
}

export function systemProblems(form: SystemForm, version: RouterVersion): Record<string, string> {
  const problems: Record<string, string> = {};
  if (form.identity === "") problems["identity"] = "is needed";
  if (form.identity.length > 64) problems["identity"] = "must be at most 64 characters";
  if (form.ntpServers !== "") {
    const type = version.major >= 7 ? addresses("ip4", "ip6", "name") : addresses("ip4");
    const problem = checkType(type, form.ntpServers);
    if (problem) problems["ntpServers"] = problem;
    else if (version.major < 7 && form.ntpServers.split(",").length > 2) {
      problems["ntpServers"] = "must be two at most on this version";
    }
  } else if (form.hasNtp) problems["ntpServers"] = "are needed";
  return problems;
}

export function systemChanges(
  tables: SimpleTables,
  form: SystemForm,
  version: RouterVersion,
): SimpleChange[] {
  const was = readSystem(tables, version);
  const [primary = "0.0.0.0", secondary = "0.0.0.0"] = form.ntpServers.split(",");
  const servers: Record<string, string> = form.ntpServers === was.ntpServers
    ? {}
    : version.major >= 7
    ? { servers: form.ntpServers }
    : { "primary-ntp": primary || "0.0.0.0", "secondary-ntp": secondary };
  return [
    ...tables.setOne("/system/identity", { name: form.identity }),
    ...(form.timeZone === was.timeZone ? [] : tables.setOne("/system/clock", {
      ...{ "time-zone-name": form.timeZone, "time-zone-autodetect": "no" },
    })),
    ...tables.setOne(NTP, {
      ...(form.hasNtp !== was.hasNtp && { enabled: yesNo(form.hasNtp) }),
      ...servers,
    }),
  ];
}

export function readDns(tables: SimpleTables): DnsForm {
  const dns = tables.one("/ip/dns");
  return { servers: dns["servers"] ?? "", answersOthers: isOn(dns["allow-remote-requests"]) };
}

export function dnsProblems({ servers }: DnsForm): Record<string, string> {
  const problem = servers === "" ? undefined : checkType(addresses("ip4", "ip6"), servers);
  return problem ? { servers: problem } : {};
}

export function dnsChanges(tables: SimpleTables, form: DnsForm): SimpleChange[] {
  return tables.setOne("/ip/dns", {
    servers: form.servers,
    "allow-remote-requests": yesNo(form.answersOthers),
  });
}

export function readServices(tables: SimpleTables): Service[] {
  return tables.rows("/ip/service").map((row) => ({
    name: row.values["name"] ?? "",
    port: row.values["port"] ?? "",
    address: row.values["address"] ?? "",
    isOn: isEnabled(row),
    warning: isEnabled(row) ? WARNINGS[row.values["name"] ?? ""] : undefined,
  }));
}

export function serviceChanges(
  tables: SimpleTables,
  name: string,
  wanted: { isOn: boolean; address: string },
): SimpleChange[] {
  const row: PendingRow | undefined = tables.rows("/ip/service")
    .find(({ values }) => values["name"] === name);
  return row
    ? tables.set("/ip/service", row, { disabled: yesNo(!wanted.isOn), address: wanted.address })
    : [];
}

export function serviceProblem(text: string): string | undefined {
  return text === "" ? undefined : checkType(addresses("ip4", "prefix4", "ip6", "prefix6"), text);
}
