import type { DeviceSample, WirelessClient } from "@/core/contract/sample.ts";
import { makeInterface } from "./samples.ts";

const client = (signalDbm: number): WirelessClient => ({
  ...{ interface: "wlan1", macAddress: "02:00:00:00:00:01", ssid: "a", signalDbm, snrDb: 40 },
  ...{ ccqPercent: null, txRateBps: null, rxRateBps: null, uptimeSeconds: null, lastIp: null },
});

/** Everything that a router can be asked, once a minute; the counters grow evenly. */
export function everything(minute: number): Partial<DeviceSample> {
  const packets = { rxPackets: `${minute * 600}`, txPackets: `${minute * 1_200}` };
  const wrong = { rxErrors: `${minute * 60}`, txErrors: "0", rxDrops: `${minute * 120}` };
  return {
    interfaces: [
      makeInterface("ether1", minute * 7_500_000, minute * 15_000_000, { ...packets, ...wrong }),
      makeInterface("ether10", minute * 7_500_000, minute * 75_000_000, { speedBps: 1e8 }),
      makeInterface("bridge", minute * 99_000_000, 0, { type: "bridge", speedBps: null }),
    ],
    wireless: {
      drivers: ["wireless"],
      radios: [{
        ...{ interface: "wlan1", ssid: "a", band: null, channel: null, frequencyMhz: 5_500 },
        ...{ noiseDbm: -104, ccqPercent: 91, clients: 2 },
      }],
      clients: [client(-50), client(-70)],
    },
    sensors: [
      { name: "cpu-temperature", kind: "temperature", value: 51, state: null },
      { name: "voltage", kind: "voltage", value: 24.5, state: null },
      { name: "current", kind: "current", value: 0.8, state: null },
      { name: "power-consumption", kind: "power", value: 19, state: null },
      { name: "fan1-speed", kind: "fan", value: 4_200, state: null },
      { name: "psu1-state", kind: "state", value: null, state: "ok" },
      { name: "psu2-state", kind: "state", value: null, state: "fail" },
    ],
    counts: {
      ...{ connections: 812, pppActive: 7, dhcpLeases: 33, dhcpLeasesBound: 30, arpEntries: 40 },
    },
    poe: [{
      ...{ interface: "ether5", status: "powered-on", voltageV: 23.9, currentMa: 210, powerW: 5 },
    }],
    optics: [{
      ...{ interface: "sfp1", isPresent: true, type: null, vendor: null, partNumber: null },
      ...{ serial: null, wavelengthNm: 1_310, temperatureC: 38, supplyVoltageV: 3.3 },
      ...{ biasCurrentMa: 20, txPowerDbm: -5.5, rxPowerDbm: -12.5, rxLoss: false, txFault: false },
    }],
  };
}
