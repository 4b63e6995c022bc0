import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Score } from "@/components/Score.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { toneOf } from "@/components/Availability.tsx";
import { availability } from "@/core/contract/availability.ts";
import { bps, count } from "@/core/contract/format.ts";
import type { TenantOverview } from "@/core/contract/overview.ts";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";
import { demandOf } from "./permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    demandOf(me, "tenants:read");
    return page(await data(api.fleet.tenants.$get()));
  },
});

export const title = "All tenants";

/** Every tenant's fleet side by side, for who works across them. */
export default define.page<typeof handler>(({ data: { items } }) => {
  const sum = (key: "total" | "online" | "offline") =>
    count(items.reduce((all, tenant) => all + tenant[key], 0));
  return (
    <>
      <PageHeader
        title="All tenants"
        actions={<a class="btn" href="/settings/tenants">Manage tenants</a>}
      >
        {`${count(items.length)} tenants, ${sum("total")} routers: `}
        {`${sum("online")} online, ${sum("offline")} offline. Worst first.`}
      </PageHeader>
      {items.length === 0
        ? <EmptyState title="No tenant">There is no tenant to show.</EmptyState>
        : (
          <ScrollArea label="Tenants">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Tenant</th>
                  <th scope="col" class="num">Routers</th>
                  <th scope="col" class="num">Offline</th>
                  <th scope="col" class="num hidden sm:table-cell">Unknown</th>
                  <th scope="col" class="num">Health</th>
                  <th scope="col" class="num hidden md:table-cell">Available, 24 h</th>
                  <th scope="col" class="num hidden lg:table-cell">Rx</th>
                  <th scope="col" class="num hidden lg:table-cell">Tx</th>
                  <th scope="col" class="hidden sm:table-cell">Worst router</th>
                </tr>
              </thead>
              <tbody>
                {items.map((tenant) => <Row key={tenant.id} {...tenant} />)}
              </tbody>
            </table>
          </ScrollArea>
        )}
      <p class="mt-3 text-sm text-text-3">
        To look inside a tenant, choose it in the menu beside the logo.
      </p>
    </>
  );
});

function Row(tenant: TenantOverview) {
  const { name, isActive, total, offline, unknown, averageHealth, share, worst } = tenant;
  return (
    <tr>
      <td>
        <bdi class="font-medium">{name}</bdi>
        {!isActive && <span class="block text-sm text-warn">Suspended: not polled</span>}
      </td>
      <td class="num">{count(total)}</td>
      <td class={`num ${offline > 0 ? "font-medium text-bad" : ""}`}>{count(offline)}</td>
      <td class={`num hidden sm:table-cell ${unknown > 0 ? "text-warn" : ""}`}>{count(unknown)}</td>
      <td class="num">
        <Score score={averageHealth === null ? null : Math.round(averageHealth)} />
      </td>
      <td class={`num hidden md:table-cell ${toneOf(share)}`}>{availability(share)}</td>
      <td class="num hidden lg:table-cell">{bps(total > 0 ? tenant.rxBps : null)}</td>
      <td class="num hidden lg:table-cell">{bps(total > 0 ? tenant.txBps : null)}</td>
      <td class="hidden sm:table-cell">
        {worst
          ? (
            <>
              <bdi class="line-clamp-1">{worst.name}</bdi>
              <span class="break line-clamp-1 text-sm text-text-2">
                <bdi>{worst.reason ?? `Health ${worst.score}`}</bdi>
              </span>
            </>
          )
          : <span class="text-text-3">{total > 0 ? "All well" : "–"}</span>}
      </td>
    </tr>
  );
}
