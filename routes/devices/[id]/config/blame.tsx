import { ConfigCauseLine } from "@/components/ConfigCauseLine.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import type { BlamedItem, ConfigBlame } from "@/core/contract/configs.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { page } from "@/web/define.ts";
import { data } from "../../../api_data.ts";
import { define } from "../../../define.ts";
import { may } from "../../../permit.ts";
import { readDevice } from "../../read_device.ts";
import { DeviceFrame } from "../(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const configs = api.devices[":id"].configs;
    const find = url.searchParams.get("find")?.trim() ?? "";
    const [device, { items: versions }] = await Promise.all([
      readDevice(api, id),
      data(configs.$get({ param: { id } })),
    ]);
    const wanted = url.searchParams.get("version");
    const version = versions.find((one) => one.id === wanted) ??
      versions.find(({ failedMenus }) => failedMenus.length === 0);
    const blame = version
      ? await data(configs[":version"].blame.$get({ param: { id, version: version.id } }))
      : undefined;
    return page({
      ...{ device, blame, find, renderedAt: Date.now() },
      mayEdit: may(me, "devices:write"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) =>
  `Who changed what on ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, blame, find, mayEdit, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Config" renderedAt={renderedAt}>
      {!blame
        ? (
          <EmptyState title="No backup yet">
            Who changed what follows from the versions that backups keep.
          </EmptyState>
        )
        : <Blame blame={blame} find={find} deviceId={device.id} />}
    </DeviceFrame>
  );
});

function Blame({ blame, find, deviceId }: {
  blame: ConfigBlame;
  find: string;
  deviceId: string;
}) {
  const { version, items, isCut, isWhole, lookedBackTo } = blame;
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = items.filter(({ menu, command }) => {
    const line = `${menu} ${menu.replaceAll("/", " ")} ${command}`.toLowerCase();
    return words.every((word) => line.includes(word));
  });
  const menus = Map.groupBy(shown, ({ menu }) => menu);
  return (
    <>
      <p class="mb-3 text-text-2">
        Every item of{" "}
        <a
          class="text-accent underline"
          href={`/devices/${deviceId}/config?version=${version.id}`}
        >
          <time dateTime={version.takenAt} title={utc(version.takenAt)}>
            {local(version.takenAt)}
          </time>
        </a>
        , and what brought or changed it last ·{" "}
        <a class="text-accent underline" href={`/devices/${deviceId}/config`}>All versions</a>
      </p>
      <form class="mb-4 flex flex-wrap gap-2" role="search">
        <input type="hidden" name="version" value={version.id} />
        <input
          type="search"
          class="field max-w-sm flex-1"
          name="find"
          value={find}
          placeholder="firewall nat dst-port=3389"
          aria-label="Find items"
        />
        <button type="submit" class="btn">Find</button>
      </form>
      {!isWhole && (
        <p class="mb-3 text-sm text-text-2">
          Looked back to{" "}
          <time dateTime={lookedBackTo} title={utc(lookedBackTo)}>{local(lookedBackTo)}</time>: what
          is older has no more to tell here.
        </p>
      )}
      {menus.size === 0 && (
        <p class="panel p-6 text-center text-text-2">No item fits. Try fewer words.</p>
      )}
      <div class="grid gap-4">
        {[...menus].map(([menu, own]) => (
          <section key={menu} class="panel" aria-label={menu}>
            <h2 class="mono border-b border-line px-4 py-2 text-base font-medium">{menu}</h2>
            <ul class="divide-y divide-line">
              {own.map((item, at) => (
                <li key={at} class="grid gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[1fr_19rem]">
                  <code class="break line-clamp-[12] text-sm">{item.command}</code>
                  <div class="break text-sm">
                    <Origin item={item} blame={blame} deviceId={deviceId} />
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {isCut && <p class="mt-3 text-text-2">There are more items than are shown here.</p>}
    </>
  );
}

function Origin({ item, blame, deviceId }: {
  item: BlamedItem;
  blame: ConfigBlame;
  deviceId: string;
}) {
  const [added, changed] = [item.added, item.changed].map((place) =>
    place === null ? undefined : blame.versions[place]
  );
  const last = changed ?? added;
  if (!last) {
    return (
      <span class="text-text-3">
        Before{" "}
        <time dateTime={blame.lookedBackTo} title={utc(blame.lookedBackTo)}>
          {local(blame.lookedBackTo)}
        </time>
      </span>
    );
  }
  const isSame = added?.id === last.id;
  return (
    <>
      <div>
        {isSame ? "Came" : "Changed"}{" "}
        <a
          class="text-accent underline"
          href={`/devices/${deviceId}/config?version=${last.id}`}
        >
          <time dateTime={last.takenAt} title={utc(last.takenAt)}>{local(last.takenAt)}</time>
        </a>
      </div>
      <ConfigCauseLine cause={last.cause} />
      {!isSame && added && (
        <div class="text-text-3">
          came{" "}
          <time dateTime={added.takenAt} title={utc(added.takenAt)}>{local(added.takenAt)}</time>
        </div>
      )}
    </>
  );
}
