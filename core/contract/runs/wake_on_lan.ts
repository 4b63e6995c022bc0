import { z } from "zod";
import { InterfaceName } from "./addresses.ts";
import type { RunKind } from "./kind.ts";

const MAC = /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/;

/** A MAC address in any usual form; as a router writes it. */
const Mac = z.string().max(40)
  .transform((text) =>
    text.replaceAll(/[\s.:-]/g, "").toUpperCase().match(/.{1,2}/g)?.join(":") ?? ""
  )
  .refine((mac) => MAC.test(mac), "must be a MAC address such as 48:A9:8A:00:11:22");

export const WakeOnLanParams = z.strictObject({
  mac: Mac,
  /** Where the sleeping machine is. */
  interface: InterfaceName,
});
export type WakeOnLanParams = z.infer<typeof WakeOnLanParams>;

export const wakeOnLan = {
  title: "Wake-on-LAN",
  permission: "tools:run",
  target: "device",
  params: WakeOnLanParams,
  output: "rows",
  maxSeconds: 20,
  maxRowsPerSecond: 10,
} as const satisfies RunKind;
