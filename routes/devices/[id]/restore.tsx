import { EmptyState } from "@/components/EmptyState.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { local } from "@/core/contract/zone_time.ts";
import RestorePlanner from "@/islands/restores/RestorePlanner.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const of = url.searchParams.get("of");
    const sourceId = of !== null && UUID.test(of) && of !== id ? of : null;
    const [device, source, { items }] = await Promise.all([
      readDevice(api, id),
      sourceId === null ? null : readDevice(api, sourceId),
      data(api.devices[":id"].configs.$get({ param: { id: sourceId ?? id } })),
    ]);
    const wanted = url.searchParams.get("version");
    const version = items.find(({ id }) => id === wanted);
    const mayPush = may(me, "configs:push");
    const model = (source ?? device).model;
    const twins = version && mayPush && model !== null
      ? await data(api.devices.$get({ query: { q: `model:"${model}"`, limit: "50" } }))
      : undefined;
    return page({
      ...{ device, source, versions: items, version, renderedAt: Date.now() },
      twins: (twins?.items ?? []).filter((one) => one.id !== id),
      mayEdit: may(me, "devices:write"),
      mayPush,
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Restore ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, source, versions, version, twins, mayEdit, mayPush, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Config" renderedAt={renderedAt}>
      <h2 class="mb-1 text-lg">Restore</h2>
      {!mayPush
        ? <p class="panel p-4">Your role may not change configurations of routers.</p>
        : version
        ? (
          <>
            <p class="mb-3 text-text-2">
              To the configuration of <When at={version.takenAt} />
              {source && (
                <>
                  {" of "}
                  <a class="text-accent underline" href={`/devices/${source.id}`}>
                    <bdi class="break">{source.name}</bdi>
                  </a>
                </>
              )} ·{" "}
              <a class="text-accent underline" href={source ? `?of=${source.id}` : "?"}>
                Other versions
              </a>
            </p>
            {version.failedMenus.length > 0
              ? (
                <p class="rounded-panel border border-warn bg-warn-soft px-4 py-3">
                  The router could not export {version.failedMenus.join(", ")}{" "}
                  then: this is no whole configuration, so it cannot be restored. Choose another
                  version.
                </p>
              )
              : (
                <RestorePlanner
                  deviceId={device.id}
                  source={{ versionId: version.id, sourceId: source?.id ?? null }}
                />
              )}
            {twins.length > 0 && version.failedMenus.length === 0 && (
              <details class="panel mt-6">
                <summary class="px-4 py-2">Restore it to another router of the same model</summary>
                <ul class="divide-y divide-line border-t border-line">
                  {twins.map((twin) => (
                    <li key={twin.id} class="px-4 py-2">
                      <a
                        class="text-accent underline"
                        href={`/devices/${twin.id}/restore?version=${version.id}&of=${
                          (source ?? device).id
                        }`}
                      >
                        <bdi class="break">{twin.name}</bdi>
                      </a>
                    </li>
                  ))}
                </ul>
              </details>
            )}
            <p class="mt-6 text-sm text-text-2">
              An export holds no users, certificates, files and licences: these stay as they are.
            </p>
          </>
        )
        : versions.length === 0
        ? (
          <EmptyState title="No version yet">
            Once the router was backed up, any of its versions can be restored.
          </EmptyState>
        )
        : (
          <>
            <p class="mb-3 text-text-2">
              Choose a version. What the router runs now is read and compared with it before
              anything is changed.
            </p>
            <ScrollArea label="Versions">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Read</th>
                    <th scope="col">RouterOS</th>
                    <th scope="col">State</th>
                  </tr>
                </thead>
                <tbody>
                  {versions.map(({ id, takenAt, routerosVersion, failedMenus }) => (
                    <tr key={id}>
                      <td>
                        <a
                          class="font-medium hover:underline"
                          href={`?version=${id}${source ? `&of=${source.id}` : ""}`}
                        >
                          <When at={takenAt} />
                        </a>
                      </td>
                      <td>{routerosVersion}</td>
                      <td>
                        {failedMenus.length > 0
                          ? <span class="text-warn">Partial: cannot be restored</span>
                          : "Whole"}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollArea>
          </>
        )}
    </DeviceFrame>
  );
});

function When({ at }: { at: string }) {
  return <time dateTime={at}>{local(at)}</time>;
}
