import type { PendingRow } from "../pending_rows.ts";
import { HIDDEN } from "../table.ts";
import { isEnabled, type SimpleChange, SimpleTables, yesNo } from "./simple_tables.ts";

export const WIFI_MENUS = [
  ...["/interface/wifi", "/interface/wifi/configuration", "/interface/wifi/security"],
  ...["/interface/wireless", "/interface/wireless/security-profiles"],
];

/** One radio, or a virtual access point. */
export interface RadioForm {
  /** Which package it belongs to. */
  readonly menu: "/interface/wifi" | "/interface/wireless";
  readonly name: string;
  readonly ssid: string;
  /** `HIDDEN`: there is one; empty: the network is open. */
  readonly password: string;
  readonly isOn: boolean;
  /** 2.4 GHz, 5 GHz … as far as the router tells. */
  readonly band: string;
}

const WIFI = "/interface/wifi";
const WIRELESS = "/interface/wireless";

const named = (tables: SimpleTables, menu: string, name: string | undefined) =>
  name ? tables.rows(menu).find(({ values }) => values["name"] === name) : undefined;

/** What a radio of the wifi package says itself, else what it takes from its configuration. */
function wifiValue(tables: SimpleTables, row: PendingRow, part: "ssid" | "passphrase"): string {
  const inline = part === "ssid" ? "configuration.ssid" : "security.passphrase";
  const own = row.values[inline];
  if (own) return own;
  const configuration = named(tables, `${WIFI}/configuration`, row.values["configuration"]);
  if (part === "ssid") return configuration?.values["ssid"] ?? "";
  const security = named(
    tables,
    `${WIFI}/security`,
    row.values["security"] ?? configuration?.values["security"],
  );
  return configuration?.values["security.passphrase"] ?? security?.values["passphrase"] ?? "";
}

const bandOf = (text: string) =>
  /2ghz/.test(text) ? "2.4 GHz" : /5ghz/.test(text) ? "5 GHz" : /6ghz/.test(text) ? "6 GHz" : "";

export function readRadios(tables: SimpleTables): RadioForm[] {
  const wifi = tables.rows(WIFI).map((row): RadioForm => ({
    menu: WIFI,
    name: row.values["name"] ?? "",
    ssid: wifiValue(tables, row, "ssid"),
    password: wifiValue(tables, row, "passphrase") && HIDDEN,
    isOn: isEnabled(row),
    band: bandOf(row.values["channel.band"] ?? ""),
  }));
  const wireless = tables.rows(WIRELESS).map((row): RadioForm => {
    const profile = named(
      tables,
      `${WIRELESS}/security-profiles`,
      row.values["security-profile"],
    );
    const key = profile?.values["wpa2-pre-shared-key"];
    return {
      menu: WIRELESS,
      name: row.values["name"] ?? "",
      ssid: row.values["ssid"] ?? "",
      password: profile?.values["mode"] !== "none" && key ? HIDDEN : "",
      isOn: isEnabled(row),
      band: bandOf(row.values["band"] ?? ""),
    };
  });
  return [...wifi, ...wireless];
}

export function radioProblems({ ssid, password, isOn }: RadioForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const bytes = new TextEncoder().encode(ssid).length;
  if (isOn && ssid === "") problems["ssid"] = "is needed";
  if (bytes > 32) problems["ssid"] = `must be at most 32 bytes: these are ${bytes}`;
  if (password !== HIDDEN && password !== "" && (password.length < 8 || password.length > 63)) {
    problems["password"] = "must be 8 to 63 characters";
  }
  return problems;
}

export function radioChanges(tables: SimpleTables, form: RadioForm): SimpleChange[] {
  const row = tables.rows(form.menu).find(({ values }) => values["name"] === form.name);
  const was = readRadios(tables).find(({ menu, name }) => menu === form.menu && name === form.name);
  if (!row || !was) return [];
  const disabled = form.isOn === was.isOn ? {} : { disabled: yesNo(!form.isOn) };
  const isNew = form.password !== HIDDEN && form.password !== was.password;
  if (form.menu === WIFI) {
    return tables.set(WIFI, row, {
      ...(form.ssid !== was.ssid && { "configuration.ssid": form.ssid }),
      ...(isNew && form.password && {
        "security.passphrase": form.password,
        ...(was.password === "" && { "security.authentication-types": "wpa2-psk,wpa3-psk" }),
      }),
      ...disabled,
    });
  }
  const own = tables.set(WIRELESS, row, {
    ...(form.ssid !== was.ssid && { ssid: form.ssid }),
    ...disabled,
  });
  if (!isNew || !form.password) return own;
  const profiles = `${WIRELESS}/security-profiles`;
  const profile = named(tables, profiles, row.values["security-profile"]);
  const wanted = {
    mode: "dynamic-keys",
    "authentication-types": "wpa2-psk",
    "wpa2-pre-shared-key": form.password,
  };
  if (profile) {
    const isSet = profile.values["mode"] === "dynamic-keys" &&
      profile.values["authentication-types"]?.includes("wpa2-psk");
    const attributes = isSet ? { "wpa2-pre-shared-key": form.password } : wanted;
    return [...own, ...tables.set(profiles, profile, attributes)];
  }
  return [
    tables.add(profiles, { name: form.name, ...wanted }),
    ...own,
    ...tables.set(WIRELESS, row, { "security-profile": form.name }),
  ];
}

/** Which other radios share the password of one: it changes there, too. */
export function sharedWith(tables: SimpleTables, form: RadioForm): string[] {
  if (form.menu !== WIRELESS) return [];
  const profileOf = (name: string) =>
    tables.rows(WIRELESS).find(({ values }) => values["name"] === name)
      ?.values["security-profile"];
  const profile = profileOf(form.name);
  return tables.rows(WIRELESS).map(({ values }) => values["name"] ?? "")
    .filter((name) => name !== form.name && profileOf(name) === profile);
}
