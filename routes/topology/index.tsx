import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { DEVICE_STATUSES } from "@/core/contract/device.ts";
import Topology, { type TopologyQuery } from "@/islands/topology/Topology.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { demandOf, may } from "../permit.ts";

const STATUSES = [...DEVICE_STATUSES, "disabled"] as const;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    demandOf(me, "topology:read");
    const { total } = await data(api.devices.$get({ query: { limit: "1" } }));
    const text = (name: string) => url.searchParams.get(name)?.slice(0, 300) || undefined;
    const query: TopologyQuery = {
      site: text("site"),
      status: STATUSES.find((one) => one === text("status")),
      unmanaged: text("unmanaged") !== "0",
      grouped: text("grouped") === undefined ? undefined : text("grouped") === "1",
      open: url.searchParams.get("open")?.slice(0, 4_000).split(",").filter(Boolean) ?? [],
      from: text("from"),
      to: text("to"),
    };
    return page({
      total,
      query,
      mayArrange: may(me, "topology:write"),
      mayAdopt: may(me, "devices:write"),
    });
  },
});

export const title = "Topology";

export default define.page<typeof handler>(({ data: { total, ...rest } }) => (
  <>
    <PageHeader title="Topology">
      Who is linked to whom, as routers themselves say by LLDP, CDP and MNDP.
    </PageHeader>
    {total === 0
      ? (
        <EmptyState
          title="No router yet"
          {...(rest.mayAdopt && { action: { href: "/devices/new", label: "Add router" } })}
        >
          The picture draws itself from what routers tell of their neighbours. Add the first one.
        </EmptyState>
      )
      : <Topology {...rest} />}
  </>
));
