/** A kind of line that comes and goes without anybody's doing. */
export interface VolatileRule {
  readonly where: "header" | "remark";
  readonly pattern: RegExp;
  /** How such a line looks. */
  readonly example: string;
  readonly reason: string;
}

/**
 * What two readings of the same configuration differ in, the first rule that fits. Headers and remarks
 * are never compared; the list says why, and what a remark was about where that is known.
 */
export const VOLATILE_RULES: readonly VolatileRule[] = [
  {
    where: "header",
    pattern: /^\S+ \d\d:\d\d:\d\d by RouterOS /,
    example: "# 2026-03-11 12:00:00 by RouterOS 7.18.2",
    reason: "Date and time of the reading. The version is kept beside the text.",
  },
  {
    where: "header",
    pattern: /^software id\s*=/,
    example: "# software id = ABCD-1234",
    reason: "Belongs to the licence and its disk, not to the configuration.",
  },
  {
    where: "header",
    pattern: /^(?:model|serial number)\s*=/,
    example: "# serial number = HEX0000TEST",
    reason: "Says which unit it is: a replaced unit holds the same configuration.",
  },
  {
    where: "remark",
    pattern: /inactive time/,
    example: "# inactive time",
    reason: "A schedule that is off at this hour.",
  },
  {
    where: "remark",
    pattern: /received packet from .* bad format/,
    example: "# received packet from 192.0.2.1 bad format",
    reason: "VRRP met a packet of somebody else.",
  },
  {
    where: "remark",
    pattern: /^poe-out status:/,
    example: "# poe-out status: short_circuit",
    reason: "State of a PoE port at that moment.",
  },
  {
    where: "remark",
    pattern: /upgraded successfully|please (?:reboot|restart)|restart the device/i,
    example: "# Firmware upgraded successfully, please reboot for changes to take effect!",
    reason: "A restart is pending.",
  },
  {
    where: "remark",
    pattern: /not ready|not running|inactive|invalid/i,
    example: "# lte1 not ready",
    reason: "State of an interface or item at that moment.",
  },
  {
    where: "remark",
    pattern: /can not run on slave interface|is slave/i,
    example: "# DHCP server can not run on slave interface!",
    reason: "A service waits for its interface; what is set stands in the line below.",
  },
  {
    where: "remark",
    pattern: /device-mode/,
    example: "# inactivated, not allowed by device-mode",
    reason: "What the device mode forbids; what is set stands in the line below.",
  },
  {
    where: "remark",
    pattern: /(?:)/,
    example: "# (any other remark)",
    reason: "RouterOS remarks on the state of what follows; settings are never in remarks.",
  },
];

/** Why a comment line of an export (without its `# `) is not compared. */
export function volatileReason(where: VolatileRule["where"], text: string): string | undefined {
  return VOLATILE_RULES.find((rule) => rule.where === where && rule.pattern.test(text))?.reason;
}
