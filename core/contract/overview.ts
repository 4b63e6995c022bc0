import { z } from "zod";
import { AvailabilitySlot } from "./availability.ts";
import { DeviceStatus } from "./device.ts";

/** From which figure on a router counts among those with a cause for lost health. */
export const CAUSES = {
  offline: { label: "Offline", query: "status:offline", sort: "status" },
  cpu: { label: "CPU above 80 %", query: "health:<100", sort: "cpu" },
  memory: { label: "Memory above 85 %", query: "health:<100", sort: "memory" },
  disk: { label: "Disk above 90 %", query: "health:<100", sort: "health" },
  temperature: { label: "Hotter than 65 °C", query: "health:<100", sort: "temperature" },
  other: { label: "Something else", query: "health:<100", sort: "health" },
} as const;
export type Cause = keyof typeof CAUSES;

/** When a radio needs somebody. Each is told on the page with the figure that met it. */
export const RADIO_RULES = {
  /** Average over its clients, in dBm. */
  weakestSignal: -75,
  /** CCQ in percent, where the driver has it. */
  lowestCcq: 60,
  /** In dBm; above it the band is full of something else. */
  loudestNoise: -85,
  /** Clients an hour ago, from which on a loss is told … */
  clientsBefore: 5,
  /** … and the share of them that is left at most. */
  clientsLeft: 0.5,
} as const;

export const RadioTrouble = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  interface: z.string(),
  ssid: z.string().nullable(),
  clients: z.number(),
  clientsBefore: z.number().nullable(),
  signalDbm: z.number().nullable(),
  ccqPercent: z.number().nullable(),
  noiseDbm: z.number().nullable(),
});
export type RadioTrouble = z.infer<typeof RadioTrouble>;

/** Why a radio is in the list, worst first, in words. */
export function radioReasons(radio: RadioTrouble): string[] {
  const { signalDbm, ccqPercent, noiseDbm, clients, clientsBefore } = radio;
  const minus = (dbm: number) => `−${Math.abs(Math.round(dbm))} dBm`;
  return [
    ...(clientsBefore !== null && clientsBefore >= RADIO_RULES.clientsBefore &&
        clients <= clientsBefore * RADIO_RULES.clientsLeft
      ? [`${Math.round(clients)} of the ${Math.round(clientsBefore)} clients of an hour ago`]
      : []),
    ...(signalDbm !== null && signalDbm < RADIO_RULES.weakestSignal
      ? [`Weak signal: ${minus(signalDbm)} on average`]
      : []),
    ...(ccqPercent !== null && ccqPercent < RADIO_RULES.lowestCcq
      ? [`CCQ ${Math.round(ccqPercent)} %`]
      : []),
    ...(noiseDbm !== null && noiseDbm > RADIO_RULES.loudestNoise
      ? [`Noise ${minus(noiseDbm)}`]
      : []),
  ];
}

export const FleetSummary = z.object({
  /** When these figures were true. */
  at: z.iso.datetime(),
  total: z.number(),
  online: z.number(),
  offline: z.number(),
  unknown: z.number(),
  pending: z.number(),
  disabled: z.number(),
  rxBps: z.number(),
  txBps: z.number(),
  wirelessClients: z.number(),
  averageHealth: z.number().nullable(),
  /** Routers by score: good from 90 on, fair from 60 on, poor below. */
  health: z.object({ good: z.number(), fair: z.number(), poor: z.number() }),
  /** Routers by what costs them health; one may have several. */
  causes: z.array(z.object({
    cause: z.enum(Object.keys(CAUSES) as [Cause, ...Cause[]]),
    devices: z.number(),
  })),
  versions: z.array(z.object({ version: z.string(), devices: z.number() })),
  worst: z.array(z.object({
    id: z.uuid(),
    name: z.string(),
    site: z.string().nullable(),
    status: DeviceStatus,
    healthScore: z.number().nullable(),
    healthReasons: z.array(z.string()),
    /** Shares of the last 48 half hours that it was there, oldest first; `null`: not measured. */
    day: z.array(z.number().nullable()),
  })),
  /** Sites with trouble, worst first. */
  sites: z.array(z.object({
    id: z.uuid(),
    path: z.string(),
    devices: z.number(),
    offline: z.number(),
    averageHealth: z.number().nullable(),
  })),
  radios: z.object({
    /** Start of the five minutes that were looked at; `null`: nothing was measured yet. */
    from: z.iso.datetime().nullable(),
    total: z.number(),
    items: z.array(RadioTrouble),
  }),
  /** What of the query was not understood. */
  problems: z.array(z.string()),
});
export type FleetSummary = z.infer<typeof FleetSummary>;

export const TREND_SPANS = [
  { label: "24 hours", hours: 24 },
  { label: "7 days", hours: 7 * 24 },
  { label: "30 days", hours: 30 * 24 },
] as const;

export const FleetTrends = z.object({
  hours: z.number(),
  /** Of the measured time of all routers together; `null`: nothing was measured. */
  share: z.number().nullable(),
  availability: z.array(AvailabilitySlot),
  /** Noted every five minutes for the fleet and each site; `null`: not kept for this query. */
  traffic: z.object({
    /** Seconds since 1970. */
    times: z.array(z.number()),
    rxBps: z.array(z.number().nullable()),
    txBps: z.array(z.number().nullable()),
    wirelessClients: z.array(z.number().nullable()),
  }).nullable(),
});
export type FleetTrends = z.infer<typeof FleetTrends>;

/** A tenant in the overview of whoever works across them. */
export const TenantOverview = z.object({
  id: z.uuid(),
  name: z.string(),
  isActive: z.boolean(),
  total: z.number(),
  online: z.number(),
  offline: z.number(),
  unknown: z.number(),
  rxBps: z.number(),
  txBps: z.number(),
  averageHealth: z.number().nullable(),
  /** Of the last 24 hours. */
  share: z.number().nullable(),
  worst: z.object({ name: z.string(), score: z.number(), reason: z.string().nullable() })
    .nullable(),
});
export type TenantOverview = z.infer<typeof TenantOverview>;
