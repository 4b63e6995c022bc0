import type { Version } from "../version.ts";

/**
 * What `set` and `add` take in the menus of RouterOS 7, as its command tree says: `name+7.16` came with
 * that version, `name-7.20` went with it. Version 6 has those that were always there.
 *
 * @see https://github.com/tikoci/restraml (Unlicense), of whose trees this is an extract
 */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "/interface/bridge":
    "add-dhcp-option82-7.23 admin-mac ageing-time arp arp-timeout auto-mac comment " +
    "dhcp-agent-circuit-id+7.23 dhcp-agent-remote-id+7.23 dhcp-snooping " +
    "dhcpv6-agent-circuit-id+7.23 dhcpv6-agent-remote-id+7.23 dhcpv6-snooping+7.23 disabled " +
    "ether-type fast-forward forward-delay forward-reserved-addresses+7.16 frame-types " +
    "igmp-snooping igmp-version ingress-filtering last-member-interval " +
    "last-member-query-count max-hops max-learned-entries+7.16 max-message-age " +
    "membership-interval mlag-heartbeat+7.23 mlag-peer-port+7.23 mlag-priority+7.23 " +
    "mld-version mtu multicast-querier multicast-router mvrp+7.16 name port-cost-mode+7.16 " +
    "priority protocol-mode pvid querier-interval querier-uses-bridge-address+7.24 " +
    "query-interval query-response-interval ra-guard+7.23 region-name region-revision " +
    "startup-query-count startup-query-interval transmit-hold-count vlan-filtering",
  "/interface/bridge/port":
    "auto-isolate bpdu-guard bridge broadcast-flood comment disabled edge fast-leave " +
    "frame-types horizon hw ingress-filtering interface internal-path-cost learn " +
    "multicast-router mvrp-applicant-state+7.16 mvrp-registrar-state+7.16 path-cost " +
    "point-to-point priority pvid restricted-role restricted-tcn tag-stacking trusted " +
    "trusted-dhcpv6+7.23 trusted-ra+7.23 unknown-multicast-flood unknown-unicast-flood",
  "/interface/bridge/vlan": "bridge comment disabled mvrp-forbidden+7.16 tagged untagged vlan-ids",
  "/interface/vlan":
    "arp arp-timeout comment disabled interface loop-protect loop-protect-disable-time " +
    "loop-protect-send-interval mtu mvrp+7.16 name use-service-tag vlan-id",
  "/interface/ethernet":
    "advertise arp arp-timeout auto-negotiation cable-settings combo-mode comment " +
    "disable-running-check disabled fec-mode full-duplex-7.16 l2mtu loop-protect " +
    "loop-protect-disable-time loop-protect-send-interval mac-address mdix-enable mtu name " +
    "orig-mac-address rx-flow-control sfp-ignore-rx-los+7.16 sfp-rate-select " +
    "sfp-shutdown-temperature speed tx-flow-control",
  "/interface/bonding": "arp arp-interval arp-ip-targets arp-timeout comment disabled down-delay " +
    "forced-mac-address lacp-mode+7.20 lacp-rate lacp-system-id+7.21 " +
    "lacp-system-priority+7.21 lacp-user-key link-monitoring mii-interval min-links mode mtu " +
    "name primary slaves transmit-hash-policy up-delay",
  "/interface/list": "comment exclude include name",
  "/interface/list/member": "comment disabled interface list",
  "/interface/wireguard": "comment disabled listen-port mtu name private-key vrf+7.21",
  "/interface/wireguard/peers":
    "allowed-address client-address+7.16 client-allowed-address+7.21 client-dns+7.16 " +
    "client-endpoint+7.16 client-keepalive+7.16 client-listen-port+7.16 comment disabled " +
    "endpoint-address endpoint-port interface is-responder+7.16-7.18 name+7.16 " +
    "persistent-keepalive preshared-key private-key+7.16 public-key responder+7.18",
  "/interface/wifi":
    "aaa aaa.called-format aaa.calling-format aaa.interim-update aaa.mac-caching " +
    "aaa.nas-identifier aaa.password-format aaa.username-format arp arp-timeout channel " +
    "channel.afc+7.24 channel.band channel.deprioritize-unii-3-4+7.20 channel.frequency " +
    "channel.preamble-puncturing+7.23 channel.reselect-interval channel.reselect-time+7.20 " +
    "channel.secondary-frequency channel.skip-dfs-channels channel.width comment " +
    "configuration configuration.antenna-gain configuration.beacon-interval " +
    "configuration.chains configuration.country configuration.distance " +
    "configuration.dtim-period configuration.hide-ssid configuration.hw-protection-mode+7.21 " +
    "configuration.installation+7.18 configuration.manager configuration.max-clients+7.18 " +
    "configuration.mode configuration.multicast-enhance configuration.qos-classifier " +
    "configuration.ssid configuration.station-roaming+7.18 configuration.tx-chains " +
    "configuration.tx-power datapath datapath.bridge datapath.bridge-cost " +
    "datapath.bridge-horizon datapath.client-isolation datapath.interface-list " +
    "datapath.openflow-switch+7.20 datapath.traffic-processing+7.20 datapath.vlan-id " +
    "disable-running-check disabled l2mtu mac-address master-interface mld-interface+7.23 " +
    "mld-name+7.23 mtu name radio-mac security security.authentication-types " +
    "security.beacon-protection+7.21 security.connect-group security.connect-priority " +
    "security.dh-groups security.disable-pmkid security.eap-accounting " +
    "security.eap-anonymous-identity security.eap-certificate-mode security.eap-methods " +
    "security.eap-password security.eap-tls-certificate security.eap-username " +
    "security.encryption security.ft security.ft-mobility-domain security.ft-nas-identifier " +
    "security.ft-over-ds security.ft-preserve-vlanid security.ft-r0-key-lifetime " +
    "security.ft-reassociation-deadline security.group-encryption security.group-key-update " +
    "security.management-encryption security.management-protection " +
    "security.multi-passphrase-group+7.18 security.owe-transition-interface " +
    "security.passphrase security.sae-anti-clogging-threshold security.sae-max-failure-rate " +
    "security.sae-pwe security.wps steering steering.2g-probe-delay+7.18 " +
    "steering.neighbor-group steering.rrm steering.transition-request-count+7.21 " +
    "steering.transition-request-period+7.21 steering.transition-threshold+7.21 " +
    "steering.transition-threshold-time+7.21 steering.transition-time+7.21 steering.wnm",
  "/interface/wifi/security":
    "authentication-types beacon-protection+7.21 comment connect-group connect-priority " +
    "dh-groups disable-pmkid disabled eap-accounting eap-anonymous-identity " +
    "eap-certificate-mode eap-methods eap-password eap-tls-certificate eap-username " +
    "encryption ft ft-mobility-domain ft-nas-identifier ft-over-ds ft-preserve-vlanid " +
    "ft-r0-key-lifetime ft-reassociation-deadline group-encryption group-key-update " +
    "management-encryption management-protection multi-passphrase-group+7.18 name " +
    "owe-transition-interface passphrase sae-anti-clogging-threshold sae-max-failure-rate " +
    "sae-pwe wps",
  "/interface/wifi/configuration":
    "aaa aaa.called-format aaa.calling-format aaa.interim-update aaa.mac-caching " +
    "aaa.nas-identifier aaa.password-format aaa.username-format antenna-gain beacon-interval " +
    "chains channel channel.afc+7.24 channel.band channel.deprioritize-unii-3-4+7.20 " +
    "channel.frequency channel.preamble-puncturing+7.23 channel.reselect-interval " +
    "channel.reselect-time+7.20 channel.secondary-frequency channel.skip-dfs-channels " +
    "channel.width comment country datapath datapath.bridge datapath.bridge-cost " +
    "datapath.bridge-horizon datapath.client-isolation datapath.interface-list " +
    "datapath.openflow-switch+7.20 datapath.traffic-processing+7.20 datapath.vlan-id disabled " +
    "distance dtim-period hide-ssid hw-protection-mode+7.21 installation+7.18 manager " +
    "max-clients+7.18 mode multicast-enhance name qos-classifier security " +
    "security.authentication-types security.beacon-protection+7.21 security.connect-group " +
    "security.connect-priority security.dh-groups security.disable-pmkid " +
    "security.eap-accounting security.eap-anonymous-identity security.eap-certificate-mode " +
    "security.eap-methods security.eap-password security.eap-tls-certificate " +
    "security.eap-username security.encryption security.ft security.ft-mobility-domain " +
    "security.ft-nas-identifier security.ft-over-ds security.ft-preserve-vlanid " +
    "security.ft-r0-key-lifetime security.ft-reassociation-deadline security.group-encryption " +
    "security.group-key-update security.management-encryption security.management-protection " +
    "security.multi-passphrase-group+7.18 security.owe-transition-interface " +
    "security.passphrase security.sae-anti-clogging-threshold security.sae-max-failure-rate " +
    "security.sae-pwe security.wps ssid station-roaming+7.18 steering " +
    "steering.2g-probe-delay+7.18 steering.neighbor-group steering.rrm " +
    "steering.transition-request-count+7.21 steering.transition-request-period+7.21 " +
    "steering.transition-threshold+7.21 steering.transition-threshold-time+7.21 " +
    "steering.transition-time+7.21 steering.wnm tx-chains tx-power",
  "/interface/wifi/channel":
    "afc+7.24 band comment deprioritize-unii-3-4+7.20 disabled frequency name " +
    "preamble-puncturing+7.23 reselect-interval reselect-time+7.20 secondary-frequency " +
    "skip-dfs-channels width",
  "/interface/wifi/datapath":
    "bridge bridge-cost bridge-horizon client-isolation comment disabled interface-list name " +
    "openflow-switch+7.20 traffic-processing+7.20 vlan-id",
  "/interface/pppoe-client":
    "ac-name add-default-route allow comment default-route-distance dial-on-demand disabled " +
    "host-uniq interface keepalive-timeout max-mru max-mtu mrru name password profile " +
    "service-name use-peer-dns user",
  "/ip/address": "address broadcast comment disabled interface netmask network",
  "/ip/arp": "address comment disabled interface mac-address published",
  "/ip/cloud": "ddns-enabled ddns-update-interval update-time",
  "/ip/dhcp-client": "add-default-route allow-reconfigure+7.20 check-gateway+7.20 comment " +
    "default-route-distance default-route-tables+7.18 dhcp-options disabled dscp+7.20 " +
    "interface name+7.23 script use-broadcast+7.20 use-peer-dns use-peer-ntp " +
    "vlan-priority+7.20",
  "/ip/dhcp-server":
    "add-arp add-dns-entries+7.23 add-dns-entries-suffix+7.23 address-lists+7.18 address-pool " +
    "allow-dual-stack-queue always-broadcast authoritative bootp-lease-time bootp-support " +
    "client-mac-limit comment conflict-detection delay-threshold dhcp-option-set disabled " +
    "dynamic-lease-identifiers+7.21 insert-queue-before interface lease-script lease-time " +
    "name parent-queue relay server-address support-broadband-tr101+7.21 " +
    "use-framed-as-classless use-radius use-reconfigure+7.20",
  "/ip/dhcp-server/lease":
    "address address-lists agent-circuit-id+7.21 agent-remote-id+7.21 allow-dual-stack-queue " +
    "always-broadcast block-access client-id comment dhcp-option dhcp-option-set disabled " +
    "insert-queue-before lease-time mac-address parent-queue queue-type rate-limit routes " +
    "server use-src-mac",
  "/ip/dhcp-server/network":
    "address boot-file-name caps-manager comment dhcp-option dhcp-option-set dns-none " +
    "dns-server domain gateway netmask next-server ntp-none+7.20 ntp-server wins-server",
  "/ip/dns": "address-list-extra-time allow-remote-requests cache-max-ttl cache-size " +
    "doh-max-concurrent-queries doh-max-server-connections doh-timeout max-concurrent-queries " +
    "max-concurrent-tcp-sessions max-udp-packet-size mdns-repeat-ifaces+7.16 " +
    "query-server-timeout query-total-timeout servers use-doh-server verify-doh-cert vrf+7.16",
  "/ip/dns/static":
    "address address-list cname comment disabled forward-to match-subdomain mx-exchange " +
    "mx-preference name ns regexp srv-port srv-priority srv-target srv-weight text ttl type",
  "/ip/firewall/address-list": "address comment disabled dynamic list timeout",
  "/ip/firewall/filter":
    "action address-list address-list-timeout chain comment connection-bytes connection-limit " +
    "connection-mark connection-nat-state connection-rate connection-state connection-type " +
    "content disabled dscp dst-address dst-address-list dst-address-type dst-limit dst-port " +
    "fragment hotspot hw-offload-7.21 icmp-options in-bridge-port in-bridge-port-list " +
    "in-interface in-interface-list ingress-priority ipsec-policy ipv4-options jump-target " +
    "layer7-protocol limit log log-prefix nth out-bridge-port out-bridge-port-list " +
    "out-interface out-interface-list p2p packet-mark packet-size per-connection-classifier " +
    "port priority protocol psd random realm reject-with routing-mark src-address " +
    "src-address-list src-address-type src-mac-address src-port tcp-flags tcp-mss time " +
    "tls-host tos+7.21 ttl",
  "/ip/firewall/mangle":
    "action address-list address-list-timeout chain comment connection-bytes connection-limit " +
    "connection-mark connection-nat-state connection-rate connection-state connection-type " +
    "content disabled dscp dst-address dst-address-list dst-address-type dst-limit dst-port " +
    "fragment hotspot icmp-options in-bridge-port in-bridge-port-list in-interface " +
    "in-interface-list ingress-priority ipsec-policy ipv4-options jump-target layer7-protocol " +
    "limit log log-prefix new-connection-mark new-dscp new-mss new-packet-mark new-priority " +
    "new-routing-mark new-ttl nth out-bridge-port out-bridge-port-list out-interface " +
    "out-interface-list p2p packet-mark packet-size passthrough per-connection-classifier " +
    "port priority protocol psd random realm route-dst routing-mark sniff-id sniff-target " +
    "sniff-target-port src-address src-address-list src-address-type src-mac-address src-port " +
    "tcp-flags tcp-mss time tls-host tos+7.21 ttl",
  "/ip/firewall/nat":
    "action address-list address-list-timeout chain comment connection-bytes connection-limit " +
    "connection-mark connection-rate connection-type content disabled dscp dst-address " +
    "dst-address-list dst-address-type dst-limit dst-port fragment hotspot icmp-options " +
    "in-bridge-port in-bridge-port-list in-interface in-interface-list ingress-priority " +
    "ipsec-policy ipv4-options jump-target layer7-protocol limit log log-prefix nth " +
    "out-bridge-port out-bridge-port-list out-interface out-interface-list packet-mark " +
    "packet-size per-connection-classifier port priority protocol psd random randomise-ports " +
    "realm routing-mark same-not-by-dst socks5-port+7.20 socks5-server+7.20 " +
    "socksify-service+7.20 src-address src-address-list src-address-type src-mac-address " +
    "src-port tcp-mss time tls-host-7.16 to-addresses to-ports tos+7.21 ttl",
  "/ip/firewall/raw":
    "action address-list address-list-timeout chain comment content disabled dscp dst-address " +
    "dst-address-list dst-address-type dst-limit dst-port fragment hotspot icmp-options " +
    "in-bridge-port in-bridge-port-list in-interface in-interface-list ingress-priority " +
    "ipsec-policy ipv4-options jump-target limit log log-prefix nth out-bridge-port " +
    "out-bridge-port-list out-interface out-interface-list packet-mark packet-size " +
    "per-connection-classifier port priority protocol psd random src-address src-address-list " +
    "src-address-type src-mac-address src-port tcp-flags tcp-mss time tls-host tos+7.21 ttl",
  "/ip/neighbor/discovery-settings":
    "add-dns-entries+7.23 add-dns-entries-suffix+7.23 discover-interface-list " +
    "discover-interval+7.16 dying-gasp+7.24 lldp-mac-phy-config+7.16 lldp-max-frame-size+7.16 " +
    "lldp-med+7.23 lldp-med-net-policy-vlan lldp-vlan-info+7.16 mode protocol",
  "/ip/pool": "comment name next-pool ranges",
  "/ip/route": "blackhole check-gateway comment disabled distance dst-address gateway pref-src " +
    "routing-table scope suppress-hw-offload-7.21 target-scope vrf-interface",
  "/ip/service":
    "address available-from+7.24 certificate disabled max-sessions+7.16 port tls-version vrf",
  "/ip/settings": "accept-redirects accept-source-route allow-fast-path arp-timeout " +
    "icmp-errors-use-inbound-interface-address+7.18 icmp-rate-limit icmp-rate-mask ip-forward " +
    "ipv4-fragment-time+7.23 ipv4-high-fragment-thresh+7.23 ipv4-multipath-hash-policy+7.16 " +
    "max-neighbor-entries route-cache-7.16 rp-filter secure-redirects send-redirects " +
    "tcp-syncookies tcp-timestamps+7.18",
  "/ip/ssh":
    "allow-none-crypto-7.18 always-allow-password-login-7.21 ciphers+7.18 forwarding-enabled " +
    "host-key-size host-key-type password-authentication+7.21 " +
    "publickey-authentication-options+7.21 strong-crypto",
  "/ip/upnp": "allow-disable-external-interface enabled show-dummy-rule",
  "/ipv6/address": "address advertise auto-link-local+7.18 comment disabled eui-64 from-pool " +
    "from-pool-policy+7.23 interface no-dad",
  "/ipv6/firewall/address-list": "address comment disabled dynamic list timeout",
  "/ipv6/firewall/filter":
    "action address-list address-list-timeout chain comment connection-bytes connection-limit " +
    "connection-mark connection-nat-state connection-rate connection-state connection-type " +
    "content disabled dscp dst-address dst-address-list dst-address-type dst-limit dst-port " +
    "headers hop-limit icmp-options in-bridge-port in-bridge-port-list in-interface " +
    "in-interface-list ingress-priority ipsec-policy jump-target limit log log-prefix nth " +
    "out-bridge-port out-bridge-port-list out-interface out-interface-list packet-mark " +
    "packet-size per-connection-classifier port priority protocol random reject-with " +
    "routing-mark src-address src-address-list src-address-type src-mac-address src-port " +
    "tcp-flags tcp-mss time tls-host tos+7.21",
  "/ipv6/firewall/nat":
    "action address-list address-list-timeout chain comment connection-bytes connection-limit " +
    "connection-mark connection-rate connection-state connection-type content disabled dscp " +
    "dst-address dst-address-list dst-address-type dst-limit dst-port headers hop-limit " +
    "icmp-options in-bridge-port in-bridge-port-list in-interface in-interface-list " +
    "ingress-priority ipsec-policy jump-target limit log log-prefix nth out-bridge-port " +
    "out-bridge-port-list out-interface out-interface-list packet-mark packet-size " +
    "per-connection-classifier port priority protocol random routing-mark src-address " +
    "src-address-list src-address-type src-mac-address src-port tcp-flags tcp-mss time " +
    "tls-host-7.16 to-address to-ports tos+7.21",
  "/ipv6/nd": "advertise-dns advertise-mac-address comment disabled dns hop-limit interface " +
    "managed-address-configuration mtu other-configuration pref64 ra-delay ra-interval " +
    "ra-lifetime ra-preference reachable-time retransmit-interval",
  "/ipv6/route":
    "blackhole check-gateway comment disabled distance dst-address gateway pref-src+7.20 " +
    "routing-table scope suppress-hw-offload+7.16-7.21 target-scope vrf-interface",
  "/ipv6/settings":
    "accept-redirects accept-router-advertisements accept-router-advertisements-on+7.21 " +
    "allow-fast-path+7.18 disable-ipv6 disable-link-local-address+7.18 forward " +
    "max-neighbor-entries min-neighbor-entries+7.18 multipath-hash-policy+7.16 " +
    "soft-max-neighbor-entries+7.18 stale-neighbor-detect-interval+7.18 " +
    "stale-neighbor-timeout+7.18",
  "/ppp/profile":
    "address-list bridge bridge-horizon bridge-learning bridge-path-cost bridge-port-priority " +
    "bridge-port-trusted+7.18 bridge-port-vid+7.18 change-tcp-mss comment " +
    "dhcpv6-lease-time+7.20 dhcpv6-pd-pool dhcpv6-use-radius+7.20 dns-server idle-timeout " +
    "incoming-filter insert-queue-before interface-list local-address name on-down on-up " +
    "only-one outgoing-filter parent-queue queue-type rate-limit remote-address " +
    "remote-ipv6-prefix-pool remote-ipv6-prefix-reuse+7.20 session-timeout use-compression " +
    "use-encryption use-ipv6 use-mpls use-upnp wins-server",
  "/ppp/secret":
    "caller-id comment disabled ipv6-routes limit-bytes-in limit-bytes-out local-address name " +
    "password profile remote-address remote-ipv6-prefix routes service",
  "/queue/simple":
    "bucket-size burst-limit burst-threshold burst-time comment disabled dst limit-at " +
    "max-limit name packet-marks parent priority queue target time total-bucket-size " +
    "total-burst-limit total-burst-threshold total-burst-time total-limit-at total-max-limit " +
    "total-priority total-queue",
  "/queue/tree":
    "bucket-size burst-limit burst-threshold burst-time comment disabled limit-at max-limit " +
    "name packet-mark parent priority queue",
  "/queue/type":
    "bfifo-limit cake-ack-filter cake-atm cake-autorate-ingress cake-bandwidth cake-diffserv " +
    "cake-flowmode cake-memlimit cake-mpu cake-nat cake-overhead cake-overhead-scheme " +
    "cake-rtt cake-rtt-scheme cake-wash codel-ce-threshold codel-ecn codel-interval " +
    "codel-limit codel-target fq-codel-ce-threshold fq-codel-ecn fq-codel-flows " +
    "fq-codel-interval fq-codel-limit fq-codel-memlimit fq-codel-quantum fq-codel-target kind " +
    "mq-pfifo-limit name pcq-burst-rate pcq-burst-threshold pcq-burst-time pcq-classifier " +
    "pcq-dst-address-mask pcq-dst-address6-mask pcq-limit pcq-rate pcq-src-address-mask " +
    "pcq-src-address6-mask pcq-total-limit pfifo-limit red-avg-packet red-burst red-limit " +
    "red-max-threshold red-min-threshold sfq-allot sfq-perturb",
  "/routing/table": "comment disabled fib name",
  "/snmp": "contact enabled engine-id-suffix location src-address trap-community trap-generators " +
    "trap-interfaces trap-target trap-version vrf",
  "/snmp/community": "addresses authentication-password authentication-protocol comment disabled " +
    "encryption-password encryption-protocol name read-access security write-access",
  "/system/clock": "date time time-zone-autodetect time-zone-name",
  "/system/identity": "name",
  "/system/logging": "action comment+7.23 disabled prefix regex+7.18 topics",
  "/system/logging/action":
    "add-topics-string+7.23 bsd-syslog-7.18 cef-event-delimiter+7.18 check-certificate+7.23 " +
    "comment disk-file-count disk-file-name disk-lines-per-file disk-stop-on-full " +
    "email-cc+7.23 email-start-tls email-to memory-lines memory-stop-on-full name remember " +
    "remote remote-log-format+7.18 remote-port remote-protocol+7.18 script+7.23 src-address " +
    "syslog-facility syslog-severity syslog-time-format target vrf+7.20",
  "/system/note": "note show-at-cli-login+7.16 show-at-login",
  "/system/ntp/client": "enabled mode servers vrf",
  "/system/ntp/client/servers": "address auth-key comment disabled iburst max-poll min-poll",
  "/system/ntp/server":
    "auth-key broadcast broadcast-addresses enabled local-clock-stratum manycast multicast " +
    "use-local-clock vrf",
  "/system/scheduler":
    "comment days+7.24 disabled interval name on-event policy start-date start-time",
  "/system/script": "comment dont-require-permissions name owner policy source",
  "/tool/bandwidth-server":
    "allocate-udp-ports-from allowed-addresses4+7.18 allowed-addresses6+7.18 authenticate " +
    "enabled max-sessions",
  "/tool/e-mail":
    "address-7.16 certificate-verification+7.21 from password port server+7.16 tls user vrf",
  "/tool/mac-server": "allowed-interface-list",
  "/tool/mac-server/mac-winbox": "allowed-interface-list",
  "/tool/netwatch":
    "accept-icmp-time-exceeded+7.16 certificate check-certificate comment disabled " +
    "dns-server+7.16 down-script early-failure-detection+7.20 early-success-detection+7.20 " +
    "host http-codes ignore-initial-down+7.18 ignore-initial-up+7.18 interval name " +
    "packet-count packet-interval packet-size port record-type+7.16 src-address+7.16 " +
    "start-delay startup-delay test-script thr-avg thr-http-time thr-jitter thr-loss-count " +
    "thr-loss-percent thr-max thr-stdev thr-tcp-conn-time timeout ttl+7.16 type up-script",
  "/tool/romon": "enabled id secrets",
  "/user": "address comment disabled group inactivity-policy+7.16 inactivity-timeout+7.16 name " +
    "password",
  "/user/aaa": "accounting default-group exclude-groups interim-update use-radius",
  "/user/group": "comment name policy skin",
};

/** Menus whose properties can be taken away by a command of its own. */
const UNSET = new Set((
  "/interface/bridge+7.23 /interface/bridge/port+7.16 /interface/ethernet " +
  "/interface/bonding /interface/wifi /interface/wifi/security " +
  "/interface/wifi/configuration /interface/wifi/channel /interface/wifi/datapath " +
  "/interface/pppoe-client /ip/dhcp-client /ip/dhcp-server/lease /ip/dhcp-server/network " +
  "/ip/firewall/filter /ip/firewall/mangle /ip/firewall/nat /ip/firewall/raw /ip/route " +
  "/ip/service-7.18 /ipv6/firewall/filter /ipv6/firewall/nat /ipv6/nd+7.23 /ipv6/route " +
  "/ppp/profile /ppp/secret /queue/simple /routing/table /system/scheduler+7.24 " +
  "/system/script+7.24 /tool/netwatch"
).split(" "));

/** Whether a menu has `unset` in a version. */
export function hasUnset(path: string, version: Version): boolean {
  for (const word of UNSET) {
    if (word === path || word.startsWith(`${path}+`) || word.startsWith(`${path}-`)) {
      return namesOf(word, version).includes(path);
    }
  }
  return false;
}

/** Names that only RouterOS 7 knows. */
const SEVEN = new Set([
  "vrf",
  "vrf-interface",
  "routing-table",
  "blackhole",
  "suppress-hw-offload",
]);
const known = new Map<string, string[]>();

/** The arguments of a menu in one version; `undefined` for a menu that is not in the table. */
export function argumentsOf(path: string, version: Version): string[] | undefined {
  const words = ARGUMENTS[path];
  if (words === undefined) return undefined;
  const key = `${path} ${version.text}`;
  let names = known.get(key);
  if (!names) known.set(key, names = words.split(" ").flatMap((word) => namesOf(word, version)));
  return names;
}

function namesOf(word: string, version: Version): string[] {
  const [, name, since, until] = /^(.+?)(?:\+([\d.]+))?(?:-(7\.\d+))?$/.exec(word)!;
  if (version.major === 6) return since || SEVEN.has(name!) ? [] : [name!];
  if (since && !version.atLeast(since)) return [];
  return until && version.atLeast(until) ? [] : [name!];
}
