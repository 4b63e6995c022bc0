import { EmptyState } from "@/components/EmptyState.tsx";
import type { DeviceState, InterfaceState } from "@/core/contract/device.ts";
import type { Choices } from "@/islands/tools/(_components)/FieldControl.tsx";
import { type Tool, TOOLS } from "@/islands/tools/tool_fields.ts";
import Tools from "@/islands/tools/Tools.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

const MAX_HOSTS = 100;

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [device, state] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].state.$get({ param })),
    ]);
    const wanted = url.searchParams.get("tool") as Tool | null;
    return page({
      mayEdit: may(me, "devices:write"),
      mayRun: may(me, "tools:run"),
      device,
      choices: choicesOf(state),
      tool: wanted && TOOLS.includes(wanted) ? wanted : TOOLS[0]!,
      renderedAt: Date.now(),
    });
  },
});

/** Interfaces by what passes them, as that is where somebody looks; neighbours with an address. */
function choicesOf(state: DeviceState): Choices {
  const load = ({ rxBps, txBps }: InterfaceState) => (rxBps ?? 0) + (txBps ?? 0);
  const interfaces = (state.interfaces?.data ?? [])
    .filter(({ isDisabled }) => !isDisabled)
    .toSorted((a, b) => Number(b.isRunning) - Number(a.isRunning) || load(b) - load(a))
    .map(({ name, isRunning }) => ({ name, isRunning }));
  const hosts = new Map<string, string>();
  for (const { address, identity } of state.neighbors?.data ?? []) {
    if (address && hosts.size < MAX_HOSTS) hosts.set(address, identity ?? "neighbour");
  }
  return { interfaces, hosts: Array.from(hosts, ([address, label]) => ({ address, label })) };
}

export const title = ({ device }: { device: { name: string } }) => `Tools on ${device.name}`;

export default define.page<typeof handler>((
  { data: { mayEdit, mayRun, device, choices, tool, renderedAt } },
) => (
  <DeviceFrame mayEdit={mayEdit} device={device} tab="Tools" renderedAt={renderedAt}>
    {mayRun
      ? <Tools deviceId={device.id} choices={choices} initial={tool} />
      : (
        <EmptyState title="Tools are for operators">
          They send traffic from the router, so they need the permission tools:run. Ask an
          administrator of your organisation.
        </EmptyState>
      )}
  </DeviceFrame>
));
