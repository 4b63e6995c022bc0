import { z } from "zod";

/** A MAC address as people write it: `aa:bb:cc:dd:ee:ff`, `AA-BB-…`, `aabb.ccdd.eeff`, `aabbccddeeff`. */
export function parseMac(text: string): string | undefined {
  const digits = macDigits(text);
  return digits?.length === 12 ? digits.match(/../g)!.join(":") : undefined;
}

/**
 * The hexadecimal digits of a MAC address or of a part of one, upper case; `undefined` if it is neither.
 */
export function macDigits(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^[0-9a-f]+(?:[:.-][0-9a-f]+)*[:.-]?$/i.test(trimmed)) return undefined;
  // "a:b:c" leaves zeros out: that is how some systems print.
  const digits = /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2})+:?$/i.test(trimmed)
    ? trimmed.split(":").map((part) => part && part.padStart(2, "0")).join("")
    : trimmed.replaceAll(/[:.-]/g, "");
  return digits.length >= 4 && digits.length <= 12 ? digits.toUpperCase() : undefined;
}

export const MacAddress = z.string().max(40).refine(
  (text) => parseMac(text) !== undefined,
  "must be a MAC address such as AA:BB:CC:DD:EE:FF",
);

/**
 * `router`: an interface of a managed router. `neighbour`: it announces itself by LLDP, CDP or MNDP, as
 * switches and access points do. `client`: anything else.
 */
export const CLIENT_KINDS = ["client", "neighbour", "router"] as const;
export const ClientKind = z.enum(CLIENT_KINDS);
export type ClientKind = z.infer<typeof ClientKind>;

const identity = {
  /** Of the registry of the IEEE; `null`: not in it, or chosen at random. */
  vendor: z.string().nullable(),
  /** Locally administered: most phones and laptops choose a new one for each network. */
  isRandom: z.boolean(),
  kind: ClientKind,
  /** Host name, else PPP login, else what it announces. */
  name: z.string().nullable(),
};
const place = {
  /** Radio, bridge port, or the interface that has its address. */
  interface: z.string().nullable(),
  ssid: z.string().nullable(),
  vlan: z.int().nullable(),
  isWireless: z.boolean(),
};

/** One device on one router, as the router told last. */
export const DeviceClient = z.object({
  ...identity,
  ...place,
  /** `null` for a tunnel. */
  macAddress: z.string().nullable(),
  addresses: z.array(z.string()),
  comment: z.string().nullable(),
  isHere: z.boolean(),
  signalDbm: z.number().nullable(),
  snrDb: z.number().nullable(),
  ccqPercent: z.number().nullable(),
  txRateBps: z.number().nullable(),
  rxRateBps: z.number().nullable(),
  /** On this radio, or in this PPP session. */
  connectedSeconds: z.number().nullable(),
  lease: z.object({ status: z.string(), isReserved: z.boolean() }).nullable(),
  ppp: z.object({ name: z.string(), service: z.string() }).nullable(),
});
export type DeviceClient = z.infer<typeof DeviceClient>;

export const DEVICE_CLIENT_SORTS = ["name", "address", "interface", "signal"] as const;
export type DeviceClientSort = typeof DEVICE_CLIENT_SORTS[number];

export const DeviceClientPage = z.object({
  items: z.array(DeviceClient),
  nextCursor: z.string().nullable(),
  /** That fit the search. */
  total: z.int(),
  /** Of all on this router. */
  counts: z.object({ here: z.int(), wireless: z.int(), wired: z.int(), remembered: z.int() }),
  /** The router has more than is read of it. */
  isCut: z.boolean(),
  /** When addresses and ports were read; radios are read at every poll. */
  sampledAt: z.iso.datetime().nullable(),
});
export type DeviceClientPage = z.infer<typeof DeviceClientPage>;

/** A device behind the fleet's routers, at the best place known of it. */
export const Client = z.object({
  ...identity,
  ...place,
  macAddress: z.string(),
  addresses: z.array(z.string()),
  /** Where it is, or was last. */
  device: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Some router has it in its tables now. */
  isHere: z.boolean(),
  firstSeen: z.iso.datetime(),
  /** Right to a quarter of an hour while it stays, exact once it left. */
  lastSeen: z.iso.datetime(),
});
export type Client = z.infer<typeof Client>;

export const CLIENT_SORTS = ["new", "name", "ip", "mac"] as const;
export type ClientSort = typeof CLIENT_SORTS[number];

export const ClientPage = z.object({
  items: z.array(Client),
  nextCursor: z.string().nullable(),
  /** That fit; counting ends at 1,000. */
  total: z.int(),
  hasMore: z.boolean(),
  /** What of the query was not understood. */
  problems: z.array(z.string()),
});
export type ClientPage = z.infer<typeof ClientPage>;

/** A stay at one place. */
export const ClientSighting = z.object({
  ...place,
  device: z.object({ id: z.uuid(), name: z.string() }),
  address: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** It has not left since. */
  isOpen: z.boolean(),
});
export type ClientSighting = z.infer<typeof ClientSighting>;

export const ClientSightingPage = z.object({
  items: z.array(ClientSighting),
  nextCursor: z.string().nullable(),
});
export type ClientSightingPage = z.infer<typeof ClientSightingPage>;

export const ClientDetail = z.object({
  client: Client,
  /** What each router that has it now tells of it, the best place first. */
  now: z.array(z.object({
    device: z.object({ id: z.uuid(), name: z.string() }),
    reading: DeviceClient,
  })),
});
export type ClientDetail = z.infer<typeof ClientDetail>;
