import { EmptyState } from "@/components/EmptyState.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { PushTable } from "../../pushes/(_components)/PushTable.tsx";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const cursor = url.searchParams.get("cursor") ?? "";
    const [device, pushes] = await Promise.all([
      readDevice(api, id),
      data(api.pushes.$get({ query: { device: id, ...(cursor && { cursor }) } })),
    ]);
    return page({
      ...{ device, pushes, cursor, renderedAt: Date.now() },
      mayEdit: may(me, "devices:write"),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Changes of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { device, pushes: { items, nextCursor }, cursor, mayEdit, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Changes" renderedAt={renderedAt}>
      {items.length === 0
        ? (
          <EmptyState title="Nothing was pushed to this router">
            Changes that TOD makes of its configuration stand here, with what became of them.
          </EmptyState>
        )
        : <PushTable items={items} renderedAt={renderedAt} isOfOne />}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href="?">First page</a>}
        {nextCursor && (
          <a class="btn" href={`?cursor=${encodeURIComponent(nextCursor)}`}>Next page</a>
        )}
      </nav>
    </DeviceFrame>
  );
});
