import type { WakeOnLanParams } from "@/core/contract/runs/wake_on_lan.ts";
import { routerCommand } from "../router_command.ts";

/** `/tool/wol`: the router sends the packet and says no more; whether somebody woke, it cannot know. */
export const wakeOnLan = routerCommand<WakeOnLanParams>({
  words: ({ mac, interface: name }) => ({
    command: "/tool/wol",
    attributes: { mac, interface: name },
  }),
  row: () => undefined,
  answer: (_, { params }) => ({ mac: params.mac, interface: params.interface, isSent: true }),
});
