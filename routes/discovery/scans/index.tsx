import { PageHeader } from "@/components/PageHeader.tsx";
import { ScanStatus } from "@/components/ScanStatus.tsx";
import { ago, count } from "@/core/contract/format.ts";
import StartScan from "@/islands/discovery/StartScan.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { DiscoveryTabs } from "../(_components)/DiscoveryTabs.tsx";

export const handler = define.handlers({
  async GET({ state: { api } }) {
    const { items } = await data(api.discovery.scans.$get());
    return page({ scans: items, renderedAt: Date.now() });
  },
});

export const title = "Scans";

export default define.page<typeof handler>(({ data: { scans, renderedAt } }) => (
  <>
    <PageHeader title="Discovery">
      A poller knocks at the ports of RouterOS at each address of a range. Nothing is logged in to.
    </PageHeader>
    <DiscoveryTabs tab="Scans" />
    <StartScan />
    <h2 class="mt-6 mb-2 font-semibold">Scans so far</h2>
    {scans.length === 0
      ? (
        <p class="panel p-6 text-center text-text-2">
          No scan yet. Begin with the network that your routers are managed in.
        </p>
      )
      : (
        <div class="panel table-scroll">
          <table class="table" data-testid="scans">
            <thead>
              <tr>
                <th scope="col">Addresses</th>
                <th scope="col">State</th>
                <th scope="col" class="num">Found</th>
                <th scope="col" class="hidden md:table-cell">Region</th>
                <th scope="col" class="hidden sm:table-cell">Begun</th>
                <th scope="col" class="hidden lg:table-cell">By</th>
              </tr>
            </thead>
            <tbody>
              {scans.map((scan) => (
                <tr key={scan.id}>
                  <th scope="row">
                    <a class="break mono underline" href={`/discovery/scans/${scan.id}`}>
                      {scan.targets.length > 80 ? `${scan.targets.slice(0, 80)}…` : scan.targets}
                    </a>
                  </th>
                  <td>
                    <ScanStatus scan={scan} />
                  </td>
                  <td class="num">{count(scan.found)}</td>
                  <td class="hidden md:table-cell">{scan.region}</td>
                  <td class="hidden whitespace-nowrap sm:table-cell">
                    {ago(scan.startedAt, renderedAt)}
                  </td>
                  <td class="break hidden lg:table-cell">
                    <bdi>{scan.startedBy ?? "–"}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
  </>
));
