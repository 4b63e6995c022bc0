import { count, duration, UNKNOWN } from "@/core/contract/format.ts";
import { page } from "@/web/define.ts";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [device, state] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].state.$get({ param })),
    ]);
    const { neighbors, peers, routes, counts } = state;
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      neighbors,
      peers,
      routes,
      counts,
      renderedAt: Date.now(),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Network of ${device.name}`;

const COUNTS = [
  ["dhcpLeases", "DHCP leases"],
  ["dhcpLeasesBound", "DHCP leases bound"],
  ["arpEntries", "ARP entries"],
  ["connections", "Tracked connections"],
  ["pppActive", "PPP sessions"],
] as const;
const ROUTES = [
  ["total", "Routes"],
  ["active", "Active"],
  ["static", "Static"],
  ["connected", "Connected"],
  ["bgp", "BGP"],
  ["ospf", "OSPF"],
] as const;

export default define.page<typeof handler>(({ data }) => {
  const { mayEdit, device, neighbors, peers, routes, counts, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Network" renderedAt={renderedAt}>
      <div class="grid gap-4 lg:grid-cols-2">
        <Figures title="Sessions and leases" rows={COUNTS} values={counts?.data ?? {}} />
        <Figures title="Routing table" rows={ROUTES} values={routes?.data ?? {}} />
      </div>
      <h2 class="mt-6 mb-2 text-lg">BGP and OSPF</h2>
      {peers === null || peers.data.length === 0
        ? <p class="text-text-2">No routing session is configured.</p>
        : (
          <ScrollArea label="Routing sessions">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Session</th>
                  <th scope="col">Protocol</th>
                  <th scope="col">State</th>
                  <th scope="col">Remote address</th>
                  <th scope="col" class="num">AS</th>
                  <th scope="col" class="num">Prefixes</th>
                  <th scope="col" class="num">Up for</th>
                </tr>
              </thead>
              <tbody>
                {peers.data.map((peer) => (
                  <tr key={peer.protocol + peer.name}>
                    <td class="font-medium">
                      <bdi>{peer.name}</bdi>
                    </td>
                    <td>{peer.protocol.toUpperCase()}</td>
                    <td class={peer.isUp ? "text-ok" : "text-bad"}>{peer.state}</td>
                    <td class="mono">{peer.remoteAddress ?? ""}</td>
                    <td class="num">{peer.remoteAs ?? ""}</td>
                    <td class="num">{count(peer.prefixes)}</td>
                    <td class="num">{duration(peer.uptimeSeconds)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
      <h2 class="mt-6 mb-2 text-lg">Neighbours</h2>
      {neighbors === null || neighbors.data.length === 0
        ? <p class="text-text-2">No neighbour was seen.</p>
        : (
          <ScrollArea label="Neighbours">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Identity</th>
                  <th scope="col">On interface</th>
                  <th scope="col">Its interface</th>
                  <th scope="col">Address</th>
                  <th scope="col">Platform</th>
                  <th scope="col">Version</th>
                </tr>
              </thead>
              <tbody>
                {neighbors.data.map((neighbor, index) => (
                  <tr key={index}>
                    <td class="font-medium">
                      <bdi>{neighbor.identity ?? neighbor.macAddress}</bdi>
                    </td>
                    <td>{neighbor.interface}</td>
                    <td>
                      <bdi>{neighbor.remoteInterface ?? ""}</bdi>
                    </td>
                    <td class="mono">{neighbor.address ?? ""}</td>
                    <td>{neighbor.board ?? neighbor.platform ?? ""}</td>
                    <td>{neighbor.version ?? ""}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollArea>
        )}
    </DeviceFrame>
  );
});

function Figures({ title, rows, values }: {
  title: string;
  rows: readonly (readonly [string, string])[];
  values: Record<string, number | null>;
}) {
  return (
    <section class="panel p-4">
      <h2 class="mb-2 font-semibold">{title}</h2>
      <dl class="grid grid-cols-2 gap-y-1.5 sm:grid-cols-3">
        {rows.map(([key, label]) => (
          <div key={key}>
            <dt class="text-xs text-text-3">{label}</dt>
            <dd>{values[key] === undefined ? UNKNOWN : count(values[key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
