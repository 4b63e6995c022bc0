/**
 * What RouterOS holds without anybody having set it. An export leaves defaults out, so a rule that looks
 * for `disabled=yes` must know that a service which is not mentioned is enabled. Where 6 and 7 differ,
 * both stand here. From MikroTik's manual and the menus' own `print` on fresh installations.
 */
export type DefaultValue = string | { readonly 6: string; readonly 7: string };

export interface DefaultItem {
  /** By which `set` of an export names it: its name, or its place among the menu's items. */
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, DefaultValue>>;
}

export interface MenuDefaults {
  /** `settings`: the menu is one item that is always there. */
  readonly kind: "settings" | "list";
  /** What an item holds where it says nothing. */
  readonly values: Readonly<Record<string, DefaultValue>>;
  /** Items that are there from the start. */
  readonly items?: readonly DefaultItem[];
}

const settings = (values: MenuDefaults["values"]): MenuDefaults => ({ kind: "settings", values });
const list = (
  values: MenuDefaults["values"],
  items: readonly DefaultItem[] = [],
): MenuDefaults => ({
  ...{ kind: "list", values, items },
});
const service = (name: string, port: string, disabled = "no"): DefaultItem => ({
  names: [name],
  values: { name, port, disabled },
});
const loggingRule = (at: number, topics: string, action: string): DefaultItem => ({
  names: [`${at}`],
  values: { topics, action },
});
const loggingAction = (at: number, name: string): DefaultItem => ({
  names: [`${at}`, name],
  values: { name, target: name },
});
const firewall = list({ action: "accept" });

export const DEFAULTS: Readonly<Record<string, MenuDefaults>> = {
  "/ip/service": list({ address: "", certificate: "none", "tls-version": "any" }, [
    ...[service("telnet", "23"), service("ftp", "21"), service("www", "80"), service("ssh", "22")],
    ...[service("www-ssl", "443", "yes"), service("api", "8728"), service("winbox", "8291")],
    service("api-ssl", "8729"),
  ]),
  "/ip/ssh": settings({
    ...{ "strong-crypto": "no", "forwarding-enabled": "no", "allow-none-crypto": "no" },
    ...{ "always-allow-password-login": "no", "host-key-size": "2048", "host-key-type": "rsa" },
  }),
  "/ip/dns": settings({
    ...{ "allow-remote-requests": "no", servers: "", "use-doh-server": "" },
    "verify-doh-cert": "no",
  }),
  "/ip/socks": settings({ enabled: "no", port: "1080" }),
  "/ip/proxy": settings({ enabled: "no", port: "8080" }),
  "/ip/upnp": settings({ enabled: "no" }),
  "/ip/smb": settings({ enabled: { 6: "no", 7: "auto" } }),
  "/ip/cloud": settings({ "ddns-enabled": { 6: "no", 7: "auto" }, "update-time": "yes" }),
  "/ip/settings": settings({
    ...{ "rp-filter": "no", "tcp-syncookies": "no", "ip-forward": "yes" },
    ...{ "accept-source-route": "no", "accept-redirects": "no", "send-redirects": "yes" },
  }),
  "/ip/neighbor/discovery-settings": settings({
    "discover-interface-list": { 6: "!dynamic", 7: "static" },
  }),
  "/ipv6/settings": settings({
    ...{ "disable-ipv6": "no", forward: "yes", "accept-redirects": "yes-if-forwarding-disabled" },
    "accept-router-advertisements": "yes-if-forwarding-disabled",
  }),
  "/ip/firewall/filter": firewall,
  "/ip/firewall/nat": firewall,
  "/ip/firewall/raw": firewall,
  "/ip/firewall/mangle": firewall,
  "/ipv6/firewall/filter": firewall,
  "/ipv6/firewall/raw": firewall,
  "/tool/bandwidth-server": settings({ enabled: "yes", authenticate: "yes" }),
  "/tool/mac-server": settings({ "allowed-interface-list": "all" }),
  "/tool/mac-server/mac-winbox": settings({ "allowed-interface-list": "all" }),
  "/tool/mac-server/ping": settings({ enabled: "yes" }),
  "/tool/romon": settings({ enabled: "no", secrets: "" }),
  "/snmp": settings({ enabled: "no", "trap-version": "1", "trap-community": "public" }),
  "/snmp/community": list({
    ...{ "read-access": "yes", "write-access": "no", security: "none" },
    addresses: { 6: "0.0.0.0/0", 7: "::/0" },
  }, [{ names: ["default", "0"], values: { name: "public" } }]),
  "/system/identity": settings({ name: "MikroTik" }),
  "/system/clock": settings({ "time-zone-name": "manual", "time-zone-autodetect": "yes" }),
  "/system/ntp/client": settings({
    ...{ enabled: "no", mode: "unicast", servers: "", "server-dns-names": "" },
    ...{ "primary-ntp": "0.0.0.0", "secondary-ntp": "0.0.0.0" },
  }),
  "/system/ntp/server": settings({ enabled: "no" }),
  "/system/logging": list({ action: "memory", prefix: "" }, [
    ...[loggingRule(0, "info", "memory"), loggingRule(1, "error", "memory")],
    ...[loggingRule(2, "warning", "memory"), loggingRule(3, "critical", "echo")],
  ]),
  "/system/logging/action": list({ remote: "0.0.0.0", target: "memory" }, [
    ...[loggingAction(0, "memory"), loggingAction(1, "disk"), loggingAction(2, "echo")],
    loggingAction(3, "remote"),
  ]),
  "/interface/wireless": list({
    ...{
      disabled: "yes",
      mode: "station",
      "security-profile": "default",
      "wps-mode": "push-button",
    },
  }),
  "/interface/wireless/security-profiles": list({
    ...{ mode: "none", "authentication-types": "", "unicast-ciphers": "aes-ccm" },
    ...{ "group-ciphers": "aes-ccm", "management-protection": "disabled" },
  }, [{ names: ["default", "0"], values: { name: "default" } }]),
  "/interface/wifi/security": list({ wps: "push-button" }),
  "/interface/pptp-server/server": settings({ enabled: "no", authentication: "mschap1,mschap2" }),
  "/interface/l2tp-server/server": settings({ enabled: "no", "use-ipsec": "no" }),
  "/interface/sstp-server/server": settings({ enabled: "no" }),
  "/interface/ovpn-server/server": { ...list({ disabled: "yes" }) },
  "/ppp/secret": list({ service: "any", profile: "default", password: "" }),
  "/user": list({ address: "" }),
  "/user/settings": settings({
    "minimum-password-length": "0",
    "minimum-categories": "0",
  }),
  "/lcd": settings({ enabled: "yes" }),
};

/** What RouterOS does not write into an export, whoever asks. */
export const NOT_EXPORTED: ReadonlySet<string> = new Set([
  ...["/user", "/user/ssh-keys", "/user/active", "/certificate", "/file", "/log"],
  ...["/system/device-mode", "/system/license", "/system/resource", "/system/routerboard"],
  ...["/system/package", "/ip/dhcp-client/status", "/ip/neighbor"],
]);
