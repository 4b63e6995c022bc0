import { PageHeader } from "@/components/PageHeader.tsx";
import { SITE_SEPARATOR, siteFilter, siteParts } from "@/core/contract/sites.ts";
import SitePlan from "@/islands/sites/SitePlan.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

/** Routers shown of one place; more stand behind the link to the fleet. */
const MOST = 200;

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [site, { items: sectors }] = await Promise.all([
      data(api.sites[":id"].$get({ param })),
      data(api.sites[":id"].sectors.$get({ param })),
    ]);
    const asked = { q: `site:=${site.id}`, sort: "name" as const, limit: String(MOST) };
    const list = may(me, "devices:read")
      ? await data(api.devices.$get({ query: asked }))
      : { items: [], total: 0 };
    return page({
      ...{ site, sectors, devices: list.items, total: list.total },
      reload: `/api/devices?${new URLSearchParams(asked)}`,
      mayWrite: may(me, "sites:write"),
      mayPlace: may(me, "devices:write"),
    });
  },
});

export const title = ({ site }: { site: { name: string } }) => site.name;

export default define.page<typeof handler>(({ data }) => {
  const { site, sectors, devices, total, reload, mayWrite, mayPlace } = data;
  const above = siteParts(site.path).slice(0, -1).join(SITE_SEPARATOR);
  return (
    <>
      <PageHeader
        title={site.name}
        actions={
          <>
            <a class="btn" href={`/devices?${new URLSearchParams({ q: siteFilter(site) })}`}>
              Routers here and below
            </a>
            <a class="btn" href="/sites">All sites</a>
          </>
        }
      >
        {above && (
          <div class="break">
            Below <bdi>{above}</bdi>
          </div>
        )}
        {site.address && (
          <div class="break">
            <bdi>{site.address}</bdi>
          </div>
        )}
        {site.latitude !== null && site.longitude !== null && (
          <div class="mono">{site.latitude.toFixed(5)}, {site.longitude.toFixed(5)}</div>
        )}
        {site.notes && (
          <div class="break mt-1 whitespace-pre-line">
            <bdi>{site.notes}</bdi>
          </div>
        )}
      </PageHeader>
      <SitePlan
        siteId={site.id}
        initial={{ sectors, devices }}
        {...{ reload, total, mayWrite, mayPlace }}
      />
    </>
  );
});
