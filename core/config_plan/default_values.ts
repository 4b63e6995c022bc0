/**
 * What RouterOS takes for an attribute that nobody set. A compact export leaves these out, so a wanted
 * configuration that is silent about one means this. Only what RouterOS 6 and 7 agree on stands here: a
 * wrong value is worse than none. `null`: nothing, the attribute is unset.
 */
type Values = Readonly<Record<string, string | null>>;

/** In whatever menu. `name` says what it is. */
export const EVERYWHERE: Values = {
  comment: "",
  "arp-timeout": "auto",
  dynamic: "no",
  "log-prefix": "",
  "loop-protect": "default",
};

const RULE: Values = { action: "accept", log: "no", disabled: "no" };
const ROUTE: Values = {
  ...{ distance: "1", scope: "30", "target-scope": "10", "check-gateway": "none" },
  ...{ "suppress-hw-offload": "no", "routing-table": "main", "pref-src": "", type: "unicast" },
  "vrf-interface": null,
};
const TUNNEL: Values = {
  ...{ mtu: "auto", keepalive: "10s,10", dscp: "inherit", "clamp-tcp-mss": "yes" },
  ...{ "dont-fragment": "no", "allow-fast-path": "yes", "ipsec-secret": "", arp: "enabled" },
};
const CLIENT: Values = {
  ...{ "add-default-route": "no", "use-peer-dns": "no", "dial-on-demand": "no" },
  ...{ "max-mru": "auto", "max-mtu": "auto", mrru: "disabled", profile: "default" },
  ...{ "service-name": "", "ac-name": "", allow: "pap,chap,mschap1,mschap2" },
};
const LIST_OF_INTERFACES: Values = { "allowed-interface-list": "all" };

export const DEFAULT_VALUES: Readonly<Record<string, Values>> = {
  "/disk": { type: "hardware" },
  "/interface/bridge": {
    ...{ "protocol-mode": "rstp", priority: "0x8000", "vlan-filtering": "no", mtu: "auto" },
    ...{ "igmp-snooping": "no", "dhcp-snooping": "no", "ageing-time": "5m", arp: "enabled" },
    ...{ "forward-delay": "15s", "max-message-age": "20s", "transmit-hold-count": "6" },
    ...{ "fast-forward": "yes", "auto-mac": "yes", "ether-type": "0x8100", pvid: "1" },
    "frame-types": "admit-all",
  },
  "/interface/bridge/port": {
    ...{ pvid: "1", priority: "0x80", horizon: "none", edge: "auto", "point-to-point": "auto" },
    ...{ learn: "auto", "frame-types": "admit-all", hw: "yes", "auto-isolate": "no" },
    ...{ "restricted-role": "no", "restricted-tcn": "no", "tag-stacking": "no", trusted: "no" },
    ...{ "broadcast-flood": "yes", "unknown-unicast-flood": "yes", "bpdu-guard": "no" },
    ...{ "unknown-multicast-flood": "yes", "multicast-router": "temporary-query" },
    "fast-leave": "no",
  },
  "/interface/bridge/vlan": { tagged: "", untagged: "" },
  "/interface/vlan": { mtu: "1500", "use-service-tag": "no", "vlan-id": "1", arp: "enabled" },
  "/interface/ethernet": {
    ...{ mtu: "1500", "auto-negotiation": "yes", "full-duplex": "yes", arp: "enabled" },
    ...{ "tx-flow-control": "off", "rx-flow-control": "off", "cable-settings": "default" },
    ...{ bandwidth: "unlimited/unlimited", "combo-mode": "auto" },
    ...{ "poe-out": "auto-on", "poe-priority": "10" },
  },
  "/interface/ethernet/poe": { "poe-out": "auto-on", "poe-priority": "10" },
  "/interface/wireguard": { mtu: "1420", "listen-port": "13231" },
  "/interface/wireguard/peers": {
    ...{ "endpoint-address": "", "endpoint-port": "0", "persistent-keepalive": "0s" },
    ...{ "preshared-key": "", "allowed-address": "" },
  },
  "/interface/list": { include: "", exclude: "" },
  "/interface/bonding": {
    ...{ mode: "balance-rr", "link-monitoring": "mii", "mii-interval": "100ms", mtu: "1500" },
    ...{ "lacp-rate": "30secs", "transmit-hash-policy": "layer-2", primary: "none" },
    ...{ "up-delay": "0ms", "down-delay": "0ms", "arp-interval": "100ms", arp: "enabled" },
    ...{ "arp-ip-targets": "", "min-links": "0" },
  },
  "/interface/gre": TUNNEL,
  "/interface/eoip": TUNNEL,
  "/interface/ipip": TUNNEL,
  "/interface/pppoe-client": CLIENT,
  "/interface/vrrp": {
    ...{ vrid: "1", priority: "100", "interval": "1s", version: "3", "preemption-mode": "yes" },
    ...{ authentication: "none", "on-backup": "", "on-master": "", arp: "enabled" },
  },
  "/interface/l2tp-server/server": {
    ...{ enabled: "no", "use-ipsec": "no", "default-profile": "default-encryption" },
    ...{ "keepalive-timeout": "30", "max-mtu": "1450", "max-mru": "1450", mrru: "disabled" },
    "ipsec-secret": "",
  },
  "/interface/pptp-server/server": { enabled: "no", "default-profile": "default-encryption" },
  "/interface/sstp-server/server": { enabled: "no", port: "443", certificate: "none" },
  "/ip/pool": { "next-pool": "none" },
  "/ip/dhcp-server": {
    ...{ "address-pool": "static-only", "lease-script": "", relay: "0.0.0.0" },
    ...{ "bootp-support": "static", "use-radius": "no", "add-arp": "no", "always-broadcast": "no" },
    ...{ "delay-threshold": "none", "dhcp-option-set": "none", "conflict-detection": "yes" },
  },
  "/ip/dhcp-server/network": { netmask: "0" },
  "/ip/dhcp-server/lease": {
    ...{ server: "all", "block-access": "no", "always-broadcast": "no", "use-src-mac": "no" },
    ...{ "lease-time": "0s", "rate-limit": "", "allow-dual-stack-queue": "yes" },
  },
  "/ip/dhcp-client": {
    ...{ "add-default-route": "yes", "use-peer-dns": "yes", "use-peer-ntp": "yes" },
    ...{ "default-route-distance": "1", script: "" },
  },
  "/ip/dns": {
    ...{ servers: "", "allow-remote-requests": "no", "cache-size": "2048KiB" },
    ...{ "cache-max-ttl": "1w", "max-udp-packet-size": "4096", "use-doh-server": "" },
    ...{ "max-concurrent-queries": "100", "max-concurrent-tcp-sessions": "20" },
    ...{ "query-server-timeout": "2s", "query-total-timeout": "10s", "verify-doh-cert": "no" },
  },
  "/ip/dns/static": { ttl: "1d", "match-subdomain": "no", type: "A", regexp: "" },
  "/ip/service": {
    ...{ address: "", certificate: "none", "tls-version": "any", vrf: "main" },
    "max-sessions": "20",
  },
  "/ip/firewall/filter": RULE,
  "/ip/firewall/nat": RULE,
  "/ip/firewall/mangle": { ...RULE, passthrough: "yes" },
  "/ip/firewall/raw": RULE,
  "/ipv6/firewall/filter": RULE,
  "/ipv6/firewall/nat": RULE,
  "/ipv6/firewall/mangle": { ...RULE, passthrough: "yes" },
  "/ipv6/firewall/raw": RULE,
  "/interface/bridge/filter": RULE,
  "/interface/bridge/nat": RULE,
  "/ip/firewall/connection/tracking": {
    ...{ enabled: "auto", "tcp-established-timeout": "1d", "generic-timeout": "10m" },
    ...{ "icmp-timeout": "10s", "udp-stream-timeout": "3m", "loose-tcp-tracking": "yes" },
  },
  "/ip/route": { ...ROUTE, "dst-address": "0.0.0.0/0" },
  "/ipv6/route": { ...ROUTE, "dst-address": "::/0" },
  "/ipv6/address": { advertise: "yes", "eui-64": "no", "from-pool": "", "no-dad": "no" },
  "/ip/settings": {
    ...{ "rp-filter": "no", "tcp-syncookies": "no", "ip-forward": "yes", "send-redirects": "yes" },
    ...{ "accept-redirects": "no", "accept-source-route": "no", "secure-redirects": "yes" },
    ...{ "allow-fast-path": "yes", "icmp-rate-limit": "10", "arp-timeout": "30s" },
  },
  "/ipv6/settings": {
    ...{ "disable-ipv6": "no", forward: "yes" },
    "accept-router-advertisements": "yes-if-forwarding-disabled",
    "accept-redirects": "yes-if-forwarding-disabled",
  },
  "/ip/ssh": {
    ...{ "strong-crypto": "no", "always-allow-password-login": "no", "host-key-size": "2048" },
    "allow-none-crypto": "no",
  },
  "/ip/upnp": { enabled: "no", "allow-disable-external-interface": "no" },
  "/ip/socks": { enabled: "no", port: "1080", version: "4" },
  "/ip/proxy": { enabled: "no", port: "8080" },
  "/queue/simple": {
    ...{ "max-limit": "0/0", "limit-at": "0/0", "burst-limit": "0/0", "burst-threshold": "0/0" },
    ...{ "burst-time": "0s/0s", parent: "none", priority: "8/8", "packet-marks": "", dst: "" },
    ...{ queue: "default-small/default-small", "bucket-size": "0.1/0.1", target: "" },
  },
  "/queue/tree": {
    ...{ "max-limit": "0", "limit-at": "0", "burst-limit": "0", "burst-threshold": "0" },
    ...{ "burst-time": "0s", priority: "8", queue: "default-small", "packet-mark": "" },
    "bucket-size": "0.1",
  },
  "/ppp/profile": {
    ...{ "use-compression": "default", "use-encryption": "default", "only-one": "default" },
    ...{ "change-tcp-mss": "default", "use-mpls": "default", "use-upnp": "default" },
    ...{ "bridge-learning": "default", "on-up": "", "on-down": "" },
  },
  "/ppp/secret": {
    ...{ service: "any", profile: "default", "caller-id": "", password: "", routes: "" },
    ...{ "limit-bytes-in": "0", "limit-bytes-out": "0" },
  },
  "/radius": {
    ...{ "authentication-port": "1812", "accounting-port": "1813", timeout: "300ms" },
    ...{ realm: "", "called-id": "", domain: "", "accounting-backup": "no", secret: "" },
  },
  "/snmp": {
    ...{ enabled: "no", contact: "", location: "", "trap-target": "", "trap-version": "1" },
    "trap-community": "public",
  },
  "/snmp/community": {
    ...{ security: "none", "read-access": "yes", "write-access": "no" },
    ...{ "authentication-protocol": "MD5", "encryption-protocol": "DES" },
    ...{ "authentication-password": "", "encryption-password": "" },
  },
  "/system/identity": { name: "MikroTik" },
  "/system/note": { note: "", "show-at-login": "yes" },
  "/system/clock": { "time-zone-name": "manual", "time-zone-autodetect": "yes" },
  "/system/ntp/client": { enabled: "no", mode: "unicast", servers: "" },
  "/system/ntp/server": { enabled: "no", broadcast: "no", multicast: "no", manycast: "no" },
  "/system/logging": { prefix: "", action: "memory" },
  "/system/logging/action": {
    ...{ "remote-port": "514", "src-address": "0.0.0.0", "bsd-syslog": "no", remember: "yes" },
    ...{ "syslog-facility": "daemon", "syslog-severity": "auto", "memory-lines": "1000" },
    ...{ "memory-stop-on-full": "no", "disk-file-count": "2", "disk-lines-per-file": "1000" },
  },
  "/system/scheduler": { interval: "0s", "on-event": "" },
  "/system/script": { source: "", "dont-require-permissions": "no" },
  "/system/watchdog": {
    ...{ "watchdog-timer": "yes", "watch-address": "none", "automatic-supout": "yes" },
    ...{ "auto-send-supout": "no", "ping-timeout": "1m", "ping-start-after-boot": "5m" },
  },
  "/tool/bandwidth-server": { enabled: "yes", authenticate: "yes", "max-sessions": "100" },
  "/tool/mac-server": LIST_OF_INTERFACES,
  "/tool/mac-server/mac-winbox": LIST_OF_INTERFACES,
  "/tool/mac-server/ping": { enabled: "yes" },
  "/tool/netwatch": { "up-script": "", "down-script": "", type: "simple" },
  "/tool/romon": { enabled: "no", secrets: "" },
  "/user/aaa": { "use-radius": "no", accounting: "yes", "default-group": "read" },
};

export const SERVICE_PORTS: Values = {
  ...{ ftp: "21", ssh: "22", telnet: "23", www: "80", "www-ssl": "443" },
  ...{ api: "8728", "api-ssl": "8729", winbox: "8291" },
};
