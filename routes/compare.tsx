import { Comparison, MAX_COMPARED } from "@/core/contract/charts.ts";
import { readTimeRange } from "@/core/contract/time_range.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import Compare from "@/islands/charts/Compare.tsx";
import { HttpError, page } from "@/web/define.ts";
import { define } from "./define.ts";
import { readDevice } from "./devices/read_device.ts";
import { demandOf } from "./permit.ts";

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    demandOf(me, "metrics:read");
    const query = url.searchParams;
    const ids = [...new Set((query.get("ids") ?? "").split(",").filter(Boolean))]
      .slice(0, MAX_COMPARED);
    // One that was removed since the link was made is left out.
    const found = await Promise.all(ids.map((id) => readDevice(api, id).catch(noneOf404)));
    const devices = found.flatMap((device) => device ? [{ id: device.id, name: device.name }] : []);
    const chart = Comparison.safeParse(query.get("chart")).data ?? "cpu";
    return page({
      devices,
      missing: ids.length - devices.length,
      chart,
      range: readTimeRange(query, "24h"),
    });
  },
});

function noneOf404(error: unknown): undefined {
  if (!(error instanceof HttpError) || error.status !== 404) throw error;
}

export const title = "Compare routers";

export default define.page<typeof handler>(({ data: { devices, missing, chart, range } }) => (
  <>
    <PageHeader title="Compare routers">
      One line a router, up to {MAX_COMPARED} side by side.
    </PageHeader>
    {missing > 0 && (
      <p class="mb-3 text-warn" role="status">
        {missing === 1 ? "A router of this link is" : `${missing} routers of this link are`}{" "}
        not in the fleet any more.
      </p>
    )}
    <Compare devices={devices} chart={chart} range={range} />
  </>
));
