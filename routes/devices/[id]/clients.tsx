import { EmptyState } from "@/components/EmptyState.tsx";
import { DEVICE_CLIENT_SORTS } from "@/core/contract/clients.ts";
import DeviceClients from "@/islands/clients/DeviceClients.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

const PAGE_SIZE = 100;

export const handler = define.handlers({
  async GET({ url, params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const q = url.searchParams.get("q") ?? "";
    const here = url.searchParams.get("here") === "true" ? "true" as const : "false" as const;
    const wanted = url.searchParams.get("sort");
    const sort = DEVICE_CLIENT_SORTS.find((name) => name === wanted) ?? "name";
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = { q, here, sort, limit: String(PAGE_SIZE), ...(cursor && { cursor }) };
    const [device, list] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].clients.$get({ param, query })),
    ]);
    const reload = `/api/devices/${param.id}/clients?${new URLSearchParams(query)}`;
    return page({
      ...{ device, list, q, here, sort, cursor, reload, renderedAt: Date.now() },
      mayEdit: may(me, "devices:write"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Clients of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, list, q, here, sort, cursor, reload, renderedAt, mayEdit } = data;
  const path = `/devices/${device.id}/clients`;
  const link = (changes: Record<string, string | undefined>) => {
    const all = { q, here: here === "true" ? here : "", sort, ...changes };
    const set = Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]);
    return set.length > 0 ? `${path}?${new URLSearchParams(set)}` : path;
  };
  const { counts } = list;
  const isEmpty = counts.here + counts.remembered === 0;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Clients" renderedAt={renderedAt}>
      {isEmpty
        ? (
          <EmptyState title="Nobody here">
            {list.sampledAt === null
              ? "This router has not been asked for its clients yet: that happens within five " +
                "minutes of its first reading."
              : "This router's ARP, DHCP, bridge, wireless and PPP tables are empty."}
          </EmptyState>
        )
        : (
          <>
            <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action={path}>
              <input
                type="search"
                name="q"
                value={q}
                class="field max-w-md flex-1"
                placeholder="Name, address, MAC, vendor, port or SSID"
                aria-label="Search the clients of this router"
              />
              {here === "true" && <input type="hidden" name="here" value="true" />}
              <input type="hidden" name="sort" value={sort} />
              <button type="submit" class="btn">Search</button>
              <span class="flex flex-wrap gap-1.5">
                <a
                  class="chip"
                  href={link({ here: undefined })}
                  aria-current={here === "true" ? undefined : "true"}
                >
                  All
                </a>
                <a
                  class="chip"
                  href={link({ here: "true" })}
                  aria-current={here === "true" ? "true" : undefined}
                >
                  Here now
                </a>
              </span>
            </form>
            <DeviceClients
              deviceId={device.id}
              initial={list}
              reload={reload}
              renderedAt={renderedAt}
              sorts={DEVICE_CLIENT_SORTS.map((key) => ({
                key,
                href: link({ sort: key }),
                isSorted: key === sort,
              }))}
            />
            <nav class="mt-3 flex gap-2" aria-label="Pages">
              {cursor && <a class="btn" href={link({})}>First page</a>}
              {list.nextCursor && (
                <a class="btn" href={link({ cursor: list.nextCursor })}>Next page</a>
              )}
            </nav>
          </>
        )}
    </DeviceFrame>
  );
});
