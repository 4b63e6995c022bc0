import { equal } from "node:assert/strict";
import * as format from "./format.ts";

for (
  const [got, want] of [
    [format.bytes(1_536), "1.50 KiB"],
    [format.bytes(0), "0 B"],
    [format.bytes(null), "–"],
    [format.bps(1_500_000), "1.50 Mbps"],
    [format.bps(999), "999 bps"],
    [format.bps(123_456_789), "123 Mbps"],
    [format.percent(12.4), "12 %"],
    [format.dbm(-67), "−67 dBm"],
    [format.duration(93_784), "1 d 2 h"],
    [format.duration(59), "59 s"],
    [format.duration(3_600), "1 h"],
    [format.duration(undefined), "–"],
    [format.ago("2026-01-01T00:00:00.000Z", Date.parse("2026-01-01T00:02:05Z")), "2 min ago"],
    [format.ago(null, 0), "never"],
    [format.utc("2026-01-31T12:00:00.123Z"), "2026-01-31 12:00:00 UTC"],
    [format.perSecond(0.25), "0.25/s"],
    [format.ampere(0.21), "210 mA"],
    [format.byUnit("percent")(0.42), "0.4 %"],
    [format.byUnit("percent")(42.4), "42 %"],
    [format.byUnit("watt")(5), "5.0 W"],
    [format.byUnit("rpm")(4_200), "4,200 RPM"],
    [format.milliseconds(1_250), "1.3 s"],
  ] as const
) {
  Deno.test(`format shows ${want}`, () => equal(got, want));
}
